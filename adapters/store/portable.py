"""The one format of a backup, whatever database the books are in: a SQLite file with the schema of the books.

A table of its own says when and of which schema it was made, and for every table how many rows it has and their
SHA-256, so that a file that was damaged on its way is known before anything is done with it. The schema itself is
always made by our own migrations and only rows are copied: triggers, types and CHECKs hold for every row that comes.
"""

import hashlib
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.migrate import SCHEMA_VERSION
from core.errors import BackupFailed

ROWS_AT_A_TIME = 2_000
_ABOUT, _SEAL = "backup_about", "backup_seal"
_NOT_BOOKS = ("alembic_version", _ABOUT, _SEAL, "slack_bots", "slack_installations", "slack_oauth_states")
"""Nobody who finds a backup shall be able to write in anybody's Slack: workspaces install Chipin again."""
_INTACT = "ok"
_REVISION = re.compile(r"[0-9]{4}")

Rows = list[tuple[Any, ...]]
Tables = dict[str, tuple[str, ...]]
"""The columns of each table."""


@dataclass(frozen=True, slots=True)
class About:
    """When a backup was made (by its database's clock, UTC milliseconds), and of which schema."""

    made_at_ms: int
    schema: str


def tables_of(file: sqlite3.Connection) -> Tables:
    """The tables of the books in a file, by name."""
    names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
    ours = [name for (name,) in names.fetchall() if name not in _NOT_BOOKS]
    return {name: tuple(row[1] for row in file.execute(f'PRAGMA table_info("{name}")')) for name in ours}


async def live_rows(connection: AsyncConnection, table: str, columns: tuple[str, ...]) -> AsyncIterator[Rows]:
    """The rows of a table in open books, a piece at a time, as the connection's snapshot has them."""
    query = text(f'SELECT {", ".join(columns)} FROM "{table}"')
    found = await connection.stream(query, execution_options={"yield_per": ROWS_AT_A_TIME})
    async for rows in found.partitions(ROWS_AT_A_TIME):
        yield [tuple(row) for row in rows]


def file_rows(file: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[Rows]:
    """The same of a file, in the order in which they were written."""
    found = file.execute(f'SELECT {", ".join(columns)} FROM "{table}" ORDER BY rowid')
    while rows := found.fetchmany(ROWS_AT_A_TIME):
        yield rows


def insert(file: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Rows) -> None:
    """Add rows; the schema's rules apply to each."""
    values = ", ".join("?" * len(columns))
    file.executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({values})', rows)


def seal(file: sqlite3.Connection, about: About) -> None:
    """Write into a backup what it is and what stands in it, as it can be read back."""
    file.execute(f"CREATE TABLE {_ABOUT} (made_at_ms INTEGER NOT NULL, schema TEXT NOT NULL)")
    file.execute(f"CREATE TABLE {_SEAL} (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, sha256 TEXT NOT NULL)")
    file.execute(f"INSERT INTO {_ABOUT} VALUES (?, ?)", (about.made_at_ms, about.schema))
    for table, columns in tables_of(file).items():
        file.execute(f"INSERT INTO {_SEAL} VALUES (?, ?, ?)", (table, *_fingerprint(file, table, columns)))


def _fingerprint(file: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256(repr(columns).encode())
    for rows in file_rows(file, table, columns):
        count += len(rows)
        for row in rows:
            digest.update(repr(row).encode())
    return count, digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[sqlite3.Connection, About]]:
    """A backup, proved to be whole; it is only read. `BackupFailed` says what is wrong with the file."""
    if not path.is_file():
        raise BackupFailed(f"There is no file {path}.")
    try:
        # Immutable: not even a lock is asked for, so that it may lie on a medium that cannot be written.
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        ) as file:
            file.execute("PRAGMA trusted_schema=OFF")
            about = _about(file, path)
            _prove(file, path)
            yield file, about
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"{path} is not a backup of Chipin, or it is damaged ({error}).") from error


def _about(file: sqlite3.Connection, path: Path) -> About:
    about = About(*file.execute(f"SELECT made_at_ms, schema FROM {_ABOUT}").fetchone() or (0, ""))
    if not _REVISION.fullmatch(about.schema):
        raise BackupFailed(f"{path} is not a backup of Chipin: it names no schema.")
    if about.schema > SCHEMA_VERSION:
        raise BackupFailed(
            f"{path} was made by a newer Chipin (schema {about.schema}, this one knows {SCHEMA_VERSION}). "
            "Restore it with that one."
        )
    return about


def _prove(file: sqlite3.Connection, path: Path) -> None:
    (found,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    sealed = {name: (rows, sha256) for name, rows, sha256 in file.execute(f"SELECT * FROM {_SEAL}")}
    tables = tables_of(file)
    if found != _INTACT or sealed.keys() != tables.keys():
        raise BackupFailed(f"{path} is damaged. Take another backup.")
    for table, columns in tables.items():
        if _fingerprint(file, table, columns) != sealed[table]:
            raise BackupFailed(f"{path} is damaged: {table} is not as it was written. Take another backup.")
