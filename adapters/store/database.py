"""Opens the books at a database URL: one writer, one engine that can only read."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import structlog
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.store import sqlite
from adapters.store.migrate import migrate, migrate_within
from adapters.store.postgres import COMMAND_TIMEOUT_SECONDS, PostgresDriver
from adapters.store.sqlite import SqliteDriver
from adapters.store.trouble import unavailable
from adapters.store.writer import MAX_BATCH, Writer
from core.errors import BooksUnavailable, NoBooksYet, NotConfigured

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """Open books: `books` writes, `snapshot()` reads."""

    books: Writer
    driver: SqliteDriver | PostgresDriver
    read_engine: AsyncEngine
    migrated: bool
    """Whether opening it changed the schema."""

    async def now_ms(self) -> int:
        """The database's clock, in milliseconds since 1970: what holds and leases go by."""
        return await self.driver.now_ms()

    async def check_writable(self) -> None:
        """`BooksUnavailable` where the books can be read but not written."""
        await self.driver.check_writable()

    async def tidy(self) -> None:
        """Remove what erased text left behind outside of the tables."""
        await self.driver.tidy()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session in which every read sees the same moment, and which cannot write."""
        try:
            async with AsyncSession(self.read_engine) as session:
                yield session
        except PoolExhausted as error:
            raise BooksUnavailable("The database cannot be read now: too many are reading it.") from error
        except (DBAPIError, OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            trouble = unavailable(error)
            _log.warning("database_trouble", reason=trouble.in_full)
            raise trouble from error


@asynccontextmanager
async def open_store(
    database_url: str, *, must_exist: bool = False, as_it_is: bool = False, max_batch: int = MAX_BATCH
) -> AsyncIterator[Store]:
    """Open, migrate if needed, and close at the end. `NotConfigured` or `BooksUnavailable` when it cannot be.

    `must_exist` refuses to make a new file: whoever looks at books must not find fresh empty ones.
    `as_it_is` refuses books of another schema instead of migrating them.
    """
    url = parse_database_url(database_url)
    write_engine = await _write_engine(url, must_exist=must_exist)
    try:
        migrated = await migrate(write_engine, only_check=as_it_is)
    finally:
        await write_engine.dispose()
    read_engine = _read_engine(url)
    driver = _driver(url)
    try:
        async with Writer(driver, max_batch=max_batch) as books:
            yield Store(books, driver, read_engine, migrated)
    finally:
        await read_engine.dispose()


def engine_beside(database_url: str) -> AsyncEngine:
    """For tables of the same database that are no books: a library of a chat's writes them. The schema is there.

    Its transactions exclude each other where they touch the same row: of two that take it away, one fails.
    """
    url = parse_database_url(database_url)
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, hide_parameters=True)
        _begin_with(engine, "BEGIN IMMEDIATE")
        return engine
    return _server_engine(url)


async def lay_out(path: Path, schema: str) -> None:
    """Make the tables of a schema, with its CHECKs and triggers, in a new SQLite file."""
    engine = create_async_engine(sqlite_url(path))
    _begin_with(engine, "BEGIN IMMEDIATE")
    try:
        async with engine.begin() as connection:
            await migrate_within(connection, schema)
    except (DBAPIError, OSError) as error:
        raise unavailable(error) from error
    finally:
        await engine.dispose()


def sqlite_url(path: Path) -> str:
    """The URL of a file, whatever its name has in it."""
    return URL.create("sqlite+aiosqlite", database=str(path)).render_as_string()


def parse_database_url(database_url: str) -> URL:
    """`sqlite:///FILE` or `postgresql://...`, whatever driver name it carries; `NotConfigured` for others."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # ValueError: its port is no number. The URL has a password: it is not shown
        raise NotConfigured("DATABASE_URL is not a database URL. Example: sqlite:///data/chipin.db") from None
    match url.get_backend_name():
        case "sqlite":
            if not url.database or url.database == ":memory:":
                raise NotConfigured("DATABASE_URL must name a file: money is never kept in memory only.")
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+asyncpg")
    raise NotConfigured("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def sqlite_file(url: URL) -> Path:
    """The file that a `sqlite` URL names."""
    return Path(str(url.database)).expanduser()


def _driver(url: URL) -> SqliteDriver | PostgresDriver:
    if url.get_backend_name() == "sqlite":
        return SqliteDriver(sqlite_file(url))
    return PostgresDriver(url.set(drivername="postgresql").render_as_string(hide_password=False))


async def _write_engine(url: URL, *, must_exist: bool) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True)  # its errors reach the log
    if url.get_backend_name() == "sqlite":
        await asyncio.to_thread(_prepare_file, sqlite_file(url), must_exist)
        _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def _prepare_file(path: Path, must_exist: bool) -> None:
    if must_exist and not path.exists():
        raise NoBooksYet(f"There are no books at {path}: no such file. Check DATABASE_URL.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sqlite.connect(path).close()  # WAL is set before anything else touches the file
    except (OSError, sqlite3.Error) as error:
        raise BooksUnavailable(f"The database file {path} cannot be opened for writing: {error}.") from error


def _read_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, hide_parameters=True)
        _begin_with(engine, "BEGIN", "PRAGMA query_only=ON")
        return engine
    return _server_engine(url, execution_options={"postgresql_readonly": True})


def _server_engine(url: URL, **options: Any) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        # A connection that a firewall forgot says nothing at all: whoever reads must not wait for it for ever.
        connect_args={"timeout": COMMAND_TIMEOUT_SECONDS, "command_timeout": COMMAND_TIMEOUT_SECONDS},
        **options,
    )


def _begin_with(engine: AsyncEngine, begin: str, *on_connect: str) -> None:
    """Let SQLAlchemy begin transactions itself: Python's sqlite3 would begin them only at the first write."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for statement in (f"PRAGMA busy_timeout={int(sqlite.BUSY_TIMEOUT_SECONDS * 1000)}", *on_connect):
            connection.execute(statement)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
