"""The writer's PostgreSQL: one asyncpg connection, rows of a kind in one statement, one transaction a batch."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from itertools import count
from typing import Any

import asyncpg

from adapters.store.steps import Lock, Look, Outcomes, Plan, Step, post
from adapters.store.trouble import BROKEN_RULE, READ_ONLY, unavailable
from adapters.store.writer import TryAgain
from core.columns import COLUMNS, row_of
from core.errors import BooksDamaged, BooksUnavailable
from core.operations import Operation
from core.rows import BillRow, CounterRow, LeaseRow, Row, WalletRow

COMMAND_TIMEOUT_SECONDS = 10.0
SCRUB_TIMEOUT_SECONDS = 600.0
SCRUB_WAITS_MS = 2_000
"""Whoever comes after it waits as long as it does for a table."""
_ERASED_FROM = {
    **dict.fromkeys(("identity", "member", "notice", "budget_request", "forgotten"), "FULL"),
    **dict.fromkeys(("kept", "kept_press", "request"), ""),
}
_FORGOTTEN_LATELY = (
    "SELECT count(*) FROM member WHERE forgotten_at_ms > (extract(epoch FROM clock_timestamp()) - 172800) * 1000"
)
SHAPES = 100
"""How many statements are kept, as many as asyncpg keeps: one for each set of tables and columns that a batch is
about. Mixed load has some 20."""
_TYPES = {str: "text", int: "bigint", bytes: "bytea"}
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asyncpg lost track of the protocol: seen when a connection was cut while it was busy
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
)
_TROUBLE = (*_LOST, asyncpg.PostgresError, OSError, TimeoutError)
_BY_KEY = "; ".join(
    f"SET {setting}"
    for setting in (
        "enable_seqscan = off",
        "enable_hashjoin = off",
        "enable_mergejoin = off",
        "plan_cache_mode = force_generic_plan",
    )
)
"""The writer finds every row by its key. A plan made while tables are small would walk through them, and stay."""
_LOCKED: tuple[type[Row], ...] = (WalletRow, CounterRow, LeaseRow, BillRow)


class PostgresDriver:
    """`adapters.store.writer.Driver` on a server. `clock_offset_ms` moves its idea of now, for tests."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection[Any] | None = None
        self._scrub_due: bool | None = None  # not known yet: a process before this one may have been killed
        self.clock_offset_ms = 0

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        """One transaction; locks go in the order wallet, then counters, leases and bills, each by id."""
        connection = await self._connected()
        committing = False
        try:
            async with _transaction(connection):
                outcomes = await _drive(connection, post(operations), self.clock_offset_ms)
                committing = True
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
            raise TryAgain(_without_values(error)) from None
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.PLPGSQLError) as error:
            raise BooksDamaged(BROKEN_RULE, detail=_without_values(error)) from None
        except (asyncpg.DataError, ValueError) as error:  # text or a number that PostgreSQL has no way to keep
            raise BooksDamaged("The database cannot keep a value.", detail=type(error).__name__) from error
        except _LOST as error:  # perhaps after the commit: tried again, each operation is looked up first
            self._drop()
            raise TryAgain(f"the connection was lost ({type(error).__name__})", uncertain=committing) from error
        except (asyncpg.PostgresError, OSError) as error:
            self._drop()
            if committing and isinstance(error, OSError):  # no answer in time: it may be on disk all the same
                raise TryAgain(f"COMMIT was not answered ({type(error).__name__})", uncertain=True) from error
            raise unavailable(error) from error
        return outcomes

    async def now_ms(self) -> int:
        """The server's clock."""
        now_ms: int = await self._value_of(_NOW)
        return now_ms + self.clock_offset_ms

    async def check_writable(self) -> None:
        """`BooksUnavailable` on a standby, and where transactions are read-only by default."""
        if await self._value_of("SHOW transaction_read_only") == "on":
            raise BooksUnavailable(READ_ONLY, detail="transaction_read_only is on")

    async def _value_of(self, query: str) -> Any:
        """Over a connection of its own: the writer's is busy."""
        try:
            connection = await asyncpg.connect(
                self._dsn, timeout=COMMAND_TIMEOUT_SECONDS, command_timeout=COMMAND_TIMEOUT_SECONDS
            )
            try:
                return await connection.fetchval(query)
            finally:
                connection.terminate()
        except _TROUBLE as error:
            raise unavailable(error) from error

    async def tidy(self) -> None:
        """Write those tables anew that somebody was erased from, where that could not be done when they were.

        The first time also where somebody was forgotten lately: whoever did it may not have come to that.
        """
        try:
            if self._scrub_due is None:
                self._scrub_due = bool(await self._value_of(_FORGOTTEN_LATELY))
            if self._scrub_due:
                await self.scrub()
        except BooksUnavailable:
            return  # what cannot be tidied now is no failure of the books

    async def scrub(self) -> bool:
        """Have the server write those tables anew that names and identities stood in; False where it cannot now.

        Asks stand in tables that are too large for that: what they left there is given free to be written over. What
        its write-ahead log and its backups keep, and for how long, is up to the server.
        """
        self._scrub_due = True
        try:
            connection = await asyncpg.connect(
                self._dsn,
                timeout=COMMAND_TIMEOUT_SECONDS,
                server_settings={"lock_timeout": str(SCRUB_WAITS_MS)},
            )
            try:
                for table, how in _ERASED_FROM.items():
                    await connection.execute(f'VACUUM {how} "{table}"', timeout=SCRUB_TIMEOUT_SECONDS)
            finally:
                connection.terminate()
        except _TROUBLE:
            return False
        self._scrub_due = False
        return True

    async def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_TROUBLE):
                await connection.close(timeout=2)

    def _drop(self) -> None:
        """Leave without a word, which a server that hangs would not hear; the next batch opens another connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _connected(self) -> "asyncpg.Connection[Any]":
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(
                    self._dsn,
                    timeout=COMMAND_TIMEOUT_SECONDS,
                    command_timeout=COMMAND_TIMEOUT_SECONDS,
                    # A process that lost its power keeps the wallet locked for every other one no longer than this.
                    server_settings={"idle_in_transaction_session_timeout": f"{int(COMMAND_TIMEOUT_SECONDS * 1000)}"},
                )
                await self._connection.execute(_BY_KEY)
            except _TROUBLE as error:
                self._drop()
                raise unavailable(error) from error
        return self._connection


@asynccontextmanager
async def _transaction(connection: "asyncpg.Connection[Any]") -> AsyncIterator[None]:
    """Begin and commit. A server that does not answer in time is not asked to roll back too: it would have to answer.

    Whoever drops the connection then has rolled it back.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    except TimeoutError:
        raise
    except BaseException:
        await transaction.rollback()
        raise
    await transaction.commit()


