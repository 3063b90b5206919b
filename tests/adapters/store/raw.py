"""The database past the store: SQL by hand, with every guard off where a test wants to do damage."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg


def file_of(url: str) -> Path:
    """The file of a SQLite URL."""
    return Path(url.removeprefix("sqlite:///"))


async def execute(url: str, *statements: str) -> None:
    """Run SQL as any other program could. What the database refuses is raised as its driver's error."""
    if url.startswith("sqlite"):
        await asyncio.to_thread(_on_sqlite, file_of(url), statements)
    else:
        await _on_postgres(url, statements)


async def tamper(url: str, *statements: str) -> None:
    """The same with triggers, CHECKs (on SQLite) and foreign keys off."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url))) as file:
            triggers = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        guards = ("PRAGMA ignore_check_constraints=ON", *(f"DROP TRIGGER {name}" for (name,) in triggers))
        await execute(url, *guards, *statements)
    else:
        await execute(url, "SET session_replication_role = replica", *statements)


def replace_with(books: Path, url: str) -> None:
    """Put other books in a SQLite file's place, whoever has it open."""
    with closing(sqlite3.connect(books)) as there, closing(sqlite3.connect(file_of(url))) as here:
        there.backup(here)


async def look(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url))) as file:
            return file.execute(query).fetchall()
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


def _on_sqlite(path: Path, statements: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


async def _on_postgres(url: str, statements: tuple[str, ...]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def transaction(url: str, *statements: str) -> AsyncIterator[None]:
    """Another process in the middle of a transaction, which commits at the end."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as file:
            for statement in ("BEGIN IMMEDIATE", *statements):
                file.execute(statement)
            yield
            file.execute("COMMIT")
        return
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
            yield
    finally:
        await connection.close()
