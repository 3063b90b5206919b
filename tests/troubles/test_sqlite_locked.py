"""Another program locks the SQLite file: asks wait or are refused, and the rest of the process goes on meanwhile."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.store import sqlite
from core.events import Refused
from tests.core.asking.house import heard, kinds
from tests.end_to_end.house import a_house
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import answered, assert_told_and_true, until_started

LOCKS = ["IMMEDIATE", "EXCLUSIVE"]
QUICKLY_SECONDS = 0.3


@contextmanager
def locked(url: str, kind: str) -> Iterator[threading.Event]:
    """Another program holds the lock until the event is set, or the context is left."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    connection.execute(f"BEGIN {kind}")
    unlock = threading.Event()

    def wait() -> None:
        unlock.wait()
        connection.execute("ROLLBACK")
        connection.close()

    holding = threading.Thread(target=wait)
    holding.start()
    try:
        yield unlock
    finally:
        unlock.set()
        holding.join()


@pytest.mark.parametrize("kind", LOCKS)
@pytest.mark.parametrize("seconds", [0.6, pytest.param(3.0, marks=pytest.mark.soak)])
async def test_a_moment_is_waited_for_while_other_work_goes_on(
    sqlite_url: str, server: ProviderServer, kind: str, seconds: float
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(sqlite_url, server) as house:
        [streaming] = await until_started(house, 1)
        with locked(sqlite_url, kind) as unlock:
            opened.set()
            asking = asyncio.create_task(heard(house.start()))
            loop = asyncio.get_running_loop()
            over = loop.time() + seconds
            while loop.time() < over:  # the loop turns, and whoever reads is answered
                await asyncio.sleep(0.02)
                assert (await house.wallet()).held_nanos > 0
            assert not asking.done() and not streaming.done()
            assert len(server.calls) == 1  # never a call without a hold
            unlock.set()
            asks = [await streaming, await asking]
        assert [kinds(events)[-1] for events in asks] == ["Finished"] * 2
        await assert_told_and_true(house, server, asks)


@pytest.mark.parametrize("kind", LOCKS)
async def test_whoever_asks_while_it_is_locked_for_long_reads_a_sentence(
    sqlite_url: str, server: ProviderServer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", QUICKLY_SECONDS)
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(sqlite_url, server, max_in_flight=1_000) as house:
        [streaming] = await until_started(house, 1)
        with locked(sqlite_url, kind):
            opened.set()
            refused = await asyncio.gather(*(heard(house.start()) for _ in range(5)))
            sentence = "The database is in use by another program at the moment. Not charged. Try again in a minute."
            assert refused == [[Refused(sentence)]] * 5
            assert len(server.calls) == 1
        asks = [await streaming, await heard(house.start())]
        assert all(map(answered, asks))
        await assert_told_and_true(house, server, [*refused, *asks])
