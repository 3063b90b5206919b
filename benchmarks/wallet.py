"""How much bookkeeping one wallet takes: claim, hold, settle, confirm delivery, by many callers at once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from adapters.store.audit import audit
from adapters.store.database import open_store
from adapters.store.writer import MAX_BATCH
from benchmarks.databases import NewDatabase
from benchmarks.measure import in_turn, percentile
from benchmarks.session_books import open_session_books
from benchmarks.table import Table, at_least, at_most, number
from benchmarks.team import Latencies, Team, book_one_ask, make_team
from core.ports import Books

GROUPED, ALONE, SESSION = "grouped", "one transaction each", "SQLModel session"
AT_LEAST_TIMES_ALONE = {"SQLite": 6, "PostgreSQL": 8}
AT_LEAST_TIMES_SESSION = 20
HOLD_P99_AT_MOST_MS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: each version as many asks as it can in `seconds`, in each of the rounds."""

    callers: tuple[int, ...] = (1, 8, 32, 128)
    aimed_at_callers: int = 32
    """Whom the targets are for, and whose holds are timed."""
    rounds: int = 5
    seconds: float = 1.0


FULL = Size()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One way to keep the books, on a database of its own."""

    name: str
    url: str
    books: Books
    team: Team


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """Asks booked per second by each version, and how long a hold takes."""
    async with _versions(new_database) as versions:
        waits = {version.name: Latencies() for version in versions}
        rates = {callers: await _rates(versions, callers, size, waits) for callers in size.callers}
    for version in versions:
        await _assert_books_balance(version.url)
    return [_rate_table(kind, rates, size), _latency_table(kind, waits, size)]


@asynccontextmanager
async def _versions(new_database: NewDatabase) -> AsyncIterator[list[Version]]:
    urls = {name: await new_database("wallet") for name in (GROUPED, ALONE, SESSION)}
    async with (
        open_store(urls[GROUPED], max_batch=MAX_BATCH) as grouped,
        open_store(urls[ALONE], max_batch=1) as alone,
        open_store(urls[SESSION]) as schema,
        open_session_books(urls[SESSION]) as session,
    ):
        team = await make_team(schema.books)
        yield [
            Version(name=GROUPED, url=urls[GROUPED], books=grouped.books, team=await make_team(grouped.books)),
            Version(name=ALONE, url=urls[ALONE], books=alone.books, team=await make_team(alone.books)),
            Version(name=SESSION, url=urls[SESSION], books=session, team=team),
        ]


async def _rates(versions: list[Version], callers: int, size: Size, waits: dict[str, Latencies]) -> dict[str, float]:
    runs: dict[str, Callable[[], Awaitable[float]]] = {}
    for version in versions:
        await asks_per_second(version.books, version.team, callers=callers, seconds=0)  # connections and caches
        told = waits[version.name] if callers == size.aimed_at_callers else Latencies()
        runs[version.name] = partial(
            asks_per_second, version.books, version.team, callers=callers, seconds=size.seconds, latencies=told
        )
    return await in_turn(runs, rounds=size.rounds)


async def asks_per_second(
    books: Books, team: Team, *, callers: int, seconds: float, latencies: Latencies | None = None
) -> float:
    """So many callers book one ask after another until the time is over; each of them books one at least."""
    told = latencies or Latencies()
    began = time.perf_counter()

    async def caller(number: int) -> int:
        member_id = team.member_ids[number % len(team.member_ids)]
        booked = 0
        while not booked or time.perf_counter() - began < seconds:
            await book_one_ask(books, team, member_id, told)
            booked += 1
        return booked

    booked = await asyncio.gather(*map(caller, range(callers)))
    return sum(booked) / (time.perf_counter() - began)


async def _assert_books_balance(url: str) -> None:
    async with open_store(url) as store:
        report = await audit(store)
    assert report.violations == (), report.violations[:3]


def _rate_table(kind: str, rates: dict[int, dict[str, float]], size: Size) -> Table:
    rows = []
    for callers, by_name in rates.items():
        alone, session = by_name[GROUPED] / by_name[ALONE], by_name[GROUPED] / by_name[SESSION]
        judged = callers == size.aimed_at_callers
        rows.append(
            (
                str(callers),
                *(number(by_name[name]) for name in (GROUPED, ALONE, SESSION)),
                at_least(alone, AT_LEAST_TIMES_ALONE[kind]) if judged else f"{number(alone)}x",
                at_least(session, AT_LEAST_TIMES_SESSION) if judged else f"{number(session)}x",
            )
        )
    return Table(
        title=f"Asks booked per second on one wallet, {kind}",
        heading=("callers", GROUPED, ALONE, SESSION, f"{GROUPED} / {ALONE}", f"{GROUPED} / {SESSION}"),
        rows=tuple(rows),
        notes=("One ask is claim, hold, settle and confirm delivery; afterwards the audit passed on all three books.",),
    )


def _latency_table(kind: str, waits: dict[str, Latencies], size: Size) -> Table:
    rows = []
    for name, latencies in waits.items():
        seconds = latencies.hold
        median_ms, p99_ms = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
        judged = at_most(p99_ms, HOLD_P99_AT_MOST_MS, " ms") if name == GROUPED else f"{number(p99_ms)} ms"
        rows.append((name, f"{number(median_ms)} ms", judged, str(len(seconds))))
    return Table(
        title=f"How long a hold takes with {size.aimed_at_callers} callers on one wallet, {kind}",
        heading=("version", "p50", "p99", "holds"),
        rows=tuple(rows),
    )
