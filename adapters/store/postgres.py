"""The writer's PostgreSQL: one asyncpg connection, rows of a kind in one statement, one transaction a batch."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Any

import asyncpg

from adapters.store.steps import COLUMNS, Insert, Outcomes, Read, Step, post
from adapters.store.writer import TryAgain
from core.errors import BooksDamaged, BooksUnavailable
from core.operations import Operation
from core.rows import KINDS, CounterRow, Row, WalletRow

COMMAND_TIMEOUT_SECONDS = 10.0
_TYPES = {str: "text", int: "bigint", bytes: "bytea"}
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asyncpg lost track of the protocol: seen when a connection was cut while it was busy
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
)
_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_LOCKED: tuple[type[Row], ...] = (WalletRow, CounterRow)


class PostgresDriver:
    """`adapters.store.writer.Driver` on a server. `clock_offset_ms` moves its idea of now, for tests."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection[Any] | None = None
        self.clock_offset_ms = 0

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        """One transaction; locks go in the order wallet, then counters, each by id."""
        connection = await self._connected()
        committing = False
        try:
            async with connection.transaction():
                now_ms = await connection.fetchval(_NOW) + self.clock_offset_ms
                outcomes = await _drive(connection, post(operations, now_ms))
                committing = True
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
            raise TryAgain(str(error)) from error
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.PLPGSQLError) as error:
            raise BooksDamaged(f"The database refused to break a rule of the books: {error}.") from error
        except (asyncpg.DataError, ValueError) as error:  # text or a number that PostgreSQL has no way to keep
            raise BooksDamaged(f"The database cannot keep a value: {error}.") from error
        except _LOST as error:  # perhaps after the commit: tried again, each operation is looked up first
            await self.close()
            raise TryAgain(f"the connection was lost ({type(error).__name__})", uncertain=committing) from error
        except (asyncpg.PostgresError, OSError) as error:
            await self.close()
            if committing and isinstance(error, OSError):  # no answer in time: it may be on disk all the same
                raise TryAgain(f"COMMIT was not answered ({type(error).__name__})", uncertain=True) from error
            raise BooksUnavailable(f"The database cannot write now ({type(error).__name__}).") from error
        return outcomes

    async def now_ms(self) -> int:
        """The server's clock, over a connection of its own: the writer's is busy."""
        try:
            connection = await asyncpg.connect(self._dsn, timeout=COMMAND_TIMEOUT_SECONDS)
            try:
                now_ms: int = await connection.fetchval(_NOW)
            finally:
                await connection.close()
        except _TROUBLE as error:
            raise _unreachable(error) from error
        return now_ms + self.clock_offset_ms

    async def tidy(self) -> None:
        """Nothing to do: nobody reads what the server keeps but the server."""

    async def close(self) -> None:
        """Drop the connection; the next batch opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_TROUBLE):
                await connection.close(timeout=2)

    async def _connected(self) -> "asyncpg.Connection[Any]":
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(
                    self._dsn, timeout=COMMAND_TIMEOUT_SECONDS, command_timeout=COMMAND_TIMEOUT_SECONDS
                )
            except _TROUBLE as error:
                raise _unreachable(error) from error
        return self._connection


def _unreachable(error: Exception) -> BooksUnavailable:
    return BooksUnavailable(f"The database cannot be reached ({type(error).__name__}).")


async def _drive(connection: "asyncpg.Connection[Any]", plan: Generator[Step, Any, Outcomes]) -> Outcomes:
    try:
        step = next(plan)
        while True:
            step = plan.send(await _do(connection, step))
    except StopIteration as end:
        outcomes: Outcomes = end.value
        return outcomes


async def _do(connection: "asyncpg.Connection[Any]", step: Step) -> Any:
    if isinstance(step, Read):
        return [step.kind(**found) for found in await connection.fetch(_SELECT[step.kind], step.ids)]
    by_column = list(zip(*map(COLUMNS[step.kind].values, step.rows), strict=True))
    if isinstance(step, Insert):
        return await connection.execute(_INSERT[step.kind], *by_column)
    changed = int((await connection.execute(_UPDATE[step.kind], *by_column)).split()[-1])
    if changed != len(step.rows):
        raise BooksDamaged(f"{len(step.rows)} rows of {step.kind.table} were to change, {changed} did.")
    return changed


def _unnest(kind: type[Row]) -> str:
    columns = COLUMNS[kind]
    arrays = ", ".join(f"${number}::{_TYPES[of]}[]" for number, of in enumerate(columns.types, 1))
    return f"unnest({arrays})"


def _select(kind: type[Row]) -> str:
    lock = " FOR UPDATE" if kind in _LOCKED else ""
    return f'SELECT {", ".join(COLUMNS[kind].names)} FROM "{kind.table}" WHERE id = ANY($1::text[]) ORDER BY id{lock}'


def _insert(kind: type[Row]) -> str:
    return f'INSERT INTO "{kind.table}" ({", ".join(COLUMNS[kind].names)}) SELECT * FROM {_unnest(kind)}'


def _update(kind: type[Row]) -> str:
    names = COLUMNS[kind].names
    changes = ", ".join(f"{name} = new.{name}" for name in names[1:])
    new = f"{_unnest(kind)} AS new ({', '.join(names)})"
    return f'UPDATE "{kind.table}" AS old SET {changes} FROM {new} WHERE old.id = new.id'


_SELECT = {kind: _select(kind) for kind in KINDS}
_INSERT = {kind: _insert(kind) for kind in KINDS}
_UPDATE = {kind: _update(kind) for kind in KINDS}
