"""A PostgreSQL that takes bytes and never answers: nobody waits for it for ever, and it goes on where it stood."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from adapters.store import database
from adapters.store import postgres as driver
from core.errors import BooksUnavailable
from core.events import Finished, Refused
from tests.core.asking.house import heard, kinds
from tests.end_to_end.house import House, a_house
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import ask_until_answered, assert_told_and_true, until_started
from tests.troubles.postgres import ServerProcess

QUICKLY_SECONDS = 0.4


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (driver, database):
        monkeypatch.setattr(module, "COMMAND_TIMEOUT_SECONDS", QUICKLY_SECONDS)


async def test_asks_are_told_and_what_streams_is_settled_when_it_answers_again(
    postgres: ServerProcess, server: ProviderServer
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(postgres.url, server, max_in_flight=1_000) as house:
        reading = await until_started(house, 3)
        postgres.freeze()
        refused = [await heard(house.start()), await heard(house.start())]
        assert [kinds(events) for events in refused] == [["Refused"]] * 2
        assert isinstance(end := refused[0][-1], Refused)
        assert end.sentence == "The database does not answer at the moment. Not charged. Try again in a minute."
        with pytest.raises(BooksUnavailable, match="does not answer"):
            await house.wallet()
        opened.set()
        postgres.thaw()
        streamed = await asyncio.gather(*reading)
        assert [kinds(events)[-1] for events in streamed] == ["Finished"] * 3
        again = await heard(house.start())
        assert isinstance(again[-1], Finished)
        await assert_told_and_true(house, server, [*streamed, *refused, again])


async def test_a_server_that_hangs_while_it_settles_charges_once(
    postgres: ServerProcess, server: ProviderServer
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(postgres.url, server, max_in_flight=1_000) as house:
        reading = await until_started(house, 5)
        opened.set()
        postgres.freeze()
        await asyncio.sleep(2 * QUICKLY_SECONDS)
        postgres.thaw()
        streamed = await asyncio.gather(*reading)
        assert [kinds(events)[-1] for events in streamed] == ["Finished"] * 5
        await assert_told_and_true(house, server, streamed)


@asynccontextmanager
async def a_process_without_power(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Another process stops for ever in the middle of a batch, with the wallet locked and its connection open."""
    locked, never = asyncio.Event(), asyncio.Event()
    usual = driver._drive

    async def stops(connection: "asyncpg.Connection[Any]", *_: Any) -> Any:
        await connection.fetch("SELECT id FROM wallet FOR UPDATE")
        locked.set()
        await never.wait()

    settings = house.app.settings.database_url.get_secret_value()
    async with database.open_store(settings) as other:
        monkeypatch.setattr(driver, "_drive", stops)
        frozen = asyncio.create_task(other.driver.post(()))
        await locked.wait()
        monkeypatch.setattr(driver, "_drive", usual)
        yield
        frozen.cancel()
        await asyncio.gather(frozen, return_exceptions=True)


async def test_a_process_that_lost_its_power_does_not_keep_the_wallet_locked(
    postgres_url: str, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(postgres_url, server) as house, a_process_without_power(house, monkeypatch):
        asks = await ask_until_answered(house)
        await assert_told_and_true(house, server, asks)
