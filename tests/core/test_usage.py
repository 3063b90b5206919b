"""/usage: everybody's own numbers, admins the team's, beside the period before, and equal to a plain recomputation."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInput, NotAllowed
from core.people import Member
from core.periods import Period
from core.spending import SpendBy
from core.text.usage import usage_lines
from core.usage import Usages
from core.usage_asked import UsageAsked, Whose, asked_from
from tests.bookkeeping import USD, enrol
from tests.digesting import TeamOverWeeks, a_team
from tests.fakes import MemoryPeople
from tests.linking import link
from tests.memory_spending import MemorySpending

NOVEMBER = datetime(2026, 11, 18, 12, tzinfo=UTC)
"""A Wednesday."""
CENT = USD // 100
TITLES = {"test-model": "Test One"}


async def house() -> TeamOverWeeks:
    return await a_team(NOVEMBER)


def usages(team: TeamOverWeeks) -> Usages:
    return Usages(MemorySpending(team.books), MemoryPeople(team.books), team.clock)


async def member(team: TeamOverWeeks, name: str) -> Member:
    (theirs,) = await MemoryPeople(team.books).teams()
    return next(each for each in await MemoryPeople(team.books).members(theirs) if each.id == name)


async def says(team: TeamOverWeeks, name: str, typed: str = "") -> tuple[str, ...]:
    used = await usages(team).of(await member(team, name), asked_from(typed))
    return usage_lines(used, TITLES, lambda target: target.rpartition(":")[2])


async def test_a_member_reads_their_own_by_model_and_nothing_of_others() -> None:
    team = await house()
    await team.ask(40 * CENT, "ben")
    await team.ask(20 * CENT, "ben", model="other")
    await team.ask(5 * USD, "anna")
    assert await says(team, "ben") == (
        "You, since 1 November: 2 asks for 60 cents. By then last month: nothing.",
        "  Test One: 1 ask, 40 cents ████████████████",
        "  other: 1 ask, 20 cents ████████",
    )


async def test_an_empty_month_is_one_sentence() -> None:
    assert await says(await house(), "ben") == ("You, since 1 November: nothing asked yet.",)


async def test_a_week_is_put_beside_as_much_of_the_week_before() -> None:
    team = await house()
    team.clock.advance(-7 * 86_400 - 60)
    await team.ask(CENT, "ben")
    team.clock.advance(86_400)
    await team.ask(5 * CENT, "ben")  # after Wednesday noon: not compared with
    team.clock.advance(6 * 86_400 + 60)
    await team.ask(2 * CENT, "ben")
    team.clock.advance(1)
    assert (await says(team, "ben", "week"))[0] == (
        "You, since 16 November: 1 ask for 2 cents. By then last week: 1 ask for 1 cent."
    )
    assert (await says(team, "ben", "last week"))[0] == (
        "You, 9 to 15 November: 2 asks for 6 cents. The week before: nothing."
    )


async def test_an_ask_of_another_month_counts_in_that_one() -> None:
    team = await house()
    team.clock.advance(-18 * 86_400)
    await team.ask(3 * CENT, "ben")
    team.clock.advance(18 * 86_400)
    assert await says(team, "ben") == ("You, since 1 November: nothing asked yet.",)
    assert (await says(team, "ben", "last month"))[
        0
    ] == "You, October 2026: 1 ask for 3 cents. The month before: nothing."


async def test_an_admin_reads_the_teams_too_without_names_and_a_forecast() -> None:
    team = await house()
    await team.ask(USD, "ben")
    await team.ask(USD, "anna")
    said = await says(team, "anna")
    assert [line for line in said if not line.startswith("  ")] == [
        "You, since 1 November: 1 ask for $1.00. By then last month: nothing.",
        "The team, since 1 November: 2 asks for $2.00. By then last month: nothing.",
        "November: $2.00 so far. A forecast needs 3 whole days of use, and so far there is none.",
    ]
    assert not any("ben" in line.casefold() for line in said)
    assert (await says(team, "anna", "me"))[1:] == ("  Test One: 1 ask, $1.00 ████████████████",)


async def test_admins_see_who_spent_what_and_nobody_else_does() -> None:
    team = await house()
    await team.ask(USD, "ben")
    await team.ask(3 * USD, "anna")
    assert await says(team, "anna", "members") == (
        "The team, since 1 November: 2 asks for $4.00. By then last month: nothing.",
        "By member (admins see what people spend, not what they ask):",
        "  Anna: 1 ask, $3.00 ████████████████",
        "  Ben: 1 ask, $1.00 █████▎",
    )
    for typed in ("team", "members", "team tags last month"):
        with pytest.raises(NotAllowed, match="Only admins see what the team and others spend"):
            await says(team, "ben", typed)


async def test_two_accounts_of_one_person_are_one() -> None:
    team = await house()
    await team.books.apply(enrol("mia", workspace="other:1", identity="other:1/mia"))
    await team.ask(USD, "ben")
    await team.ask(USD, "mia")
    await link(team.books, "ben", "mia")
    people = MemoryPeople(team.books)
    identity = next(each for each in await people.identities("team") if each.key == "other:1/mia")
    assert identity.member_id == "ben"
    (used,) = await usages(team).of(Member("ben", (await people.teams())[0], "Ben", accounts=("mia",)))
    assert (used.total.asks, used.total.cost_nanos) == (2, 2 * USD)
    assert [line for line in await says(team, "anna", "members") if line.startswith("  ")] == [
        "  Ben: 2 asks, $2.00 ████████████████"
    ]


async def test_parts_are_told_by_name_and_add_up_to_the_sum() -> None:
    team = await house()
    for number in range(14):
        await team.ask((number + 1) * CENT, "ben", model=f"model-{number:02}")
    (used,) = await usages(team).of(await member(team, "ben"))
    assert sum(each.cost_nanos for each in used.parts[SpendBy.MODEL]) == used.total.cost_nanos == 105 * CENT
    assert (await says(team, "ben", "models"))[-1] == "  4 more: 4 asks, 10 cents"
    assert (await says(team, "ben", "channels"))[1] == "By channel:"


async def test_what_is_told_is_of_the_teams_own_time() -> None:
    team = await a_team(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), zone="Asia/Kolkata")
    team.clock.advance(-7 * 3600)
    await team.ask(USD, "ben")
    team.clock.advance(7 * 3600)
    assert (await says(team, "ben"))[0].startswith("You, since 1 December: nothing asked yet.")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", UsageAsked()),
        ("me", UsageAsked(Whose.ME)),
        ("TAGS week", UsageAsked(None, SpendBy.TAG, Period.WEEK)),
        ("last month team channels", UsageAsked(Whose.TEAM, SpendBy.CHANNEL, Period.MONTH, last=True)),
        ("members last week", UsageAsked(Whose.MEMBERS, None, Period.WEEK, last=True)),
    ],
)
def test_words_come_in_any_order(typed: str, asked: UsageAsked) -> None:
    assert asked_from(typed) == asked


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Ben", "Ben"),
        ("me team", "team"),
        ("last", "last"),
        ("last tags", "last"),
        ("week week", "week"),
        ("year", "year"),
    ],
)
def test_a_word_that_means_nothing_is_named(typed: str, word: str) -> None:
    with pytest.raises(BadInput, match=f'I do not know what "{word}" means there. Type /usage'):
        asked_from(typed)
