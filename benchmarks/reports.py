"""How long people wait for what the books tell, in books of a million asks, beside asks that run.

Twice: with the asks spread over a year, and with all of them in one month. The clock stands at the last of them, so
that the month to date, the week before and the month before have their share.
"""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from benchmarks.databases import NewDatabase
from benchmarks.grown_books import GrownBooks, grow
from benchmarks.measure import percentile
from benchmarks.reports_read import EXPORT, readings
from benchmarks.table import Table, at_most, number
from benchmarks.team import Latencies, Team, book_one_ask
from core.moments import from_ms

AT_MOST_SECONDS = 2
DAY_MS = 86_400_000
YEAR, MONTH = "a year", "one month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: so many asks in the store, each reading so often, beside so many asks a second."""

    asks: int = 1_000_000
    over: tuple[str, ...] = (YEAR, MONTH)
    rounds: int = 3
    asks_a_second: int = 50


FULL = Size()


@dataclass(slots=True)
class StandingClock:
    """It is always this moment."""

    at: datetime

    def now(self) -> datetime:
        """This moment."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since the start of the process."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others run."""
        await asyncio.sleep(seconds)


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """What each reading took, alone and beside asks; and what asks took, alone and beside readings."""
    return [await _table(kind, new_database, size, over) for over in size.over]


async def _table(kind: str, new_database: NewDatabase, size: Size, over: str) -> Table:
    url, began = await new_database("reports"), time.perf_counter()
    grown = await _grown(url, size, over)
    made_seconds = time.perf_counter() - began
    team = Team(id=grown.team_id, wallet_id=grown.wallet_id, member_ids=grown.member_ids)
    async with open_store(url) as store:
        reading = await readings(store, team, StandingClock(from_ms(grown.until_ms)))
        alone = {name: await _took(read, size.rounds) for name, read in reading.items()}
        quiet, busy = Latencies(), Latencies()
        async with _asks(store, team, size, quiet):
            await asyncio.sleep(sum(map(sum, alone.values())))  # as long as the readings take
        async with _asks(store, team, size, busy):
            beside = {name: await _took(read, size.rounds) for name, read in reading.items()}
        whole = await _everything(store, team, size) if over == size.over[0] else ()
    return Table(
        title=f"{grown.asks:,} asks over {over}: what people wait for, {kind}",
        heading=("what", "alone", "beside running asks", "the longest of them"),
        rows=tuple(_row(name, alone[name], beside[name]) for name in reading),
        notes=(
            f"The middle of {size.rounds}; the first one, of a store that was just opened, counts like any other.",
            f"Beside {size.asks_a_second} asks a second a hold takes {_p99(busy)} at the 99th percentile; "
            f"beside the same asks and no reading {_p99(quiet)}.",
            f"Rows were made by SQL in {number(made_seconds)} s, without keys and operations, which no report reads.",
            *whole,
        ),
    )


async def _everything(store: Store, team: Team, size: Size) -> tuple[str, ...]:
    """The whole books as `export --json` writes them, in pieces that nobody keeps, beside asks."""
    holds, before, most, pieces, written = Latencies(), _resident(), 0, 0, 0
    async with _asks(store, team, size, holds):
        began = time.perf_counter()
        async for piece in export_json(store):
            pieces, written = pieces + 1, written + len(piece)
            if pieces % _LOOK_EVERY == 0:
                most = max(most, _resident())
        took = time.perf_counter() - began
    grown = max(0, most - before) / _MEGA
    return (
        f"`export --json`, {number(written / _MEGA)} MB in {pieces:,} pieces, took {number(took)} s beside "
        f"such asks: the process grew by {number(grown)} MB meanwhile, and a hold took {_p99(holds)} at the 99th "
        "percentile.",
    )


_LOOK_EVERY, _MEGA = 100, 1_000_000


def _resident() -> int:
    """Bytes of this process that are in memory now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def _grown(url: str, size: Size, over: str) -> GrownBooks:
    entries = (size.asks * 19 // 20 + 1) * 2  # one in twenty failed, and a failed ask has no entry
    if over == YEAR:
        return await grow(url, entries=entries, name="reports", span_ms=365 * DAY_MS, for_reports=True)
    end = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = (end - timedelta(days=1)).replace(day=1)
    until_ms = int(end.timestamp() * 1000) - 60_000
    span_ms = until_ms - int(begin.timestamp() * 1000)
    return await grow(url, entries=entries, name="reports", span_ms=span_ms, until_ms=until_ms, for_reports=True)


async def _took(read: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """In seconds, each."""
    seconds: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        await read()
        seconds.append(time.perf_counter() - began)
    return seconds


@asynccontextmanager
async def _asks(store: Store, team: Team, size: Size, told: Latencies) -> AsyncIterator[None]:
    """So many asks a second meanwhile, each when its time has come, whether or not the one before it is over."""
    over = asyncio.Event()
    begun: list[asyncio.Task[None]] = []

    async def one_after_another() -> None:
        while not over.is_set():
            member_id = team.member_ids[len(begun) % len(team.member_ids)]
            begun.append(asyncio.create_task(book_one_ask(store.books, team, member_id, told)))
            await asyncio.sleep(1 / size.asks_a_second)

    running = asyncio.create_task(one_after_another())
    try:
        yield
    finally:
        over.set()
        await running
        await asyncio.gather(*begun)


def _row(name: str, alone: list[float], beside: list[float]) -> tuple[str, ...]:
    most = max(beside)
    longest = f"{number(most)} s (a file)" if name == EXPORT else at_most(most, AT_MOST_SECONDS, " s")
    return (name, f"{number(percentile(alone, 0.5))} s", f"{number(percentile(beside, 0.5))} s", longest)


def _p99(latencies: Latencies) -> str:
    return f"{number(percentile(latencies.hold, 0.99) * 1000)} ms"
