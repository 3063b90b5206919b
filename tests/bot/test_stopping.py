"""Told to stop: real processes that finish what they are saying, or are cut and settle what came."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.rows import HoldRow, RequestRow
from tests.bookkeeping import rows_of
from tests.bot.running import a_bot
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with ProviderServer() as running:
        yield running


async def assert_settled(url: str, ending: str) -> None:
    async with open_store(url) as store:
        [request], [held] = await rows_of(store, RequestRow), await rows_of(store, HoldRow)
        assert (request.state, request.ending, held.state) == ("settled", ending, "settled")
        assert request.cost_nanos > 0 and request.delivered_at_ms
        assert (await audit(store)).violations == ()


async def test_what_streams_is_finished_first(sqlite_url: str, server: ProviderServer) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with a_bot(sqlite_url, server) as bot:
        bot.types("why?")
        await bot.says("First. ")
        bot.types("and why that?")
        bot.is_told_to_stop()
        opened.set()
        rest = await bot.ends()
    assert "Last." in rest and "charged $" in rest
    assert "and why that?" not in rest
    assert len(server.calls) == 1
    await assert_settled(sqlite_url, "answered")


async def test_a_second_time_what_streams_is_cut_and_settled(sqlite_url: str, server: ProviderServer) -> None:
    server.answer_with(gate(asyncio.Event()))
    async with a_bot(sqlite_url, server) as bot:
        bot.types("why?")
        await bot.says("First. ")
        told = asyncio.create_task(bot.says("Stopped. Charged about"))
        while not told.done():  # two signals that come at once may be one
            bot.is_told_to_stop()
            await asyncio.wait({told}, timeout=0.2)
        await told
        await bot.ends()
    await assert_settled(sqlite_url, "stopped")


async def test_at_the_prompt_it_stops_at_once(sqlite_url: str, server: ProviderServer) -> None:
    async with a_bot(sqlite_url, server) as bot:
        bot.is_told_to_stop()
        assert await bot.ends() == ""


@pytest.mark.soak
async def test_what_never_ends_is_cut_after_its_time(sqlite_url: str, server: ProviderServer) -> None:
    server.answer_with(gate(asyncio.Event()))
    async with a_bot(sqlite_url, server) as bot:
        bot.types("why?")
        await bot.says("First. ")
        began = asyncio.get_running_loop().time()
        bot.is_told_to_stop()
        assert "Stopped. Charged about" in await bot.ends()
        assert 19 < asyncio.get_running_loop().time() - began < 30
    await assert_settled(sqlite_url, "stopped")
