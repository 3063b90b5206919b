"""/admin add, remove and list, and /admin restore: by name, with why, and never nobody."""

import asyncio
from dataclasses import dataclass

import pytest
import pytest_asyncio

from core.admins import Admins
from core.departures import Departures
from core.errors import BadInput, NotAllowed
from core.operator_lists import OperatorLists
from core.people import AdminBecause, Identity, Member
from core.rows import MemberRow, NoticeRow
from core.text.admins import admin_changed, admin_lines
from tests.bookkeeping import enrol, note_identity, set_admin
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople

CARL = Identity("test", "team", "carl", "Carl")


@dataclass
class Office:
    """Anna and Ben, made admins in the chat; Carl, by the platform; Dora, by the operator; and Eve."""

    books: MemoryBooks
    people: MemoryPeople
    admins: Admins
    departures: Departures

    async def who(self, name: str) -> Member:
        member = await self.people.find(Identity("test", "team", name, ""))
        assert member is not None
        return member

    def made(self) -> list[str]:
        return [row.id for row in self.books.rows(MemberRow) if row.admin]


@pytest_asyncio.fixture
async def office() -> Office:
    books, clock = MemoryBooks(FakeClock()), FakeClock()
    for name in ("anna", "ben", "carl", "dora", "eve"):
        await books.apply(enrol(name))
    await books.apply(set_admin("ben", "ben"))
    await books.apply(note_identity("carl", "carl"))
    people = MemoryPeople(books)
    listed = OperatorLists(admins=frozenset({"test:team/dora"}))
    return Office(books, people, Admins(books, people, clock, listed), Departures(books, people, clock))


async def test_lists_who_is_an_admin_and_why(office: Office) -> None:
    assert admin_lines(await office.admins.everyone(await office.who("eve"))) == (
        "Anna: made one here",
        "Ben: made one here",
        "Carl: the platform says so",
        "Dora: whoever runs Chipin lists them",
    )


async def test_two_who_remove_each_other_at_once_leave_one(office: Office) -> None:
    anna, ben = await office.who("anna"), await office.who("ben")
    done = await asyncio.gather(
        office.admins.remove(anna, "Ben"), office.admins.remove(ben, "Anna"), return_exceptions=True
    )
    assert [type(each).__name__ for each in done] == ["AdminChange", "NotAllowed"]
    assert office.made() == ["anna"]


async def test_what_somebody_else_gives_is_said_with_where_to_change_it(office: Office) -> None:
    anna = await office.who("anna")
    carl = await office.admins.remove(anna, "Carl")
    assert (carl.changed, carl.still) == (False, (AdminBecause.PLATFORM,))
    dora = admin_changed(await office.admins.remove(anna, "Dora"))
    assert dora == (
        "Dora is an admin all the same: ADMINS names them; whoever runs Chipin can change that. Nothing changed."
    )
    assert admin_changed(await office.admins.remove(anna, "Eve")) == "Eve is no admin; nothing changed."


async def test_the_last_of_all_stays(office: Office) -> None:
    anna, ben = await office.who("anna"), await office.who("ben")
    await office.departures.left(CARL)
    await office.admins.remove(anna, "Ben")
    with pytest.raises(BadInput, match="Anna is the last admin"):
        await office.admins.remove(anna, "Anna")
    with pytest.raises(NotAllowed, match="You are no admin any more"):
        await office.admins.add(ben, "Eve")


async def test_plain_members_change_nothing(office: Office) -> None:
    eve = await office.who("eve")
    for act in (office.admins.add, office.admins.remove, office.departures.restore):
        with pytest.raises(NotAllowed, match=r"Only admins of the team .* Nothing was changed\."):
            await act(eve, "Ben")
    assert office.made() == ["anna", "ben"]


async def test_a_name_that_two_have_is_not_guessed(office: Office) -> None:
    await office.books.apply(enrol("eve-2", display_name="Eve"))
    anna = await office.who("anna")
    with pytest.raises(BadInput, match='2 members are called "Eve"; type the id of one: eve, eve-2'):
        await office.admins.add(anna, "@Eve")
    await office.admins.add(anna, "eve-2")
    assert office.made() == ["anna", "ben", "eve-2"]


async def test_a_departure_is_news_once_and_tells_the_admins_once(office: Office) -> None:
    said = [await office.departures.left(CARL) for _ in range(3)]
    nobody = await office.departures.left(Identity("test", "team", "zoe", "Zoe"))
    assert (said, nobody) == ([True, False, False], False)
    assert [row.kind for row in office.books.rows(NoticeRow)] == ["departed"]
    anna = await office.who("anna")
    with pytest.raises(BadInput, match=r"Carl has left\. /admin restore Carl comes first\."):
        await office.admins.add(anna, "Carl")
    _, changed = await office.departures.restore(anna, "Carl")
    carl = await office.who("carl")
    assert (changed, carl.suspended, carl.gone) == (True, False, True)
    assert await office.departures.back(CARL)
    assert not (await office.who("carl")).gone
