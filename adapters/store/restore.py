"""`restore`: books out of a backup, into a place where there are none; whole or not at all.

The rows go into a new file with the schema they were written with, which our own migrations make and then bring up to
date, and which is audited. It becomes the SQLite books by getting their name, or goes into PostgreSQL
in one transaction.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.store import tables
from adapters.store.audit import audit
from adapters.store.backup import Progress, leave_as_one_file
from adapters.store.database import Store, lay_out, open_store, parse_database_url, sqlite_file, sqlite_url
from adapters.store.drafts import SIDE_FILES, draft, publish, writing
from adapters.store.migrate import migrate_within
from adapters.store.portable import file_rows, insert, opened, tables_of
from adapters.store.trouble import unavailable
from core.errors import BackupFailed

_TROUBLE = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@dataclass(frozen=True, slots=True)
class OpenHold:
    """An ask that ran when the backup was made: what its provider may have billed since, at most."""

    team: str
    provider: str
    model: str
    amount_nanos: int


@dataclass(frozen=True, slots=True)
class Restored:
    """Books that were restored. `balances` are (team, available, held) in nano-dollars; `providers` were in use.

    `secret_digest` is what only the books' own secret gives; empty where no Chipin had run on them.
    """

    made_at_ms: int
    balances: tuple[tuple[str, int, int], ...]
    open_holds: tuple[OpenHold, ...]
    providers: tuple[str, ...]
    secret_digest: str


async def restore(backup: Path, database_url: str, progress: Progress) -> Restored:
    """Put a backup where there are no books. `BackupFailed` (or `BooksUnavailable`) when it cannot be.

    Then nothing is there that was not there before: no Chipin can start on a half of it.
    """
    url = parse_database_url(database_url)
    on_file = url.get_backend_name() == "sqlite"
    if on_file:
        refuse_if_there(sqlite_file(url))
    else:
        async with _empty_postgres(url, commits=False):
            pass  # before a long look at the file; once more in the transaction that writes
    with opened(backup) as (file, about), tempfile.TemporaryDirectory(prefix="chipin-restore-") as folder:
        place = Path(f"{sqlite_file(url)}.restoring") if on_file else Path(folder) / "books.db"
        with writing(place.parent):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft(place) as written:
            with writing(written):
                await lay_out(written, about.schema)
                await asyncio.to_thread(_fill, written, file, progress)
                restored = await _audited(written, about.made_at_ms, progress)
            if on_file:
                publish(written, sqlite_file(url))
            else:
                await _into_postgres(written, url, progress)
    if not on_file:
        async with open_store(database_url) as store:
            await _balance(store, progress)
    return restored


def refuse_if_there(path: Path) -> None:
    """`BackupFailed` where a database file is, or where one left something that SQLite would take for its own."""
    for name in (path, *(Path(f"{path}{side}") for side in SIDE_FILES)):
        if name.exists():
            raise BackupFailed(
                f"{name} is there already, and is left as it is. Stop Chipin and move it away "
                f"(with {path.name}-wal and {path.name}-shm, if they are there), then restore again."
            )


def _fill(written: Path, backup: sqlite3.Connection, progress: Progress) -> None:
    try:
        with closing(sqlite3.connect(written, isolation_level=None)) as file:
            if tables_of(file) != tables_of(backup):
                raise BackupFailed("Its tables are not those of the schema it names: this is no backup of Chipin.")
            file.execute("PRAGMA synchronous=OFF")  # it is synced once, as a whole, before it is used
            file.execute("BEGIN")
            _fill_tables(file, backup, progress)
            if file.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise BackupFailed("A row of the backup refers to one that is not there: these are not whole books.")
            file.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        raise BackupFailed(f"A row of the backup breaks a rule of the books: {error}.") from error


def _fill_tables(file: sqlite3.Connection, backup: sqlite3.Connection, progress: Progress) -> None:
    copied = 0
    for table, columns in tables_of(file).items():
        for rows in file_rows(backup, table, columns):
            insert(file, table, columns, rows)
            copied += len(rows)
            progress(f"{copied:,} rows read")


async def _audited(written: Path, made_at_ms: int, progress: Progress) -> Restored:
    """Bring the books up to date, prove that they balance, and look at what has to be told of them."""
    async with open_store(sqlite_url(written)) as store:
        await _balance(store, progress)
        restored = await _told(store, made_at_ms)
    leave_as_one_file(written)
    return restored


async def _balance(store: Store, progress: Progress) -> None:
    report = await audit(store, on_chunk=lambda table, rows: progress(f"{rows:,} rows of {table} audited"))
    if report.violations:
        rules = ", ".join(sorted({finding.rule for finding in report.violations}))
        raise BackupFailed(f"The books in the backup do not balance ({rules}). Take another backup.")


_TEAM = "coalesce((SELECT min(t.name) FROM team t WHERE t.wallet_id = w.id), w.id)"
_BALANCES = f"SELECT {_TEAM}, w.available_nanos, w.held_nanos FROM wallet w ORDER BY 1"
_OPEN = (
    f"SELECT {_TEAM}, h.provider, h.model, h.amount_nanos FROM hold h JOIN wallet w ON w.id = h.wallet_id "
    "WHERE h.state = 'open' ORDER BY 1, h.opened_at_ms"
)
_PROVIDERS = "SELECT provider FROM receipt_line UNION SELECT provider FROM hold WHERE provider <> '' ORDER BY 1"
_SECRET = "SELECT coalesce(min(digest), '') FROM secret"  # noqa: S105 - a query


async def _told(store: Store, made_at_ms: int) -> Restored:
    async with store.snapshot() as session:
        connection = await session.connection()

        async def found(query: str) -> list[Any]:
            return [tuple(row) for row in await connection.execute(text(query))]

        return Restored(
            made_at_ms=made_at_ms,
            balances=tuple(await found(_BALANCES)),
            open_holds=tuple(OpenHold(*row) for row in await found(_OPEN)),
            providers=tuple(provider for (provider,) in await found(_PROVIDERS)),
            secret_digest=(await found(_SECRET))[0][0],
        )


@asynccontextmanager
async def _empty_postgres(url: URL, *, commits: bool) -> AsyncIterator[AsyncConnection]:
    """A transaction on a database with no books in it, which no Chipin can begin to use before it is over."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await migrate_within(connection)  # its lock keeps those waiting who start meanwhile
            await _refuse_books(connection)
            if others := (await connection.execute(text(_OTHERS))).scalar_one():
                raise BackupFailed(
                    f"{others} other connections to this database are open. Stop Chipin, and whatever else uses it."
                )
            await connection.execute(text(f"LOCK TABLE {', '.join(_TABLES)} IN ACCESS EXCLUSIVE MODE"))
            await _refuse_books(connection)  # once more: now nobody can write any
            yield connection
            if commits:
                await connection.commit()
    except _TROUBLE as error:
        raise unavailable(error) from error
    finally:
        await engine.dispose()


async def _refuse_books(connection: AsyncConnection) -> None:
    filled = " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in _TABLES)
    if (await connection.execute(text(f"SELECT {filled}"))).scalar_one():
        raise BackupFailed(
            "There are books in this database already, and they are left as they are. Stop Chipin, and let "
            "DATABASE_URL name a new, empty database."
        )


_TABLES = tuple(f'"{table.name}"' for table in tables.Wallet.metadata.sorted_tables)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


async def _into_postgres(written: Path, url: URL, progress: Progress) -> None:
    copied = 0
    async with _empty_postgres(url, commits=True) as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        with closing(sqlite3.connect(written)) as file:
            columns = tables_of(file)
            for table in tables.Wallet.metadata.sorted_tables:
                for rows in file_rows(file, table.name, columns[table.name]):
                    await raw.copy_records_to_table(table.name, records=rows, columns=columns[table.name])
                    copied += len(rows)
                    progress(f"{copied:,} rows written")
