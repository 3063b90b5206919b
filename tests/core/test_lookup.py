"""Whoever only has the same name is never taken for the one who is meant."""

import pytest

from core.errors import BadInput
from core.lookup import member_anywhere, member_called, split_member
from core.people import Team
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople


async def two_teams() -> tuple[MemoryPeople, Team]:
    """A team with Anna, Ben and Bo Li, and another with a second Anna."""
    books = MemoryBooks(FakeClock())
    for op in (
        enrol(),
        enrol("ben"),
        enrol("bo", display_name="Bo Li"),
        enrol("anna-2", team="others", wallet="wal2", display_name="Anna"),
    ):
        await books.apply(op)
    people = MemoryPeople(books)
    return people, next(team for team in await people.teams() if team.id == "team")


@pytest.mark.parametrize("typed", ["ben", "@Ben", " BEN ", "test:team/ben"])
async def test_an_admin_means_somebody_of_their_team_and_the_operator_anybody(typed: str) -> None:
    people, team = await two_teams()
    find = member_anywhere(people, typed) if ":" in typed else member_called(people, team, typed)
    assert (await find).id == "ben"


async def test_of_another_team_only_the_operator_finds_somebody() -> None:
    people, team = await two_teams()
    assert (await member_called(people, team, "anna")).id == "anna"
    assert (await member_anywhere(people, "anna-2")).team.id == "others"
    with pytest.raises(BadInput, match=r'no member "anna-2"\. Members: Anna, Ben, Bo Li\.'):
        await member_called(people, team, "anna-2")
    with pytest.raises(BadInput, match='2 members are called "ANNA"; type the id of one'):
        await member_anywhere(people, "ANNA")


async def test_a_name_of_two_words_is_told_from_the_reason_after_it() -> None:
    people, team = await two_teams()
    assert await split_member(people, team, "bo li lost her key") == ("bo li", "lost her key")
    assert await split_member(people, team, "zoe lost her key") == ("zoe", "lost her key")
