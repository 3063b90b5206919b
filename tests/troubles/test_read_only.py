"""A database that may only be read: a sentence at the start, from doctor and at an ask; then work goes on by itself."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.check import Check
from bot.doctor import examine
from core.errors import BooksUnavailable
from core.events import Refused
from tests.core.asking.house import heard
from tests.end_to_end.house import a_house, settings_for
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import answered, assert_told_and_true, until_started
from tests.troubles.disks import Disk, a_disk, needs_root

READ_ONLY = "The database cannot be written: it is read-only. Whoever runs Chipin has to look at it."
NEW_CONNECTIONS = "ALTER DATABASE {name} SET default_transaction_read_only = {switch}"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be made read-only."""
    with a_disk(tmp_path / "disk", megabytes=8) as mounted:
        yield mounted
        mounted.writable()


async def switch(url: str, to: str) -> None:
    """As a failed disk, an administrator or a fail-over to a standby leaves it; who is connected is thrown out."""
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute("SET default_transaction_read_only = off")
    await connection.execute(NEW_CONNECTIONS.format(name=name, switch=to))
    if to == "on":
        await connection.execute(OTHERS, name)
    await connection.close()


async def checked(url: str) -> Check:
    """What doctor finds of the database."""
    checks = [check async for check in examine(settings_for(url, "http://127.0.0.1:1/v1"))]
    return next(check for check in checks if check.name == "database")


async def test_asks_on_postgresql_are_refused_and_served_again_by_the_same_process(
    postgres_url: str, server: ProviderServer
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(postgres_url, server) as house:
        streaming = await until_started(house, 2)
        await switch(postgres_url, "on")
        try:
            opened.set()
            refused = await heard(house.start())
            assert refused == [Refused(f"{READ_ONLY} Not charged. Try again in a minute.")]
            assert (await house.wallet()).held_nanos > 0  # /balance answers
            assert len(server.calls) == 2
        finally:
            await switch(postgres_url, "off")
        asks = [refused, *await asyncio.gather(*streaming), await heard(house.start())]
        assert list(map(answered, asks)) == [False, True, True, True]
        await assert_told_and_true(house, server, asks)


async def test_a_start_on_a_read_only_postgresql_is_a_sentence_and_doctor_says_the_fix(
    postgres_url: str, server: ProviderServer
) -> None:
    async with a_house(postgres_url, server):
        pass
    assert (await checked(postgres_url)).ok
    await switch(postgres_url, "on")
    try:
        with pytest.raises(BooksUnavailable, match="it is read-only"):
            async with a_house(postgres_url, server):
                raise AssertionError("it started")
        found = await checked(postgres_url)
        assert (found.ok, found.finding) == (False, f"{READ_ONLY} (transaction_read_only is on)")
        assert "default_transaction_read_only" in found.fix
    finally:
        await switch(postgres_url, "off")


@needs_root
async def test_a_start_on_a_read_only_disk_is_a_sentence_and_doctor_says_the_fix(
    disk: Disk, server: ProviderServer
) -> None:
    async with a_house(disk.url, server):
        pass
    disk.read_only()
    await assert_told_at_the_start(disk.url, server)
    disk.writable()
    async with a_house(disk.url, server) as house:
        assert answered(await heard(house.start()))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write files that are read-only")
async def test_a_start_on_a_read_only_file_is_a_sentence_and_doctor_says_the_fix(
    sqlite_url: str, tmp_path: Path, server: ProviderServer
) -> None:
    async with a_house(sqlite_url, server):
        pass
    set_rights(tmp_path, 0o400)
    await assert_told_at_the_start(sqlite_url, server)
    set_rights(tmp_path, 0o600)
    async with a_house(sqlite_url, server) as house:
        assert answered(await heard(house.start()))


def set_rights(folder: Path, mode: int) -> None:
    """Of the database and of the files that SQLite made beside it with the same rights."""
    for file in folder.glob("chipin.db*"):
        file.chmod(mode)


async def assert_told_at_the_start(url: str, server: ProviderServer) -> None:
    with pytest.raises(BooksUnavailable, match="cannot be"):
        async with a_house(url, server):
            raise AssertionError("it started")
    found = await checked(url)
    assert not found.ok
    assert "cannot be" in found.finding and "who may write the folder" in found.fix
