"""Who is meant by a name, and what is said when it is nobody or several."""

from dataclasses import dataclass, replace

import pytest

from core.errors import BadInput, NotAllowed
from core.freezing import Freezing
from core.people import Identity
from core.rows import MemberRow, TeamRow
from core.text.freezing import changed_lines, who_is_frozen
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, MemoryActs, MemoryBooks, MemoryPeople


@dataclass
class Desk:
    """Two teams, and an Anna in each."""

    books: MemoryBooks
    people: MemoryPeople
    freezing: Freezing

    def frozen(self) -> set[str]:
        kinds: tuple[type[TeamRow] | type[MemberRow], ...] = (TeamRow, MemberRow)
        return {row.id for kind in kinds for row in self.books.rows(kind) if row.frozen}


async def desk() -> Desk:
    books = MemoryBooks(FakeClock())
    for op in (enrol(), enrol("ben"), enrol("anna-2", team="others", wallet="wal2", display_name="Anna")):
        await books.apply(op)
    people = MemoryPeople(books)
    return Desk(books, people, Freezing(books, people, MemoryActs(books), FakeClock()))


async def test_everybody_is_every_team() -> None:
    at = await desk()
    done = await at.freezing.everybody(frozen=True)
    assert at.frozen() == {"team", "others"}
    assert [each.changed for each in done] == [True, True]
    pauses = [pause for team in await at.people.teams() for pause in await at.freezing.standing(team)]
    since = "by the operator since 21 November, 12:00 (UTC)"
    assert who_is_frozen(pauses) == (
        f"Asking is paused for all of Others {since}. Asking is paused for all of Team {since}."
    )


async def test_a_name_that_two_teams_have_is_not_guessed() -> None:
    at = await desk()
    with pytest.raises(
        BadInput, match=r'2 members are called "Anna"; .*: Anna of Others \(anna-2\), Anna of Team \(an'
    ):
        await at.freezing.member("Anna", frozen=True)
    await at.freezing.member("test:others/anna-2", frozen=True)
    await at.freezing.member("ben", frozen=True)
    assert at.frozen() == {"anna-2", "ben"}


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("team", r'There is no team "x"\. There is: Others \(others\), Team \(team\)\.'),
        ("member", r'There is no member "x"\. There is: Anna of Others \(anna-2\), Anna of Team \(anna\), Ben of Team'),
    ],
)
async def test_a_name_that_nobody_has_lists_those_there_are(kind: str, says: str) -> None:
    at = await desk()
    with pytest.raises(BadInput, match=says):
        await getattr(at.freezing, kind)("x", frozen=True)
    assert at.frozen() == set()


async def test_what_is_so_already_is_said_to_be() -> None:
    at = await desk()
    done = await at.freezing.team("team", frozen=False)
    assert changed_lines([done], frozen=False) == ("Team: asking was not paused; nothing changed.",)
    await at.freezing.team("team", frozen=True)
    again = await at.freezing.team("team", frozen=True)
    assert changed_lines([again], frozen=True)[0] == "Team: asking was paused already; nothing changed."


async def test_says_who_stays_frozen() -> None:
    at = await desk()
    await at.freezing.team("team", frozen=True)
    await at.freezing.member("ben", frozen=True)
    team = await at.freezing.team("team", frozen=False)
    assert changed_lines([team], frozen=False) == (
        "Team: asking goes on.",
        "Still paused one by one: Ben.",
    )
    await at.freezing.team("team", frozen=True)
    ben = await at.freezing.member("ben", frozen=False)
    assert changed_lines([ben], frozen=False)[1] == "But it is still paused for the whole team Team."


async def test_who_was_an_admin_when_they_opened_it_is_told_that_they_are_none() -> None:
    at = await desk()
    ben = await at.people.find(Identity("test", "team", "ben", ""))
    assert ben is not None
    for stale in (at.freezing.pause, at.freezing.resume):
        with pytest.raises(NotAllowed, match="You are no admin any more"):
            await stale(replace(ben, admin=True), "Anna")
    assert at.frozen() == set()


def test_empty_books_have_nobody_to_freeze() -> None:
    assert changed_lines([], frozen=True) == ("There are no teams in these books yet.",)
