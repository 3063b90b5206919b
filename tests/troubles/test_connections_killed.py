"""Connections to PostgreSQL are cut at random moments while many ask: each operation is done once or not at all."""

import asyncio
import random

import asyncpg
import pytest

from core.errors import BooksFailed, BooksUncertain
from core.events import Finished
from tests.core.asking.house import heard
from tests.end_to_end.house import PLACE, House, a_house
from tests.provider_server import ProviderServer
from tests.troubles.asking import assert_plain, assert_told_and_true

ONE_OF_THEM = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
)
KILLS = [12, pytest.param(300, marks=pytest.mark.soak)]
ASKERS = 6


async def ask_until(house: House, over: asyncio.Event) -> list[list[object]]:
    asks: list[list[object]] = []
    while not over.is_set():
        asks.append([*await heard(house.start())])
    return asks


async def look_until(house: House, over: asyncio.Event) -> int:
    """/balance again and again; returns how often it answered."""
    answered = 0
    while not over.is_set():
        try:
            balance = await house.app.use_cases.balances.of(house.anna, PLACE)
            assert balance.wallet.available_nanos + balance.wallet.held_nanos > 0
            answered += 1
        except BooksFailed as failed:
            assert_plain(f"{failed} Not charged.")
        await asyncio.sleep(0.01)
    return answered


async def top_up_until(house: House, over: asyncio.Event) -> int:
    """Budget again and again; returns how much was acknowledged."""
    acknowledged = 0
    while not over.is_set():
        try:
            await house.top_up(1_000)
            acknowledged += 1_000
        except BooksUncertain as lost:
            assert "Look at /balance before you try again" in str(lost)
        except BooksFailed as failed:
            assert_plain(f"{failed} Not charged.")
        await asyncio.sleep(0.01)
    return acknowledged


@pytest.mark.parametrize("kills", KILLS)
async def test_nothing_is_lost_or_done_twice(postgres_url: str, server: ProviderServer, kills: int) -> None:
    async with a_house(postgres_url, server, nanos=0, max_in_flight=1_000) as house:
        await house.top_up(100_000_000_000)
        over = asyncio.Event()
        asking = [asyncio.create_task(ask_until(house, over)) for _ in range(ASKERS)]
        looking, topping = asyncio.create_task(look_until(house, over)), asyncio.create_task(top_up_until(house, over))
        killer = await asyncpg.connect(postgres_url)
        killed = 0
        while killed < kills:
            killed += len(await killer.fetch(ONE_OF_THEM))
            await asyncio.sleep(random.random() / 20)
        await killer.close()
        over.set()
        asks = [events for each in await asyncio.gather(*asking) for events in each]
        assert any(isinstance(events[-1], Finished) for events in asks)
        assert await looking > 0
        acknowledged = await topping
        [booked] = await house.rows("SELECT sum(amount_nanos) AS nanos FROM top_up")
        assert int(booked["nanos"]) >= 100_000_000_000 + acknowledged
        await assert_told_and_true(house, server, asks)  # type: ignore[arg-type]
