"""Asks beside a database in trouble: what each of them must have come to, whatever it was that happened."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from core.errors import BooksFailed
from core.events import AskEvent, Finished, Refused, Started
from tests.core.asking.house import heard
from tests.end_to_end.house import House
from tests.provider_server import ProviderServer

GIVE_UP_SECONDS = 60
NEVER_SHOWN = ("SELECT", "INSERT", "UPDATE", "sqlite", "asyncpg", "Error", "rrno", "/", "postgres", "password")
"""What members never read: SQL, paths, hosts, and the words of a driver. (A command such as /balance is no path.)"""


_COMMAND = re.compile(r"/(?:balance|request|topup)\b")


def assert_plain(sentence: str) -> None:
    """A sentence for members, which says what of the money."""
    for technical in NEVER_SHOWN:
        assert technical not in _COMMAND.sub("", sentence), sentence
    assert "ot charged." in sentence or "othing is charged" in sentence, sentence


def answered(events: Sequence[AskEvent]) -> bool:
    """Whether an ask ended in a receipt."""
    return isinstance(events[-1], Finished)


async def assert_told_and_true(house: House, server: ProviderServer, asks: Iterable[Sequence[AskEvent]]) -> None:
    """Each ask ended in a receipt or a plain sentence; only what was held was called, and charged once."""
    ends = [events[-1] for events in asks]
    for end in ends:
        assert isinstance(end, Finished | Refused)
        if isinstance(end, Refused):
            assert_plain(end.sentence)
    await assert_books_are_right(house, server, [end for end in ends if isinstance(end, Finished)])


async def assert_books_are_right(house: House, server: ProviderServer, receipts: Sequence[Finished]) -> None:
    """At rest: no provider was called without a hold, nothing was charged twice or forgotten, and no hold is open."""
    await until_at_rest(house)
    holds = await house.rows("SELECT id, charged_nanos FROM hold")
    assert len(server.calls) <= len(holds)
    charges = {row["id"]: row["charged_nanos"] for row in holds}
    for finished in receipts:
        assert charges[f"{finished.receipt.ask_id}.1.hold"] == finished.receipt.charged_nanos
    [budget] = await house.rows("SELECT sum(amount_nanos) AS nanos FROM top_up")
    assert (await house.wallet()).available_nanos == int(budget["nanos"]) - sum(charges.values())
    await house.assert_at_rest()


async def until_at_rest(house: House) -> None:
    """Until the database is back and every hold is closed, by the process itself."""
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while True:
            with suppress(BooksFailed):
                if await house.open_holds() == 0 and not house.asks._running:
                    return
            await asyncio.sleep(0.05)


async def until(true: Callable[[], bool]) -> None:
    """Until something that nobody announces is true."""
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not true():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.005)


async def until_started(house: House, number: int) -> list[asyncio.Task[list[AskEvent]]]:
    """So many asks whose answers have begun to come; they are read by the tasks that are returned."""
    running = [house.start() for _ in range(number)]
    events: list[list[AskEvent]] = [[] for _ in running]

    async def read(place: int) -> list[AskEvent]:
        async with running[place] as ask:
            async for event in ask:
                events[place].append(event)
        return events[place]

    reading = [asyncio.create_task(read(place)) for place in range(number)]
    await until(lambda: all(any(isinstance(event, Started) for event in each) for each in events))
    return reading


async def ask_until_answered(house: House) -> list[list[AskEvent]]:
    """Ask again and again until one ask is answered: how a team learns that its database is back."""
    asks = [await heard(house.start())]
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not answered(asks[-1]):
            await asyncio.sleep(0.05)
            asks.append(await heard(house.start()))
    return asks
