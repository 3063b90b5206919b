"""Whether the books slow down as they grow: a hold, a settlement and a balance, in books of several sizes in turn."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from adapters.store.database import Store, open_store
from adapters.store.reports import StoreReports
from benchmarks.databases import NewDatabase
from benchmarks.grown_books import grow
from benchmarks.measure import percentile
from benchmarks.table import Table, at_most, number
from benchmarks.team import Latencies, Team, book_one_ask
from bot.clock import SystemClock

TIMES_AT_MOST = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: asks booked and balances read in each round, in books of each size."""

    entries: tuple[int, ...] = (1_000, 100_000)
    """The first is what the others are compared with."""
    rounds: int = 20
    asks: int = 100
    balances: int = 5


FULL = Size()


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Books of one size, and how long things took in them, in seconds."""

    entries: int
    grown_in_seconds: float
    store: Store
    team: Team
    latencies: Latencies = field(default_factory=Latencies)
    balance: list[float] = field(default_factory=list)


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """p50 and p99 of each, and how many times those of the smallest books."""
    async with AsyncExitStack() as stack:
        every = [await stack.enter_async_context(_grown(new_database, entries)) for entries in size.entries]
        for each_round in range(-1, size.rounds):  # the first one warms the caches up
            for books in every:
                await _one_round(books, size)
                if each_round < 0:
                    _forget(books)
    seconds = {
        "hold": [books.latencies.hold for books in every],
        "settle": [books.latencies.settle for books in every],
        "balance": [books.balance for books in every],
    }
    rows = (
        row
        for what, each in seconds.items()
        for row in _rows(what, dict(zip(size.entries, each, strict=True)), judged=what == "hold")
    )
    made = ", ".join(f"{books.entries:,} in {number(books.grown_in_seconds)} s" for books in every)
    return [
        Table(
            title=f"How long it takes in books of so many entries, {kind}",
            heading=("what", "entries", "p50", "p99", "p50 against the smallest", "p99 against the smallest"),
            rows=tuple(rows),
            notes=(f"One caller. Rows were made by SQL: {made}.",),
        )
    ]


@asynccontextmanager
async def _grown(new_database: NewDatabase, entries: int) -> AsyncIterator[Books]:
    url, began = await new_database("growth"), time.perf_counter()
    grown = await grow(url, entries=entries, name=f"grown{entries}")
    took = time.perf_counter() - began
    team = Team(id=grown.team_id, wallet_id=grown.wallet_id, member_ids=grown.member_ids)
    async with open_store(url) as store:
        yield Books(entries=entries, grown_in_seconds=took, store=store, team=team)


async def _one_round(books: Books, size: Size) -> None:
    members = books.team.member_ids
    for each in range(size.asks):
        await book_one_ask(books.store.books, books.team, members[each % len(members)], books.latencies)
    reports = StoreReports(books.store, SystemClock())
    for _ in range(size.balances):
        began = time.perf_counter()
        await reports.wallet(books.team.wallet_id)
        books.balance.append(time.perf_counter() - began)


def _forget(books: Books) -> None:
    for values in (books.latencies.hold, books.latencies.settle, books.balance):
        values.clear()


def _rows(what: str, by_size: dict[int, list[float]], *, judged: bool) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    smallest: list[float] = []
    for entries, seconds in by_size.items():
        took = [percentile(seconds, share) for share in (0.5, 0.99)]
        times = [value / least for value, least in zip(took, smallest, strict=True)] if smallest else []
        smallest = smallest or took
        compared = [at_most(ratio, TIMES_AT_MOST) if judged else f"{number(ratio)}x" for ratio in times]
        rows.append((what, f"{entries:,}", *(f"{number(value * 1000)} ms" for value in took), *(compared or ("", ""))))
    return rows
