"""What a whole ask adds to the bare call it makes: claim, price, hold, stream, settle, receipt."""

import asyncio
import time
from dataclasses import dataclass

import httpx

from adapters.llm.client import open_client
from benchmarks.databases import NewDatabase
from benchmarks.house import QUESTION, House, open_house
from benchmarks.measure import percentile
from benchmarks.provider import answer_of, provider_process
from benchmarks.table import Table, at_most, number
from core.events import Delta, Ending, Finished
from core.people import Member

AIMED_AT_CALLERS = 1
ADDED_AT_MOST_MS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    callers: tuple[int, ...] = (1, 32)
    calls: int = 640
    """Of each kind, by each number of callers."""
    chunks: int = 20


FULL = Size()


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """Medians of the bare call and of the whole ask, taken in turn."""
    rows = []
    async with (
        provider_process(chunks=size.chunks) as base_url,
        open_house(await new_database("ask"), base_url, members=max(size.callers)) as house,
        open_client() as client,
    ):
        for callers in size.callers:
            bare, whole = await _both(house, client, base_url, callers, size)
            rows.append(_row(callers, bare, whole))
        await house.assert_at_rest()
    return [
        Table(
            title=f"A whole ask against the bare HTTP call, {kind}",
            heading=("callers", "bare call p50", "whole ask p50", "added at the median", "whole ask p99"),
            rows=tuple(rows),
            notes=(
                f"The provider is another process that answers with {size.chunks} chunks and no delay; "
                "the ask ends when its reader has the receipt.",
            ),
        )
    ]


async def _both(
    house: House, client: httpx.AsyncClient, base_url: str, callers: int, size: Size
) -> tuple[list[float], list[float]]:
    bare: list[float] = []
    whole: list[float] = []
    expected = answer_of(size.chunks)
    for each in range(-1, max(1, size.calls // callers)):  # the first round warms connections and caches up
        members = house.members[:callers]
        took_bare = await asyncio.gather(*(_bare_call(client, base_url, expected) for _ in members))
        took_whole = await asyncio.gather(*(_whole_ask(house, member, expected) for member in members))
        if each >= 0:
            bare += took_bare
            whole += took_whole
    return bare, whole


async def _bare_call(client: httpx.AsyncClient, base_url: str, expected: str) -> float:
    """The same HTTP call by the same kind of client, read to its end and thrown away."""
    began = time.perf_counter()
    body = {"model": "any", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    received = 0
    async with client.stream("POST", f"{base_url}/chat/completions", json=body) as response:
        async for piece in response.aiter_bytes():
            received += len(piece)
    took = time.perf_counter() - began
    assert response.status_code == 200 and received > len(expected)
    return took


async def _whole_ask(house: House, member: Member, expected: str) -> float:
    """From the question to the receipt. That its text may be erased is confirmed afterwards, as chats do."""
    began = time.perf_counter()
    answer = ""
    async with house.start(member) as running:
        async for event in running:
            if isinstance(event, Delta):
                answer += event.text
    took = time.perf_counter() - began
    assert isinstance(event, Finished) and event.ending is Ending.ANSWERED, event
    assert answer == expected
    await running.delivered()
    return took


def _row(callers: int, bare: list[float], whole: list[float]) -> tuple[str, ...]:
    bare_ms, whole_ms = percentile(bare, 0.5) * 1000, percentile(whole, 0.5) * 1000
    added = whole_ms - bare_ms
    return (
        str(callers),
        f"{number(bare_ms)} ms",
        f"{number(whole_ms)} ms",
        at_most(added, ADDED_AT_MOST_MS, " ms") if callers == AIMED_AT_CALLERS else f"{number(added)} ms",
        f"{number(percentile(whole, 0.99) * 1000)} ms",
    )
