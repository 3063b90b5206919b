"""Opening the books: which URLs, which files, at once with others; and an engine that can only read."""

import asyncio
import multiprocessing
import sqlite3
import stat
import time
from contextlib import AsyncExitStack, closing
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import select

from adapters.store import database, migrate, sqlite
from adapters.store.database import Store, open_store, parse_database_url
from adapters.store.tables import Wallet
from core.defaults import KEEP_FOR_BUTTONS_MS
from core.errors import BooksUnavailable, NotConfigured
from core.operations import Refused, RequestState
from tests.adapters.store.raw import execute, file_of, look
from tests.bookkeeping import claim, conclude, delivered, enrol, erase, top_up

SEALED = b"a question that was sealed"
TEN_YEARS_MS = 10 * 365 * 86_400_000
APART = multiprocessing.get_context("forkserver")


# --- where the books are ---


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///data/chipin.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/chipin.db", "sqlite+aiosqlite"),
        ("postgresql://me@host/chipin", "postgresql+asyncpg"),
        ("postgres://me@host/chipin", "postgresql+asyncpg"),
        ("postgresql+psycopg://me@host/chipin", "postgresql+asyncpg"),
    ],
)
def test_knows_two_databases_by_any_drivers_name(url: str, driver: str) -> None:
    assert parse_database_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chipin.db",
        "mysql://host/chipin",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://me:a@host:port/chipin",
    ],
)
def test_any_other_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotConfigured, match="DATABASE_URL"):
        parse_database_url(url)


async def test_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/new/folder/chipin.db") as store:
        assert store.migrated
    assert (tmp_path / "new/folder/chipin.db").exists()


async def test_only_the_owner_may_read_a_new_file_and_its_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    async with open_store(f"sqlite:///{folder}/chipin.db") as store:
        await store.books.apply(enrol())
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert rights == {"new": 0o700, "chipin.db": 0o600, "chipin.db-wal": 0o600, "chipin.db-shm": 0o600}


async def test_whoever_only_looks_makes_no_file(new_sqlite_url: str) -> None:
    with pytest.raises(BooksUnavailable, match="no such file"):
        async with open_store(new_sqlite_url, must_exist=True):
            pass
    assert not file_of(new_sqlite_url).exists()


async def test_a_file_that_is_no_database_is_not_touched(new_sqlite_url: str) -> None:
    file_of(new_sqlite_url).write_text("a letter to my aunt")
    with pytest.raises(BooksUnavailable, match="cannot be opened"):
        async with open_store(new_sqlite_url):
            pass
    assert file_of(new_sqlite_url).read_text() == "a letter to my aunt"


async def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BooksUnavailable, match="cannot be opened"):
        async with open_store(f"sqlite:///{tmp_path}/file/chipin.db"):
            pass


async def test_every_commit_of_sqlite_is_on_disk_and_erased_text_is_gone(new_sqlite_url: str) -> None:
    async with open_store(new_sqlite_url):
        pass
    with closing(sqlite.connect(file_of(new_sqlite_url))) as connection:
        settings = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert found == ["wal", 2, 1, 1]


# --- what erased text leaves behind ---


async def erased(store: Store) -> None:
    await store.books.apply(enrol())
    await store.books.apply(claim("a", sealed_question=SEALED))
    await store.books.apply(conclude("a", RequestState.REFUSED))
    await store.books.apply(delivered("a"))
    store.driver.clock_offset_ms += KEEP_FOR_BUTTONS_MS
    await store.books.apply(erase("a"))


def on_disk(path: Path) -> bytes:
    return path.read_bytes()


async def test_tidying_empties_the_file_in_which_erased_text_still_stands(sqlite_url: str) -> None:
    written_ahead = Path(f"{file_of(sqlite_url)}-wal")
    async with open_store(sqlite_url) as store:
        await erased(store)
        assert SEALED in on_disk(written_ahead)
        await store.tidy()
        assert on_disk(written_ahead) == b""
        assert SEALED not in on_disk(file_of(sqlite_url))


async def test_tidying_waits_for_nobody_and_leaves_the_books_as_they_are(store: Store) -> None:
    await store.tidy()
    await erased(store)
    async with store.snapshot() as session:
        before = (await session.exec(select(Wallet.available_nanos))).one()
        await store.books.apply(top_up("meanwhile", 5))
        await asyncio.wait_for(store.tidy(), timeout=2)
        assert (await session.exec(select(Wallet.available_nanos))).one() == before
    await store.books.apply(top_up("afterwards", 5))


# --- migrations ---


