"""/limit: one member by name, or everyone; never somebody who only has the same name."""

from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput, NotAllowed
from core.member_limits import MemberLimits
from core.people import Member, MonthLimit, Team
from core.periods import Calendar
from core.policy import Setting
from tests.bookkeeping import USD, enrol
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople, MemoryPolicies

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA = Member("anna", TEAM, "Anna", admin=True)
BEN = Member("ben", TEAM, "Ben")


async def limits(*everyone: Member) -> tuple[MemberLimits, MemoryBooks]:
    books = MemoryBooks(FakeClock())
    for member in everyone:
        await books.apply(enrol(member.id, display_name=member.display_name))
    return MemberLimits(books, MemoryPeople(books), MemoryPolicies(books), FakeClock()), books


async def months(books: MemoryBooks) -> dict[str, str]:
    """The monthly limits that are set, by whom they are for."""
    return {policy.target: policy.entries[Setting.MONTH].value for policy in await MemoryPolicies(books).all("team")}


async def test_sets_the_limit_of_a_member_whatever_the_case_of_the_name() -> None:
    desk, books = await limits(ANNA, BEN)
    assert await desk.set_month_limit(ANNA, "BEN", "2.50") == 2_500_000_000
    assert await months(books) == {"everyone": "5000000000", "member:ben": "2500000000"}


async def test_sets_everyones() -> None:
    desk, books = await limits(ANNA, BEN)
    await desk.set_month_limit(ANNA, "everyone", "0")
    assert await months(books) == {"everyone": "0"}


async def test_two_members_of_one_name_are_not_guessed_between() -> None:
    desk, books = await limits(ANNA, BEN, Member("ben2", TEAM, "ben"))
    with pytest.raises(BadInput, match='2 members are called "ben"'):
        await desk.set_month_limit(ANNA, "ben", "2")
    assert await months(books) == {"everyone": "5000000000"}


async def test_names_the_members_when_there_is_no_such_one() -> None:
    desk, _ = await limits(ANNA, BEN)
    with pytest.raises(BadInput, match='no member "cleo"'):
        await desk.set_month_limit(ANNA, "cleo", "2")


async def test_only_admins_change_limits() -> None:
    desk, _ = await limits(ANNA, BEN)
    with pytest.raises(NotAllowed):
        await desk.set_month_limit(BEN, "Ben", "2")
    assert await desk.of_team(BEN) == (MonthLimit(BEN, 5 * USD, own=False),)
