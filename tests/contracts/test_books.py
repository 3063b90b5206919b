"""The fake and both real stores answer the same to the same operations, and have the same rows afterwards."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

import pytest
import pytest_asyncio

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.errors import OperationConflict
from core.operations import Operation, Refused
from core.ports import Books
from core.rows import KINDS, MemberRow, PolicyRow, Row, TeamRow
from core.together import beside_from
from tests.bookkeeping import books_of, claim, delivered, enrol, hold, line, month, settle, top_up
from tests.contracts.fuzz import TENANTS, Fuzz
from tests.fakes import START, FakeClock, MemoryBooks

OPERATIONS = 500
SEEDS = (1, 27)
"""Together they do an operation of every kind."""


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    """Each kind of books in turn, with a team whose wallet is `wal`."""
    if request.param == "memory":
        memory = MemoryBooks(FakeClock())
        await memory.apply(enrol())
        yield memory
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await store.books.apply(enrol())
        yield store.books


async def at_once(books: Books, operations: Sequence[Operation[Any]]) -> list[Any]:
    """What each operation answers, a conflict included, when all come at the same time."""
    return await asyncio.gather(*map(books.apply, operations), return_exceptions=True)


async def test_the_same_operation_is_done_once(books: Books) -> None:
    first = await books.apply(top_up("one", 25))
    again = await books.apply(top_up("one", 25))
    assert not isinstance(first, Refused) and not isinstance(again, Refused)
    assert again == first
    assert (first.replayed, again.replayed, again.balance_nanos) == (False, True, 25)


async def test_the_same_id_with_other_fields_is_a_conflict(books: Books) -> None:
    await books.apply(top_up("one", 25))
    with pytest.raises(OperationConflict):
        await books.apply(top_up("one", 26))


async def test_copies_that_come_at_once_are_done_once(books: Books) -> None:
    outcomes = await at_once(books, [top_up("one", 25)] * 20)
    assert sorted(outcome.replayed for outcome in outcomes) == [False, *[True] * 19]
    assert {outcome.balance_nanos for outcome in outcomes} == {25}


async def test_a_conflict_among_others_leaves_them_alone(books: Books) -> None:
    await books.apply(top_up("one", 25))
    first, conflict, last = await at_once(books, [top_up("two", 1), top_up("one", 99), top_up("three", 2)])
    assert isinstance(conflict, OperationConflict)
    assert (first.balance_nanos, last.balance_nanos) == (26, 28)


async def test_everything_may_come_at_once_for_somebody_new(books: Books) -> None:
    outcomes = await at_once(
        books,
        [
            enrol("ben"),
            top_up("one", 25),
            claim("a", member="ben"),
            hold("a", 20, month(20, "ben")),
            settle("a", line(20)),
            delivered("a", member_id="ben"),
        ],
    )
    assert not any(isinstance(outcome, Refused | Exception) for outcome in outcomes)


async def test_money_for_one_is_held_by_one(books: Books) -> None:
    await books.apply(top_up("one", 100))
    asks = [f"a{number}" for number in range(20)]
    await at_once(books, [claim(ask) for ask in asks])
    outcomes = await at_once(books, [hold(ask, 100) for ask in asks])
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [False, *[True] * 19]


# --- any operations in any order ---


_MOMENT = re.compile(r"at_ms\"?[=:]\d+")
"""When something was set: each kind of books has its own clock."""


def in_words(outcome: Any) -> str:
    """An outcome with all its fields, whether it was replayed included; of a conflict only that it is one."""
    words = type(outcome).__name__ if isinstance(outcome, Exception) else repr(outcome)
    return _MOMENT.sub("at_ms", words)


def without_times(row: Row) -> dict[str, Any]:
    """A row in which moments only say whether they have come: each kind of books has its own clock."""
    values = {name: bool(value) if name.endswith("_ms") else value for name, value in asdict(row).items()}
    if isinstance(row, TeamRow):
        return values | {"zones": [name for name in row.zones.split() if not name.isdigit()]}
    if isinstance(row, MemberRow):
        return values | {
            "counts_with": [(b.member_id, bool(b.until_ms), b.leads) for b in beside_from(row.counts_with)]
        }
    return values | {"entries": _MOMENT.sub("at_ms", row.entries)} if isinstance(row, PolicyRow) else values


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_same_operations_make_the_same_books_everywhere(
    seed: int, sqlite_url: str, postgres_url: str
) -> None:
    memory = MemoryBooks(FakeClock())
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(url)) for url in (sqlite_url, postgres_url)]
        for store in stores:  # until when accounts that part count together is told by each one's own clock
            store.driver.clock_offset_ms = int(START.timestamp() * 1000) - await store.now_ms()
        everyone: list[Operation[Any]] = [enrol(who, team=team, wallet=wal) for who, (team, wal) in TENANTS.items()]
        for batch in (everyone, *Fuzz(seed, OPERATIONS).batches()):
            expected = [in_words(outcome) for outcome in await at_once(memory, batch)]
            for store in stores:
                assert [in_words(outcome) for outcome in await at_once(store.books, batch)] == expected
        for store in stores:
            real = await books_of(store)
            for kind in KINDS:
                assert [*map(without_times, real[kind.table])] == [*map(without_times, memory.rows(kind))]
            assert (await audit(store)).violations == ()


async def test_operations_of_every_kind_are_tried_and_done() -> None:
    done = set()
    for seed in SEEDS:
        books = MemoryBooks(FakeClock())  # its own: the ids of every seed are the same
        for member, (team, wallet) in TENANTS.items():
            await books.apply(enrol(member, team=team, wallet=wallet))
        for batch in Fuzz(seed, OPERATIONS).batches():
            for operation, outcome in zip(batch, await at_once(books, batch), strict=True):
                if not isinstance(outcome, Refused | Exception):
                    done.add(type(operation).__name__)
    # a month, or a day, would have to pass: tests/core/ledger/test_privacy.py and test_presses.py let it
    never = {
        "LetGo",
        "ErasePress",
        "TakeLease",
        "GiveLeaseUp",
        "JoinTeams",
        "RecordBill",  # tests/contracts/test_charges.py
    }  # tests/contracts/test_leases.py, tests/core/test_team_linking.py
    assert done >= {kind.__name__ for kind in Operation.__subclasses__()} - never