async def test_what_is_up_to_date_is_left_alone(database_url: str) -> None:
    async with open_store(database_url):
        pass
    async with open_store(database_url) as again:
        assert not again.migrated


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without a schema."""
    url: str = request.getfixturevalue("new_sqlite_url" if request.param == "sqlite" else "empty_postgres_url")
    return url


def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    at_once, said = APART.Barrier(3, timeout=60), APART.SimpleQueue()
    starting = [APART.Process(target=open_once, args=(empty_url, at_once, said)) for _ in range(3)]
    for process in starting:
        process.start()
    for process in starting:
        process.join()
    assert [process.exitcode for process in starting] == [0, 0, 0]
    assert sorted(said.get() for _ in starting) == [False, False, True]


def test_whoever_opens_a_new_file_waits_for_another_who_writes_to_it(
    new_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(new_sqlite_url)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        pauses: list[float] = []

        def until_done(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                other.execute("COMMIT")

        monkeypatch.setattr(time, "sleep", until_done)
        with closing(sqlite.connect(file)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(pauses) == 3


def test_whoever_opens_a_new_file_does_not_wait_for_ever(new_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", 0.0)
    with closing(sqlite3.connect(file_of(new_sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            sqlite.connect(file_of(new_sqlite_url))


def open_once(url: str, at_once: Barrier, said: "SimpleQueue[bool]") -> None:
    """In a process of its own: say whether opening it changed the schema."""

    async def open_it() -> bool:
        async with open_store(url) as store:
            return store.migrated

    sqlite.BUSY_TIMEOUT_SECONDS = 60.0  # on a busy machine whoever migrates may take longer than a batch is waited for
    at_once.wait()
    said.put(asyncio.run(open_it()))


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: Connection, to: str) -> None:
        usual(connection, to)
        raise OSError("power cut")

    usual = migrate._upgrade
    monkeypatch.setattr(migrate, "_upgrade", half)
    with pytest.raises(BooksUnavailable, match="cannot be reached"):
        async with open_store(empty_url):
            pass
    monkeypatch.setattr(migrate, "_upgrade", usual)
    async with open_store(empty_url) as store:
        assert store.migrated
        await store.books.apply(enrol())


async def test_books_of_a_newer_chipin_are_not_touched(empty_url: str) -> None:
    async with open_store(empty_url) as store:
        await store.books.apply(enrol())
    await execute(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BooksUnavailable, match="newer"):
        async with open_store(empty_url):
            pass
    assert await look(empty_url, "SELECT count(*) FROM member") == [(1,)]


# --- reading ---


async def test_what_reads_cannot_write(store: Store) -> None:
    async with store.read_engine.connect() as connection:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await connection.execute(text("UPDATE wallet SET held_nanos = 0"))


async def test_a_snapshot_sees_one_moment(store: Store) -> None:
    async with store.snapshot() as session:
        before = (await session.exec(select(Wallet.available_nanos))).one()
        await store.books.apply(top_up("meanwhile", 5))
        assert (await session.exec(select(Wallet.available_nanos))).one() == before == 0
    async with store.snapshot() as session:
        assert (await session.exec(select(Wallet.available_nanos))).one() == 5


async def test_whoever_reads_does_not_hold_the_writer_up(store: Store) -> None:
    async with store.snapshot() as session:
        await session.exec(select(Wallet))
        moved = await asyncio.wait_for(store.books.apply(top_up("meanwhile", 5)), timeout=2)
    assert not isinstance(moved, Refused)


async def test_a_database_that_cannot_be_read_is_said(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        await execute(sqlite_url, "ALTER TABLE wallet RENAME TO purse")
        with pytest.raises(BooksUnavailable, match="cannot be used") as failed:
            async with store.snapshot() as session:
                await session.exec(select(Wallet))
        assert failed.value.detail == "OperationalError: no such table: wallet"


async def test_a_server_that_falls_silent_is_not_waited_for_for_ever(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "COMMAND_TIMEOUT_SECONDS", 0.3)
    async with open_store(postgres_url) as store:
        with pytest.raises(BooksUnavailable, match="does not answer"):
            async with store.snapshot() as session:
                await (await session.connection()).execute(text("SELECT pg_sleep(4)"))


async def test_too_many_readers_are_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pool: QueuePool = store.read_engine.pool  # type: ignore[assignment]
    monkeypatch.setattr(pool, "_timeout", 0.05)
    async with AsyncExitStack() as stack:
        for _ in range(pool.size() + pool._max_overflow):
            await (await stack.enter_async_context(store.snapshot())).connection()
        with pytest.raises(BooksUnavailable, match="too many"):
            async with store.snapshot() as session:
                await session.connection()


async def test_the_clock_is_the_databases_own(store: Store, database_url: str) -> None:
    now_ms = await store.now_ms()
    store.driver.clock_offset_ms += TEN_YEARS_MS
    assert 0 <= await store.now_ms() - now_ms - TEN_YEARS_MS < 60_000