def _without_values(error: asyncpg.PostgresError) -> str:
    """What the server said, and not its details: those quote the row, names and identities too, and end in a log."""
    return f"{type(error).__name__}: {error.args[0]}"


async def _drive(connection: "asyncpg.Connection[Any]", plan: Plan, clock_offset_ms: int) -> Outcomes:
    try:
        step = next(plan)
        while True:
            step = plan.send(await _do(connection, step, clock_offset_ms))
    except StopIteration as end:
        outcomes: Outcomes = end.value
        return outcomes


async def _do(connection: "asyncpg.Connection[Any]", step: Step, clock_offset_ms: int) -> Any:
    """One step is one round trip, whatever number of tables it is about."""
    if isinstance(step, Lock):
        wallets, now_ms = await connection.fetchrow(_LOCK, step.ids)
        return now_ms + clock_offset_ms, _rows(WalletRow, wallets)
    if isinstance(step, Look):
        kinds = tuple(step.ids)
        found = await connection.fetchrow(_look(kinds), *step.ids.values())
        return {kind: _rows(kind, rows) for kind, rows in zip(kinds, found, strict=True)}
    parts = step.made, step.changed, step.removed
    statement = _write(*(tuple((cells.kind, cells.names) for cells in part) for part in parts))
    columns = [column for part in parts for cells in part for column in cells.columns]
    done = await connection.fetchrow(statement, *columns)
    for cells, did in zip((*step.changed, *step.removed), done, strict=True):
        if did != cells.count:
            raise BooksDamaged(f"{cells.count} rows of {cells.kind.table} were to change or go, {did} did.")
    return None


def _rows(kind: type[Row], found: Sequence[Sequence[Any]] | None) -> list[Row]:
    return [row_of(kind, row) for row in found or ()]


def _found(kind: type[Row], number: int) -> str:
    """The rows of one kind as one value: an array of records, in the order in which they were locked."""
    names = ", ".join(COLUMNS[kind].names)
    lock = " FOR UPDATE" if kind in _LOCKED else ""
    rows = f'SELECT {names} FROM "{kind.table}" WHERE id = ANY(${number}::text[]) ORDER BY id{lock}'
    return f"(SELECT array_agg(ROW({names})) FROM ({rows}) AS found)"


_LOCK = f"SELECT {_found(WalletRow, 1)}, ({_NOW})"


@lru_cache(SHAPES)
def _look(kinds: tuple[type[Row], ...]) -> str:
    return f"SELECT {', '.join(_found(kind, number) for number, kind in enumerate(kinds, 1))}"


Shape = tuple[tuple[type[Row], tuple[str, ...]], ...]


@lru_cache(SHAPES)
def _write(made: Shape, changed: Shape, removed: Shape) -> str:
    """One statement that adds, changes and removes rows of many kinds; answers how many of each it changed, removed."""
    numbers = count(1)
    parts = [f"made_{kind.table} AS ({_insert(kind, names, numbers)})" for kind, names in made]
    parts += [f"changed_{kind.table} AS ({_update(kind, names, numbers)} RETURNING 1)" for kind, names in changed]
    parts += [f"removed_{kind.table} AS ({_delete(kind, numbers)} RETURNING 1)" for kind, _ in removed]
    counts = [f"(SELECT count(*) FROM changed_{kind.table})" for kind, _ in changed]
    counts += [f"(SELECT count(*) FROM removed_{kind.table})" for kind, _ in removed]
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts)}"


def _unnest(kind: type[Row], names: Sequence[str], numbers: Iterator[int]) -> str:
    columns = COLUMNS[kind]
    types = dict(zip(columns.names, columns.types, strict=True))
    return f"unnest({', '.join(f'${next(numbers)}::{_TYPES[types[name]]}[]' for name in names)})"


def _insert(kind: type[Row], names: Sequence[str], numbers: Iterator[int]) -> str:
    return f'INSERT INTO "{kind.table}" ({", ".join(names)}) SELECT * FROM {_unnest(kind, names, numbers)}'


def _update(kind: type[Row], names: Sequence[str], numbers: Iterator[int]) -> str:
    changes = ", ".join(f"{name} = new.{name}" for name in names[1:])
    new = f"{_unnest(kind, names, numbers)} AS new ({', '.join(names)})"
    return f'UPDATE "{kind.table}" AS old SET {changes} FROM {new} WHERE old.id = new.id'


def _delete(kind: type[Row], numbers: Iterator[int]) -> str:
    return f'DELETE FROM "{kind.table}" WHERE id = ANY(${next(numbers)}::text[])'
