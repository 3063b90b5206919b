"""The fake and both real stores answer the same to the same operations."""

from collections.abc import AsyncIterator

import pytest

from adapters.store.database import open_store
from core.errors import OperationConflict
from core.operations import Enrol, Moved, Reason, Refund, Refused, TopUp
from core.ports import Books
from tests.fakes import FakeClock, MemoryBooks


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    """Each kind of books in turn, with a team whose wallet is `wal`."""
    if request.param == "memory":
        memory = MemoryBooks(FakeClock())
        await memory.apply(A_TEAM)
        yield memory
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await store.books.apply(A_TEAM)
        yield store.books


A_TEAM = Enrol(
    id="enrol",
    wallet_id="wal",
    team_id="team",
    member_id="anna",
    workspace="test:one",
    identity="test:one/anna",
    display_name="Anna",
    admin=True,
    team_name="Team",
    zone="UTC",
    demo=False,
    member_month_limit_nanos=5_000_000_000,
)


def top_up(op_id: str, nanos: int) -> TopUp:
    """A top-up by Anna."""
    return TopUp(id=op_id, wallet_id="wal", team_id="team", amount_nanos=nanos, actor="anna")


async def test_the_same_operation_is_done_once(books: Books) -> None:
    first = await books.apply(top_up("one", 25))
    again = await books.apply(top_up("one", 25))
    assert isinstance(first, Moved) and isinstance(again, Moved)
    assert again == first
    assert (first.replayed, again.replayed) == (False, True)
    assert again.balance_nanos == 25


async def test_the_same_id_with_other_fields_is_a_conflict(books: Books) -> None:
    await books.apply(top_up("one", 25))
    with pytest.raises(OperationConflict):
        await books.apply(top_up("one", 26))


async def test_a_refund_never_takes_more_than_its_top_up(books: Books) -> None:
    await books.apply(top_up("one", 25))
    await books.apply(top_up("two", 100))
    refund = Refund(id="back", wallet_id="wal", team_id="team", top_up_id="one", actor="anna")
    moved = await books.apply(refund)
    assert isinstance(moved, Moved) and (moved.amount_nanos, moved.balance_nanos) == (25, 100)
    again = await books.apply(Refund(id="back2", wallet_id="wal", team_id="team", top_up_id="one", actor="anna"))
    assert isinstance(again, Refused) and again.reason is Reason.NOTHING_LEFT
