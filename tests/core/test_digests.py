"""Every week of a team is told once: whoever looks, however often, and whatever was down meanwhile."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.chart import chart_from
from core.digest.schedule import MONDAY_MORNING
from core.digests import Digests
from core.errors import BooksDamaged, NotAllowed
from core.people import Member, Team
from core.periods import Calendar, Period
from core.preferred import DIGEST_AT, DIGEST_IN, DIGEST_SEAT
from core.rows import PreferenceRow
from tests.bookkeeping import USD, enrol, reverse
from tests.digesting import TeamOverWeeks, a_team

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
_ASKS_TOLD = re.compile(r"^(?=\d+ asks? by)(\d+)|(?<=, )(\d+)(?= asks?\.$)", re.MULTILINE)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""The digest of week 47 is due."""


async def at(now: datetime, **fields: str) -> TeamOverWeeks:
    """A team, and a clock at some moment."""
    return await a_team(now, **fields)


def go_to(team: TeamOverWeeks, now: datetime) -> None:
    team.clock.advance((now - team.clock.now()).total_seconds())


async def test_a_week_is_posted_when_it_is_due_and_not_before() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(2 * USD)
    go_to(team, MONDAY - MINUTE)
    assert await team.digests().run() == 0
    go_to(team, MONDAY)
    assert await team.digests().run() == 1
    (notice,) = team.told()
    assert notice.words.startswith("Week of 16 to 22 November: $2.00 spent, in your first week.")
    assert [bar.nanos for bar in chart_from(notice.chart).bars] == [0, 0, 0, 0, 2 * USD, 0, 0]


async def test_however_many_processes_look_however_often_a_week_is_posted_once() -> None:
    team = await at(MONDAY - 3 * DAY)
    replicas = [team.digests() for _ in range(3)]
    for week in range(50):
        await team.ask(USD)
        go_to(team, MONDAY + week * WEEK)
        for _ in range(3):
            assert sum([await replica.run() for replica in replicas]) == (1 if _ == 0 else 0)
            team.clock.advance(3600)
    assert len(team.told()) == 50
    assert [row.weeks for row in team.weeks()] == [1] * 50


@pytest.mark.parametrize(
    ("down", "folded"),
    [(MINUTE, 0), (26 * HOUR, 0), (3 * WEEK - MINUTE, 2), (3 * WEEK, 3)],
    ids=["a minute", "26 hours", "almost three weeks", "three weeks"],
)
async def test_after_a_time_without_chipin_there_is_one_digest_and_nothing_is_lost(
    down: timedelta, folded: int
) -> None:
    team = await at(MONDAY - WEEK - 3 * DAY)
    await team.ask(USD)
    go_to(team, MONDAY - WEEK)
    await team.digests().run()
    for week, cost in enumerate((2, 4, 8, 16)[: folded + 1]):
        go_to(team, MONDAY - 3 * DAY + week * WEEK)
        await team.ask(cost * USD)
    go_to(team, MONDAY + down)
    assert [await team.digests().run() for _ in range(2)] == [1, 0]
    first, newest = team.weeks()
    assert (newest.weeks, newest.start_ms) == (1 + folded, first.end_ms)
    (_, notice) = team.told()
    assert f": ${2 ** (folded + 1)}.00 spent" in notice.words
    earlier = {0: "", 2: "2 earlier weeks that no digest told of", 3: "3 earlier weeks that no digest told of"}[folded]
    in_all = f": ${sum((2, 4, 8)[:folded])}.00, {folded} asks."
    assert (earlier in notice.words, notice.words.endswith(in_all)) == (True, bool(folded))


async def test_a_time_without_chipin_before_the_first_digest_loses_nothing_either() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(2 * USD)
    go_to(team, MONDAY + 3 * WEEK)
    assert await team.digests().run() == 1
    ((week,), (notice,)) = team.weeks(), team.told()
    assert (week.weeks, notice.words.endswith(": $2.00, 1 ask.")) == (4, True)


async def test_whenever_it_was_down_every_ask_is_in_exactly_one_digest() -> None:
    team, chance, asked = await at(datetime(2026, 9, 18, 12, tzinfo=UTC), zone="Europe/Berlin"), Random(8), 0
    for _ in range(26):
        for _ in range(chance.randint(0, 3)):
            team.clock.advance(chance.randint(1, 60 * 3600))
            await team.ask(USD, chance.choice(["anna", "ben"]))
            asked += 1
        if chance.random() < 0.4:  # it runs now; else it is down, perhaps for weeks
            await team.digests().run()
    team.clock.advance(WEEK.total_seconds() + 3 * DAY.total_seconds())
    await team.digests().run()
    counted = [int(found[0]) for row in team.told() for found in _ASKS_TOLD.finditer(row.words)]
    assert sum(counted) == asked > 20
    assert sum(row.weeks for row in team.weeks()) > len(team.weeks()) > 3
    assert all(one.end_ms == following.start_ms for one, following in pairwise(team.weeks()))


async def test_a_team_that_never_asked_gets_none_until_after_the_week_of_its_first_ask() -> None:
    team = await at(MONDAY - 3 * WEEK)
    await team.digests().run()
    go_to(team, MONDAY + HOUR)
    await team.ask(USD)
    assert await team.digests().run() == 0  # the week before was nobody's
    assert (await team.digests().standing(await team.team())).next_at == MONDAY + WEEK
    go_to(team, MONDAY + WEEK)
    assert await team.digests().run() == 1


