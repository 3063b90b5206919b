"""Readers that leave, crash or are cancelled, and processes that end: the money does not depend on them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.asks import RunningAsk
from core.events import AskEvent, Delta, Ending, Finished, Started
from core.operations import RequestState
from tests.core.asking.house import hearing
from tests.databases import short_on_sqlite
from tests.end_to_end.house import House, a_house, catalogue_price
from tests.provider_behaviours import drip, endless, gate, good, silence
from tests.provider_server import ProviderServer

MONEY = 1_000_000_000
PIECES = ("One ", "two ", "three.")
PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)


class Crash(Exception):
    """A reader has a defect."""


async def leaves(running: RunningAsk, is_time: Callable[[AskEvent], bool]) -> None:
    """Read up to there, and go."""
    async with running:
        async for event in running:
            if is_time(event):
                return


async def crashes(running: RunningAsk, is_time: Callable[[AskEvent], bool]) -> None:
    """Read up to there, and fail."""
    with pytest.raises(Crash):
        async with running:
            async for event in running:
                if is_time(event):
                    raise Crash


async def is_cancelled(running: RunningAsk, is_time: Callable[[AskEvent], bool]) -> None:
    """Read up to there, and be cancelled."""
    there = asyncio.Event()

    async def read() -> None:
        async with running:
            async for event in running:
                if is_time(event):
                    there.set()
                    await asyncio.Event().wait()

    reading = asyncio.create_task(read())
    await there.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def never_comes(running: RunningAsk, is_time: Callable[[AskEvent], bool]) -> None:
    """Do not read at all."""
    del running, is_time


async def leaves_at_once(running: RunningAsk, is_time: Callable[[AskEvent], bool]) -> None:
    """Leave before the first event."""
    del is_time
    async with running:
        pass


Reader = Callable[[RunningAsk, Callable[[AskEvent], bool]], Awaitable[None]]
MOMENTS: dict[str, Callable[[AskEvent], bool]] = {
    "started": lambda event: isinstance(event, Started),
    "first words": lambda event: isinstance(event, Delta),
    "last words": lambda event: isinstance(event, Delta) and event.text.endswith("three."),
    "finished": lambda event: isinstance(event, Finished),
}


async def settled(house: House, asks: int) -> None:
    """Wait until so many asks are settled."""
    async with asyncio.timeout(20):
        while True:
            if len(await house.rows("SELECT id FROM request WHERE state = 'settled'")) == asks:
                return
            await asyncio.sleep(0.01)


async def called(server: ProviderServer) -> None:
    """Wait until the provider has been asked."""
    async with asyncio.timeout(20):
        while True:
            if server.calls:
                return
            await asyncio.sleep(0.01)


@short_on_sqlite
@pytest.mark.parametrize("reader", [leaves, crashes, is_cancelled, never_comes, leaves_at_once])
async def test_an_ask_settles_once_whatever_its_reader_does(
    database_url: str, server: ProviderServer, reader: Reader
) -> None:
    server.answer_with(good(PIECES))
    async with a_house(database_url, server) as house:
        for number, is_time in enumerate(MOMENTS.values(), 1):
            async with asyncio.timeout(20):
                await reader(house.start(), is_time)
            await settled(house, number)
            assert (await house.wallet()).available_nanos == MONEY - number * PRICE
            await house.assert_at_rest()
        assert len(await house.rows("SELECT id FROM receipt_line")) == len(MOMENTS) == len(server.calls)


async def test_a_slow_reader_gets_every_word(sqlite_url: str, server: ProviderServer) -> None:
    words = [f"word{number} " for number in range(300)]
    server.answer_with(good(words))
    heard: list[AskEvent] = []
    async with a_house(sqlite_url, server) as house, hearing(house.start()) as events:
        async for event in events:
            heard.append(event)
            await asyncio.sleep(0.02)
        assert "".join(event.text for event in heard if isinstance(event, Delta)) == "".join(words)
        await house.assert_at_rest()


# --- stop ---------------------------------------------------------------------------------------------------------


async def test_a_stop_pressed_on_another_replica_ends_a_running_stream(
    database_url: str, server: ProviderServer
) -> None:
    server.answer_with(gate(asyncio.Event(), before=PIECES))
    async with a_house(database_url, server) as here, a_house(database_url, server, nanos=0) as there:
        running = here.start(member=await here.member("Ben"))
        async with hearing(running) as events:
            assert isinstance(await anext(events), Started)
            assert isinstance(await anext(events), Delta)
            assert not await there.asks.stop(running.ask_id, await there.member("Cara"))
            assert await there.asks.stop(running.ask_id, there.anna)
            end = [event async for event in events][-1]
        assert isinstance(end, Finished) and end.ending is Ending.STOPPED
        assert end.receipt.estimated and 0 < end.receipt.charged_nanos == MONEY - (await there.wallet()).available_nanos
        await there.assert_at_rest()
    assert server.hung_up == 1  # the model was told to stop too


@pytest.mark.parametrize("behaviour", [endless(), drip(seconds=0), silence()], ids=["endless", "drip", "silence"])
async def test_a_stop_here_ends_any_stream_and_charges_what_came(
    sqlite_url: str, server: ProviderServer, behaviour: object
) -> None:
    server.answer_with(behaviour)  # type: ignore[arg-type]
    async with a_house(sqlite_url, server, max_output_tokens=100_000, confirm_above_nanos=MONEY) as house:
        running = house.start()
        async with hearing(running) as events:
            assert isinstance(await anext(events), Started)
            await called(server)
            running.stop()
            *heard, end = [event async for event in events]
        assert isinstance(end, Finished) and end.ending is Ending.STOPPED
        assert bool(end.receipt.charged_nanos) is bool(heard)
        await house.assert_at_rest()


# --- the end of a process -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "ending"), [(PIECES, "settled"), ((), "released")])
@short_on_sqlite
async def test_a_process_that_ends_in_mid_stream_settles_what_came(
    database_url: str, server: ProviderServer, before: tuple[str, ...], ending: str
) -> None:
    server.answer_with(gate(asyncio.Event(), before=before))
    async with a_house(database_url, server) as house:
        running = house.start(keys=("event-1",))
        events = aiter(running)
        assert isinstance(await anext(events), Started)
        if before:
            assert isinstance(await anext(events), Delta)
        await called(server)
    *_, end = [event async for event in events]  # what it is told after all is closed
    assert isinstance(end, Finished) and end.ending is Ending.STOPPED
    async with a_house(database_url, server, nanos=0) as house:
        [request] = await house.rows("SELECT state, cost_nanos, estimated FROM request")
        assert (request["state"], request["estimated"]) == (ending, 1)
        assert request["cost_nanos"] == end.receipt.charged_nanos == MONEY - (await house.wallet()).available_nanos
        assert bool(request["cost_nanos"]) is bool(before)
        await house.assert_at_rest()


@short_on_sqlite
async def test_a_process_that_ends_with_twenty_asks_running_closes_them_all(
    database_url: str, server: ProviderServer
) -> None:
    server.answer_with(gate(asyncio.Event(), before=PIECES))
    async with a_house(database_url, server, max_in_flight=20) as house:
        asks = [house.start() for _ in range(20)]
        streams = [aiter(running) for running in asks]
        for stream in streams:
            assert isinstance(await anext(stream), Started)
    async with a_house(database_url, server, nanos=0) as house:
        states = {row["state"] for row in await house.rows("SELECT state FROM request")}
        assert states <= {RequestState.SETTLED, RequestState.RELEASED}
        await house.assert_at_rest()
    for stream in streams:
        assert isinstance([event async for event in stream][-1], Finished)
