"""The writer's SQLite: the standard library's driver on a thread of its own, one transaction a batch."""

import asyncio
import sqlite3
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters.store.steps import COLUMNS, Insert, Outcomes, Read, Step, post
from adapters.store.writer import TryAgain
from core.errors import BooksDamaged, BooksUnavailable
from core.operations import Operation
from core.rows import KINDS, Row

BUSY_TIMEOUT_SECONDS = 5.0
"""How long a batch waits for another process that has the file locked."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the books need it: WAL, every commit on disk, erased text really gone from the file."""
    if not path.exists():  # SQLite gives its -wal and -shm files the rights of the file itself
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")
    return connection


class SqliteDriver:
    """`adapters.store.writer.Driver` on one file. `clock_offset_ms` moves its idea of now, for tests."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._connection: sqlite3.Connection | None = None
        self.clock_offset_ms = 0

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        """One transaction, on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._post, operations)

    async def now_ms(self) -> int:
        """The database's clock: here the machine's."""
        return self._now_ms()

    def _now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.clock_offset_ms

    async def tidy(self) -> None:
        """Empty the write-ahead file, in which erased text still stands. While somebody reads, it waits for next time.

        What cannot be tidied now is no failure of the books: the next round tries again.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._tidy)

    def _tidy(self) -> None:
        if self._connection is None:
            return
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout=0")  # whoever writes meanwhile must not wait for a reader
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with suppress(sqlite3.Error):
            self._connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)}")

    async def close(self) -> None:
        """Close the file and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        try:
            connection = self._connection = self._connection or connect(self._path)
            connection.execute("BEGIN IMMEDIATE")
            outcomes = _drive(connection, post(operations, self._now_ms()))
            connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            self._rollback()
            if "UNIQUE" in str(error):  # another process made the row since we looked: look again
                raise TryAgain(str(error)) from error
            raise BooksDamaged(f"The database refused to break a rule of the books: {error}.") from error
        except sqlite3.Error as error:
            self._disconnect()
            raise BooksUnavailable(f"The database file cannot be written ({error}).") from error
        except BaseException:
            self._rollback()
            raise
        return outcomes

    def _rollback(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()  # an open transaction is rolled back by it
            self._connection = None


def _drive(connection: sqlite3.Connection, plan: Generator[Step, Any, Outcomes]) -> Outcomes:
    try:
        step = next(plan)
        while True:
            step = plan.send(_do(connection, step))
    except StopIteration as end:
        outcomes: Outcomes = end.value
        return outcomes


def _do(connection: sqlite3.Connection, step: Step) -> Any:
    columns = COLUMNS[step.kind]
    if isinstance(step, Read):
        select = _SELECT[step.kind]
        rows = (connection.execute(select, (row_id,)).fetchone() for row_id in step.ids)
        return [step.kind(**dict(zip(columns.names, row, strict=True))) for row in rows if row is not None]
    if isinstance(step, Insert):
        return connection.executemany(_INSERT[step.kind], map(columns.values, step.rows))
    # The id is the first column; an UPDATE names it last.
    values = ((*found[1:], found[0]) for found in map(columns.values, step.rows))
    changed = connection.executemany(_UPDATE[step.kind], values).rowcount
    if changed != len(step.rows):
        raise BooksDamaged(f"{len(step.rows)} rows of {step.kind.table} were to change, {changed} did.")
    return changed


def _select(kind: type[Row]) -> str:
    return f'SELECT {", ".join(COLUMNS[kind].names)} FROM "{kind.table}" WHERE id = ?'


def _insert(kind: type[Row]) -> str:
    names = COLUMNS[kind].names
    return f'INSERT INTO "{kind.table}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'


def _update(kind: type[Row]) -> str:
    changes = ", ".join(f"{name} = ?" for name in COLUMNS[kind].names[1:])
    return f'UPDATE "{kind.table}" SET {changes} WHERE id = ?'


_SELECT = {kind: _select(kind) for kind in KINDS}
_INSERT = {kind: _insert(kind) for kind in KINDS}
_UPDATE = {kind: _update(kind) for kind in KINDS}
