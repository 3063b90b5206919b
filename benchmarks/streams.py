"""A thousand answers at once through one process: how fast they pass, how much memory that takes, and none is lost."""

import asyncio
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from benchmarks.databases import NewDatabase
from benchmarks.house import House, open_house
from benchmarks.measure import memory_mb
from benchmarks.provider import answer_of, provider_process
from benchmarks.table import Table, at_most, number
from core.events import Delta, Ending, Finished
from core.people import Member

MEMORY_AT_MOST_MB = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: `teams` x `members` x `asks_each` streams."""

    teams: int = 5
    members: int = 100
    asks_each: int = 2
    chunks: int = 200

    @property
    def streams(self) -> int:
        """How many answers stream at a time."""
        return self.teams * self.members * self.asks_each


FULL = Size()


@dataclass(frozen=True, slots=True)
class Streamed:
    """What one process did: seconds from the first question to the last receipt, and from the first word on."""

    whole_seconds: float
    streaming_seconds: float
    idle_mb: float
    peak_mb: float


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """All streams at once, in a fresh process."""
    url = await new_database("streams")
    async with provider_process(chunks=size.chunks, together=size.streams) as base_url:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
            done = await asyncio.get_running_loop().run_in_executor(process, stream_all, url, base_url, size)
    chunks = size.streams * size.chunks
    row = (
        f"{size.streams:,}",
        f"{number(chunks / done.streaming_seconds)}",
        f"{number(done.whole_seconds)} s",
        f"{number(done.idle_mb)} MB",
        at_most(done.peak_mb, MEMORY_AT_MOST_MB, " MB"),
    )
    return [
        Table(
            title=f"{size.streams:,} answers of {size.chunks} chunks at once in one process, {kind}",
            heading=("streams", "chunks/s", "from the first question to the last receipt", "memory before", "peak"),
            rows=(row,),
            notes=(
                "The provider sends its first chunk when the last call has arrived. Every reader got every byte, no "
                "hold stayed open, and the audit passed.",
            ),
        )
    ]


def stream_all(database_url: str, base_url: str, size: Size) -> Streamed:
    """The measured process."""
    return asyncio.run(_stream_all(database_url, base_url, size))


async def _stream_all(database_url: str, base_url: str, size: Size) -> Streamed:
    async with open_house(database_url, base_url, teams=size.teams, members=size.members) as house:
        idle_mb = memory_mb()
        began = time.perf_counter()
        asked = [member for member in house.members for _ in range(size.asks_each)]
        first_words = await asyncio.gather(*(_read(house, member, size.chunks) for member in asked))
        ended = time.perf_counter()
        peak_mb = memory_mb(peak=True)  # before the audit, which is not what is measured
        await house.assert_at_rest()
    return Streamed(ended - began, ended - min(first_words), idle_mb, peak_mb)


async def _read(house: House, member: Member, chunks: int) -> float:
    """Read one answer to its end; when its first word came."""
    first_word, pieces = 0.0, []
    async with house.start(member) as running:
        async for event in running:
            if isinstance(event, Delta):
                first_word = first_word or time.perf_counter()
                pieces.append(event.text)
    assert isinstance(event, Finished) and event.ending is Ending.ANSWERED, event
    assert "".join(pieces) == answer_of(chunks)
    return first_word
