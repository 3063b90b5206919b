"""One batch of operations as a plan of database steps that knows no driver.

`post` is a generator: it yields what it wants done and is sent the result. SQLite drives it on its own thread,
PostgreSQL drives it with `await`; both run the very same plan inside one transaction.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.columns import COLUMNS
from core.errors import OperationConflict
from core.ledger.apply import apply, wants
from core.operations import Operation
from core.page import NotLookedUp, Page
from core.rows import KINDS, Row, WalletRow


@dataclass(frozen=True, slots=True)
class Lock:
    """The first step: lock these wallets, in this order. Is sent (now by the database's clock in ms, their rows)."""

    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Look:
    """Look rows up by id; each kind's ids are sorted. Is sent the rows that are there, by kind."""

    ids: Mapping[type[Row], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of one kind by column: `columns[n]` holds the values of `names[n]`, of each row. The id is the first."""

    kind: type[Row]
    names: tuple[str, ...]
    columns: Sequence[tuple[Any, ...]]

    @property
    def count(self) -> int:
        """How many rows it is about."""
        return len(self.columns[0])


@dataclass(frozen=True, slots=True)
class Write:
    """The last step: add rows that were not there, change rows that were, and remove rows (only their ids are given).

    Each that is changed or removed must still be there.
    """

    made: Sequence[Cells]
    changed: Sequence[Cells]
    removed: Sequence[Cells] = ()


Step = Lock | Look | Write
Plan = Generator[Step, Any, "Outcomes"]
Outcomes = list[Any]
"""One per operation, in order: its outcome, or the `OperationConflict` it ran into."""


def post(operations: Sequence[Operation[Any]]) -> Plan:
    """Lock the wallets, read what the operations need, apply them in order, write what changed."""
    page = Page()
    wallets = sorted({wallet for operation in operations for wallet in operation.wallets})
    now_ms, locked = yield Lock(wallets)
    page.learn(WalletRow, wallets, locked)
    yield from _look_up(operations, page)
    outcomes: Outcomes = []
    for operation in operations:
        try:
            outcomes.append(_outcome(operation, page, now_ms))
        except NotLookedUp:  # an earlier operation of the batch made a row that leads to more rows
            yield from _look_up((operation,), page)
            outcomes.append(_outcome(operation, page, now_ms))
    written = page.written()
    made = [_cells(kind, rows) for kind in written if (rows := page.made(kind))]
    changed = [cells for kind in written if (cells := _changes(kind, *page.changed(kind)))]
    removed = [Cells(kind, ("id",), (tuple(ids),)) for kind in reversed(written) if (ids := page.removed(kind))]
    if made or changed or removed:
        yield Write(made, changed, removed)
    return outcomes


def _outcome(operation: Operation[Any], page: Page, now_ms: int) -> Any:
    try:
        return apply(operation, page, now_ms)
    except OperationConflict as conflict:
        return conflict


def _look_up(operations: Sequence[Operation[Any]], page: Page) -> Generator[Step, Any, None]:
    asking = list(operations)
    while asking:
        missing: dict[type[Row], set[str]] = {}
        learning: list[Operation[Any]] = []
        for operation in asking:
            wanted = [(kind, row_id) for kind, row_id in wants(operation, page) if not page.knows(kind, row_id)]
            for kind, row_id in wanted:
                missing.setdefault(kind, set()).add(row_id)
            if wanted:  # what it is about to learn may lead to more
                learning.append(operation)
        if missing:
            look = Look({kind: sorted(missing[kind]) for kind in KINDS if kind in missing})
            found = yield look
            for kind, ids in look.ids.items():
                page.learn(kind, ids, found[kind])
        asking = learning


def _cells(kind: type[Row], rows: Sequence[Row]) -> Cells:
    columns = COLUMNS[kind]
    return Cells(kind, columns.names, list(zip(*map(columns.values, rows), strict=True)))


def _changes(kind: type[Row], before: Sequence[Row], after: Sequence[Row]) -> Cells | None:
    """Only the columns in which any of the rows differs: what stays the same is not written, nor its indexes."""
    if not after:
        return None
    old, new = _cells(kind, before), _cells(kind, after)
    differ = [place for place, column in enumerate(new.columns) if column != old.columns[place]]
    if not differ:
        return None
    places = (0, *differ)
    return Cells(kind, tuple(new.names[place] for place in places), [new.columns[place] for place in places])
