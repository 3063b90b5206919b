"""The writer's SQLite: the standard library's driver on a thread of its own, one transaction a batch."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from adapters.store.steps import Lock, Look, Outcomes, Plan, Step, post
from adapters.store.trouble import BROKEN_RULE, unavailable
from adapters.store.writer import TryAgain
from core.columns import COLUMNS, row_of
from core.errors import BooksDamaged
from core.operations import EraseTraces, Forget, Operation
from core.rows import Row, WalletRow

BUSY_TIMEOUT_SECONDS = 5.0
"""How long a batch waits for another process that has the file locked."""
BUSY_PAUSE_SECONDS = 0.01
_ERASING = (Forget, EraseTraces)
_MARK_BITS = 0x7FFFFFFF


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the books need it: WAL, every commit on disk, erased text really gone from the file."""
    if not path.exists():  # SQLite gives its -wal and -shm files the rights of the file itself
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set WAL, which stays in the file. SQLite waits for nobody here: of processes that make a file at once all but one
    would read "database is locked", whatever the timeout (it upgrades a read it has begun, which could deadlock)."""
    patience_ends = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as error:
            if not _is_busy(error) or time.monotonic() >= patience_ends:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return


class SqliteDriver:
    """`adapters.store.writer.Driver` on one file. `clock_offset_ms` moves its idea of now, for tests."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._connection: sqlite3.Connection | None = None
        self._scrub_due = False
        self.clock_offset_ms = 0

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        """One transaction, on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._post, operations)

    async def now_ms(self) -> int:
        """The database's clock: here the machine's."""
        return self._now_ms()

    def _now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.clock_offset_ms

    async def check_writable(self) -> None:
        """`BooksUnavailable` when the file or its disk is read-only: a BEGIN IMMEDIATE alone says nothing then."""
        await asyncio.to_thread(self._check_writable)

    def _check_writable(self) -> None:
        try:
            with closing(connect(self._path)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                connection.execute(f"PRAGMA user_version = {version}")
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise unavailable(error) from error

    async def tidy(self) -> None:
        """Empty the write-ahead file, in which erased text still stands. While somebody reads, it waits for next time.

        What cannot be tidied now is no failure of the books: the next round tries again.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._tidy)

    def _tidy(self) -> None:
        if self._scrub_due or self._scrub_mark():
            self._write_anew()
        if self._connection is None:
            return
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout=0")  # whoever writes meanwhile must not wait for a reader
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with suppress(sqlite3.Error):
            self._connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)}")

    async def scrub(self) -> bool:
        """Write the whole file anew, and empty the write-ahead file: nothing of erased rows stands in them then.

        Erased text is written over where it stood, but pages that were split keep copies of rows that moved. False
        while somebody reads, or where there is no room for it now: then `tidy` does it in its time, also that of a
        process that comes after this one: the file itself is marked by what erases, in the same transaction.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._scrub)

    def _scrub(self) -> bool:
        self._scrub_due = True
        self._tidy()
        log = Path(f"{self._path}-wal")
        return not self._scrub_due and not (log.exists() and log.stat().st_size)

    def _write_anew(self) -> None:
        with suppress(sqlite3.Error):
            connection = self._connection = self._connection or connect(self._path)
            mark = self._scrub_mark()
            connection.execute("VACUUM")
            self._scrub_due = False
            connection.execute("BEGIN IMMEDIATE")
            if self._scrub_mark() == mark:  # else another process has erased something since
                connection.execute("PRAGMA user_version = 0")
            connection.execute("COMMIT")

    def _scrub_mark(self) -> int:
        """When somebody was last forgotten whose bytes were not written over yet; 0 for never, or where nobody looked.

        It is a number in the file's header that SQLite leaves to its users; nothing else uses it.
        """
        if self._connection is None:
            return 0
        with suppress(sqlite3.Error):
            (mark,) = self._connection.execute("PRAGMA user_version").fetchone()
            return int(mark)
        return 0

    async def close(self) -> None:
        """Close the file and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        committing = False
        try:
            connection = self._connection = self._connection or connect(self._path)
            connection.execute("BEGIN IMMEDIATE")
            outcomes = _drive(connection, post(operations), self._now_ms())
            if any(isinstance(operation, _ERASING) for operation in operations):
                connection.execute(f"PRAGMA user_version = {self._now_ms() & _MARK_BITS | 1}")
            committing = True
            connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            self._rollback()
            if "UNIQUE" in str(error):  # another process made the row since we looked: look again
                raise TryAgain(str(error)) from error
            raise BooksDamaged(BROKEN_RULE, detail=str(error)) from error
        except sqlite3.Error as error:
            self._disconnect()
            if committing and _is_of_the_disk(error):  # the commit may stand in the file all the same
                raise TryAgain(f"COMMIT failed ({error})", uncertain=True) from error
            raise unavailable(error) from error
        except BaseException:
            self._rollback()
            raise
        return outcomes

    def _rollback(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()  # an open transaction is rolled back by it


def _is_of_the_disk(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _drive(connection: sqlite3.Connection, plan: Plan, now_ms: int) -> Outcomes:
    try:
        step = next(plan)
        while True:
            step = plan.send(_do(connection, step, now_ms))
    except StopIteration as end:
        outcomes: Outcomes = end.value
        return outcomes


def _do(connection: sqlite3.Connection, step: Step, now_ms: int) -> Any:
    if isinstance(step, Lock):  # BEGIN IMMEDIATE has locked everything
        return now_ms, _rows(connection, WalletRow, step.ids)
    if isinstance(step, Look):
        return {kind: _rows(connection, kind, ids) for kind, ids in step.ids.items()}
    for cells in step.made:
        connection.executemany(_insert(cells.kind.table, cells.names), zip(*cells.columns, strict=True))
    for cells in step.changed:
        ids, *columns = cells.columns  # an UPDATE names the id last
        update = _update(cells.kind.table, cells.names)
        updated = connection.executemany(update, zip(*columns, ids, strict=True)).rowcount
        if updated != cells.count:
            raise BooksDamaged(f"{cells.count} rows of {cells.kind.table} were to change, {updated} did.")
    for cells in step.removed:
        (ids,) = cells.columns
        removed = connection.executemany(_delete(cells.kind.table), zip(ids, strict=True)).rowcount
        if removed != cells.count:
            raise BooksDamaged(f"{cells.count} rows of {cells.kind.table} were to go, {removed} did.")
    return None


def _rows(connection: sqlite3.Connection, kind: type[Row], ids: Sequence[str]) -> list[Row]:
    places = 1 << (len(ids) - 1).bit_length()  # a power of two: few statements to prepare, for any number of ids
    select = _select(kind.table, COLUMNS[kind].names, places)
    found = connection.execute(select, [*ids, *[ids[-1]] * (places - len(ids))])
    return [row_of(kind, row) for row in found]


@cache
def _select(table: str, names: tuple[str, ...], places: int) -> str:
    return f'SELECT {", ".join(names)} FROM "{table}" WHERE id IN ({", ".join("?" * places)})'


@cache
def _insert(table: str, names: tuple[str, ...]) -> str:
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'


@cache
def _update(table: str, names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ?" for name in names[1:])
    return f'UPDATE "{table}" SET {changes} WHERE id = ?'


@cache
def _delete(table: str) -> str:
    return f'DELETE FROM "{table}" WHERE id = ?'
