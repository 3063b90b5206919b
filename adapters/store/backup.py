"""`backup`: a copy of all books at one moment, beside a running process, in bounded memory.

The rows are read from one snapshot, which holds up no writer on either database and never has to begin anew. (SQLite's
own backup API copies pages and starts over whenever another connection writes; `VACUUM INTO` knows no PostgreSQL.)
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.audit import AuditReport, audit
from adapters.store.database import Store, lay_out, open_store, sqlite_url
from adapters.store.drafts import draft, publish, writing
from adapters.store.migrate import SCHEMA_VERSION
from adapters.store.portable import About, insert, live_rows, seal, tables_of
from core.errors import BackupFailed

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. `made_at_ms` is the moment it shows, by its database's clock."""

    made_at_ms: int
    rows: int
    report: AuditReport


async def back_up(database_url: str, target: Path, progress: Progress) -> Backup:
    """Copy the books to a new file, audit it there, and only then give it its name.

    `BackupFailed` (or what `open_store` raises) when there is a file of that name, it cannot be written, or the books
    do not balance; then there is no such file afterwards either.
    """
    refuse_if_there(target)
    async with open_store(database_url, must_exist=True, as_it_is=True) as store:
        with draft(Path(f"{target}.partial")) as written:
            with writing(written):
                await lay_out(written, SCHEMA_VERSION)
            made_at_ms, rows = await _copy(store, written, progress)
            report = await audit_file(written, progress)
            if report.violations:
                raise BackupFailed(
                    "The books do not balance, so no backup was made of them: `python -m bot audit` says what is wrong."
                )
            publish(written, target)
    return Backup(made_at_ms, rows, report)


def refuse_if_there(target: Path) -> None:
    """`BackupFailed` where a file of that name would have to be written over."""
    if os.path.lexists(target):
        raise BackupFailed(f"{target} is there already, and is left as it is. Give the backup another name.")


async def _copy(store: Store, written: Path, progress: Progress) -> tuple[int, int]:
    made_at_ms = await store.now_ms()
    async with store.snapshot() as session:
        connection = await session.connection()
        with writing(written), closing(_connected(written)) as file:
            file.execute("BEGIN")
            rows = await _copy_tables(connection, file, progress)
            await asyncio.to_thread(seal, file, About(made_at_ms, SCHEMA_VERSION))
            file.execute("COMMIT")
    return made_at_ms, rows


def _connected(written: Path) -> sqlite3.Connection:
    file = sqlite3.connect(written, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA synchronous=OFF")  # it is synced once, as a whole, before it gets its name
    return file


async def _copy_tables(connection: AsyncConnection, file: sqlite3.Connection, progress: Progress) -> int:
    copied = 0
    for table, columns in tables_of(file).items():
        async for rows in live_rows(connection, table, columns):
            await asyncio.to_thread(insert, file, table, columns, rows)
            copied += len(rows)
            progress(f"{copied:,} rows copied")
    return copied


async def audit_file(path: Path, progress: Progress) -> AuditReport:
    """Audit a file of ours, and leave it as one file that can be moved."""
    with writing(path):
        async with open_store(sqlite_url(path)) as store:
            report = await audit(store, on_chunk=lambda table, rows: progress(f"{rows:,} rows of {table} audited"))
        leave_as_one_file(path)
    return report


def leave_as_one_file(path: Path) -> None:
    """Without a write-ahead file beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
