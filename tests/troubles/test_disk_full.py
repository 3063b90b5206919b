"""The disk is full: nothing is sent to a provider, nothing is lost, and work goes on when there is room again."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot import heartbeat
from bot.doctor import examine
from core.errors import BooksUnavailable
from core.events import Refused
from tests.core.asking.house import heard
from tests.databases import run_sql
from tests.end_to_end.house import a_house, settings_for
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import answered, assert_told_and_true, until_started
from tests.troubles.disks import Disk, a_disk, needs_root
from tests.troubles.postgres import data_directory

LONG_QUESTION = "why does my migration deadlock? " * 200
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


@needs_root
async def test_a_start_on_a_full_disk_is_a_sentence_and_doctor_says_the_fix(disk: Disk, server: ProviderServer) -> None:
    async with a_house(disk.url, server):
        pass
    disk.fill()
    with pytest.raises(BooksUnavailable, match="cannot be opened for writing"):
        async with a_house(disk.url, server):
            raise AssertionError("it started")
    checks = [check async for check in examine(settings_for(disk.url, server.base_url))]
    room = next(check for check in checks if check.name == "disk")
    assert (room.ok, room.finding) == (False, "0 MB free beside the database")
    assert "Make room" in room.fix


@pytest.mark.soak  # whichever write finds no room first may be insisted on for long; disks that are full stand above
def test_files_that_may_not_grow_are_a_full_disk_for_those_who_cannot_mount_one(sqlite_url: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.troubles.no_more_bytes", sqlite_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def small_tablespace(empty_postgres_url: str, tmp_path: Path) -> Iterator[tuple[str, Disk]]:
    """A PostgreSQL database on a small disk; the server's own files lie elsewhere."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("a tablespace needs a server on this machine: TEST_DATABASE_URL names another")
    name = urlsplit(empty_postgres_url).path.removeprefix("/")
    maintenance = urlsplit(empty_postgres_url)._replace(path="/postgres").geturl()
    with tempfile.TemporaryDirectory(prefix="chipin-disk-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with a_disk(Path(folder) / "disk", megabytes=24) as disk:
            space = disk.path / "space"
            space.mkdir()
            owner = Path(data_directory(empty_postgres_url)).stat()
            os.chown(space, owner.st_uid, owner.st_gid)
            run_sql(
                maintenance,
                f"CREATE TABLESPACE small LOCATION '{space}'",
                f"ALTER DATABASE {name} SET TABLESPACE small",
            )
            try:
                yield empty_postgres_url, disk
            finally:
                disk.make_room()
                run_sql(maintenance, f"ALTER DATABASE {name} SET TABLESPACE pg_default", "DROP TABLESPACE small")


@needs_root
async def test_asks_on_a_postgresql_without_room_are_refused_and_served_when_there_is(
    small_tablespace: tuple[str, Disk], server: ProviderServer
) -> None:
    url, disk = small_tablespace
    async with a_house(url, server) as house:
        asks = [await heard(house.start())]
        disk.fill()
        while answered(asks[-1]):  # what its files have in reserve is used up first
            asks.append(await heard(house.start(LONG_QUESTION)))
        assert asks[-1] == [Refused(NO_ROOM)]
        disk.make_room()
        asks.append(await heard(house.start()))
        assert answered(asks[-1])
        await assert_told_and_true(house, server, asks)