async def test_an_empty_week_is_one_line() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(USD)
    go_to(team, MONDAY)
    await team.digests().run()
    go_to(team, MONDAY + WEEK)
    await team.digests().run()
    (_, notice) = team.told()
    assert notice.words == (
        "Week of 23 to 29 November: nothing was asked (the week before: 1 ask for $1.00). "
        "Team wallet: $899.00, enough for more than a year."
    )
    go_to(team, MONDAY + 2 * WEEK)
    await team.digests().run()
    assert team.told()[-1].words.startswith("Week of 30 November to 6 December: nothing was asked. Team wallet: ")
    assert not team.told()[-1].chart


async def test_what_is_given_back_later_changes_no_week_that_was_told() -> None:
    team = await at(MONDAY - 3 * DAY)
    given_back = await team.ask(3 * USD)
    go_to(team, MONDAY)
    await team.digests().run()
    await team.books.apply(reverse(given_back))
    await team.ask(USD, "ben")
    go_to(team, MONDAY + WEEK)
    await team.digests().run()
    words = team.told()[-1].words
    assert "$1.00 spent, 67% less than the week before ($3.00)." in words
    assert "Given back to the team: $3.00." in words


async def test_it_comes_when_and_where_admins_say_and_not_at_all_when_it_is_off() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(USD)
    await team.likes(DIGEST_AT, "Friday 17:00")
    await team.likes(DIGEST_IN, "slack T1 C1")
    await team.likes(DIGEST_SEAT, str(20 * USD))
    go_to(team, MONDAY + DAY)
    assert await team.digests().run() == 0
    standing = await team.digests().standing(await team.team())
    assert standing.next_at == MONDAY + 4 * DAY + 8 * HOUR
    go_to(team, standing.next_at)
    assert await team.digests().run() == 1
    (notice,) = team.told()
    assert (notice.workspace, notice.channel) == ("slack:T1", "C1")
    await team.likes(DIGEST_AT, "off")
    go_to(team, MONDAY + 4 * WEEK)
    assert await team.digests().run() == 0
    assert (await team.digests().standing(await team.team())).next_at is None


async def test_a_team_in_berlin_reads_it_at_nine_by_its_own_clock_in_summer_and_winter() -> None:
    team = await at(datetime(2026, 10, 16, 12, tzinfo=UTC), zone="Europe/Berlin")
    posted = []
    for _ in range(3 * 7 * 48):
        team.clock.advance(1800)
        if team.clock.now().weekday() == 4 and team.clock.now().hour == 12:
            await team.ask(1_000)
        if await team.digests().run():
            posted.append(team.clock.now())
    assert [moment.astimezone(ZoneInfo("Europe/Berlin")).isoformat() for moment in posted] == [
        "2026-10-19T09:00:00+02:00",
        "2026-10-26T09:00:00+01:00",
        "2026-11-02T09:00:00+01:00",
    ]
    assert [(row.end_ms - row.start_ms) // 3_600_000 for row in team.weeks()] == [168, 169, 168]


async def test_the_week_that_runs_is_posted_beside_the_same_stretch_of_the_last_one_and_its_own_comes_too() -> None:
    team = await at(MONDAY - 7 * DAY)
    await team.likes(DIGEST_IN, "slack T1 C1")
    await team.ask(2 * USD)
    go_to(team, MONDAY - 3 * DAY)
    await team.ask(5 * USD)
    go_to(team, MONDAY + HOUR)
    await team.ask(USD, "ben")
    team.clock.advance(60)
    for key in ("typed", "typed", "typed again"):
        await team.digests().post_now(await team.team(), key)
    first, again = team.told()
    assert first.words.startswith(
        "This week so far, since 23 November: $1.00 spent, 50% less than by this time last week ($2.00)."
    )
    assert (first.kind, first.workspace, first.channel, first.words) == ("digest", "slack:T1", "C1", again.words)
    assert not team.weeks()
    assert await team.digests().run() == 1


async def test_a_preview_says_what_the_digest_says_and_posts_nothing() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(2 * USD)
    go_to(team, MONDAY)
    shown = await team.digests().preview(await team.team())
    assert not team.told()
    await team.digests().run()
    assert team.told()[0].words == "\n".join(shown.lines)


async def test_another_teams_spending_is_in_no_digest_but_its_own() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.ask(2 * USD)
    await team.books.apply(enrol("zoe", team="others", wallet="wal2"))
    go_to(team, MONDAY)
    assert await team.digests().run() == 1
    assert [row.team_id for row in team.told()] == ["team"]


def test_only_admins_see_it_by_command() -> None:
    team = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
    with pytest.raises(NotAllowed, match="Only admins"):
        Digests.require_admin(Member("ben", team, "Ben"))
    Digests.require_admin(Member("anna", team, "Anna", admin=True))
    assert team.calendar.label(Period.WEEK, MONDAY) == "2026-W48"
    assert str(MONDAY_MORNING) == "Monday 09:00"


async def test_a_team_whose_settings_cannot_be_read_keeps_no_other_from_its_digest() -> None:
    team = await at(MONDAY - 3 * DAY)
    await team.books.apply(enrol("zoe", team="another", wallet="wal2"))
    team.books.has(PreferenceRow(id="another", team_id="another", entries="{"))
    await team.ask(2 * USD)
    go_to(team, MONDAY)
    with pytest.raises(BooksDamaged, match="cannot be read"):
        await team.digests().run()
    assert [notice.team_id for notice in team.told()] == ["team"]
