"""The disk is full: nothing is sent to a provider, nothing is lost, and work goes on when there is room again."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import heartbeat
from core.events import Refused
from tests.core.asking import heard
from tests.end_to_end.house import a_house
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import answered, assert_told_and_true, until_started
from tests.troubles.disks import Disk, a_disk, needs_root

NO_ROOM = (
    "The database cannot be written: its disk is full. Whoever runs Chipin has to make room. "
    "Not charged. Try again in a minute."
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Room for a small database."""
    with a_disk(tmp_path / "disk", megabytes=4) as mounted:
        yield mounted


@needs_root
async def test_asks_are_refused_before_any_call_and_served_when_there_is_room(
    disk: Disk, server: ProviderServer
) -> None:
    async with a_house(disk.url, server) as house:
        asks = [await heard(house.start())]
        disk.fill()
        while answered(asks[-1]):  # what the database file has in reserve is used up first
            asks.append(await heard(house.start()))
        asks.extend([await heard(house.start()) for _ in range(3)])
        assert asks[-3:] == [[Refused(NO_ROOM)]] * 3
        assert (await house.wallet()).held_nanos == 0  # /balance answers
        await house.app.store.tidy()
        disk.make_room()
        asks.append(await heard(house.start()))
        assert answered(asks[-1])
        await assert_told_and_true(house, server, asks)


@needs_root
async def test_an_answer_that_streams_meanwhile_is_settled_when_there_is_room(
    disk: Disk, server: ProviderServer
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(disk.url, server) as house:
        reading = await until_started(house, 3)
        await house.app.store.tidy()  # the write-ahead file has no room in reserve
        disk.fill()
        opened.set()
        for _ in range(20):
            await asyncio.sleep(0.01)
            await house.app.store.tidy()  # as the sweep does
        assert await house.open_holds() == 3
        disk.make_room()
        streamed = await asyncio.gather(*reading)
        assert all(map(answered, streamed))
        await assert_told_and_true(house, server, streamed)


@needs_root
async def test_a_full_disk_takes_a_sign_of_life_and_a_read_only_one_does_not(disk: Disk) -> None:
    heartbeat.beat(disk.path)
    disk.fill()
    heartbeat.beat(disk.path)
    assert heartbeat.why_unhealthy(disk.path) == ""
    disk.read_only()
    with pytest.raises(OSError, match="Read-only"):
        heartbeat.beat(disk.path)
    disk.writable()
