"""Own numbers by direct message: with each digest, once, for whoever wants them, and for nobody who left."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from core.errors import BooksDamaged
from core.own_weeks import OwnWeeks
from core.people import Identity
from core.ports import PersonalData
from core.preferred import WEEKLY
from core.rows import MemberRow, NoticeRow, PreferenceRow
from tests.bookkeeping import USD, enrol, prefer, set_gone
from tests.digesting import MemoryDigests, TeamOverWeeks, a_team
from tests.fakes import MemoryBooks, MemoryPeople
from tests.forgetting import forget
from tests.linking import link
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_spending import MemorySpending

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
CENT = USD // 100
A_DAY = 86_400


class Accounts:
    """The further accounts of a person, of books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def accounts(self, member_id: str) -> tuple[str, ...]:
        return tuple(row.id for row in self._books.rows(MemberRow) if row.same_as == member_id)


def process(team: TeamOverWeeks) -> OwnWeeks:
    """One more process that runs the rounds."""
    return OwnWeeks(
        team.books,
        MemorySpending(team.books),
        MemoryPeople(team.books),
        personal=cast(PersonalData, Accounts(team.books)),
        preferred=MemoryPreferences(team.books),
        weeks=MemoryDigests(team.books),
        catalogue=team.models,
        clock=team.clock,
    )


async def wants(team: TeamOverWeeks, name: str) -> None:
    await team.books.apply(prefer(f"weekly-{name}", WEEKLY, "on", owner=name, actor=name))


async def next_digest(team: TeamOverWeeks, days: int = 1) -> None:
    team.clock.advance(days * A_DAY)
    assert await team.digests().run() == 1


def told(team: TeamOverWeeks, **of: Any) -> list[NoticeRow]:
    return [row for row in team.books.rows(NoticeRow) if row.kind == "own_week"]


async def a_week() -> TeamOverWeeks:
    """Ben wants his numbers, Anna does not; both asked on Sunday."""
    team = await a_team(SUNDAY)
    await wants(team, "ben")
    await team.ask(30 * CENT, "ben")
    await team.ask(5 * USD, "anna")
    return team


async def test_who_wants_it_reads_their_own_week_alone_and_once() -> None:
    team = await a_week()
    assert await process(team).run() == 0  # not before the digest
    await next_digest(team)
    replicas = [process(team) for _ in range(3)]
    assert [await each.run() for each in (*replicas, *replicas)] == [1, 0, 0, 0, 0, 0]
    (notice,) = told(team)
    assert notice.member_id == "ben"
    assert notice.words.split("\n") == [
        "You, 16 to 22 November: 1 ask for 30 cents. The week before: nothing.",
        f"  Test Model: 1 ask, 30 cents {'█' * 16}",
        "Only you read this. /usage weekly off ends it.",
    ]


async def test_nobody_but_them_is_told() -> None:
    team = await a_week()
    await next_digest(team)
    await process(team).run()
    notices = MemoryNotices(team.books, team.clock)
    assert "own_week" not in {due.kind for due in await notices.due("test", ["team"])}
    (due,) = await notices.due_to_members("test", ["team"])
    assert due.to == Identity("test", "team", "ben", "Ben")


async def test_every_week_has_its_own_and_an_empty_one_sends_nothing() -> None:
    team = await a_week()
    await next_digest(team)
    rounds = process(team)
    assert await rounds.run() == 1
    await team.ask(USD, "anna")
    await next_digest(team, days=7)
    assert await rounds.run() == 0
    await team.ask(USD, "ben")
    await next_digest(team, days=7)
    assert await rounds.run() == 1


async def test_who_left_or_was_forgotten_gets_none() -> None:
    team = await a_week()
    await wants(team, "anna")
    await team.books.apply(set_gone("left", "anna"))
    await team.books.apply(forget("bye", "ben"))
    await next_digest(team)
    assert await process(team).run() == 0


async def test_two_accounts_get_one_message_of_both() -> None:
    team = await a_week()
    await team.books.apply(enrol("mia", workspace="other:1", identity="other:1/mia"))
    await wants(team, "mia")
    await team.ask(20 * CENT, "mia")
    await link(team.books, "ben", "mia")
    await next_digest(team)
    assert await process(team).run() == 1
    (notice,) = told(team)
    assert (notice.member_id, "2 asks for 50 cents" in notice.words) == ("ben", True)


async def test_what_one_member_chose_and_nobody_can_read_keeps_no_other_from_their_numbers() -> None:
    team = await a_week()
    team.books.has(PreferenceRow(id="anna", team_id="team", entries="[]"))
    await next_digest(team)
    rounds = process(team)
    with pytest.raises(BooksDamaged):
        await rounds.run()
    assert [row.member_id for row in told(team)] == ["ben"]
    assert await rounds.run() == 0
