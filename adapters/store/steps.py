"""One batch of operations as a plan of database steps that knows no driver.

`post` is a generator: it yields what it wants done and is sent the result. SQLite drives it on its own thread,
PostgreSQL drives it with `await`; both run the very same plan inside one transaction.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from core.errors import OperationConflict
from core.ledger.apply import apply, wants
from core.operations import Operation
from core.page import Page
from core.rows import KINDS, Row


@dataclass(frozen=True, slots=True)
class Read:
    """Look rows up by id. Wallets and counters are locked by it where the database can."""

    kind: type[Row]
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Insert:
    """Add rows that were not there."""

    kind: type[Row]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Update:
    """Replace rows that were there; each must still be there."""

    kind: type[Row]
    rows: Sequence[Row]


Step = Read | Insert | Update
Outcomes = list[Any]
"""One per operation, in order: its outcome, or the `OperationConflict` it ran into."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One kind of row as columns: their names (the id first) and a function that reads them off a row."""

    names: tuple[str, ...]
    types: tuple[type, ...]
    values: Callable[[Row], tuple[Any, ...]]


def _columns(kind: type[Row]) -> Columns:
    each = fields(kind)
    names = tuple(field.name for field in each)
    return Columns(names, tuple(field.type for field in each), attrgetter(*names))  # type: ignore[misc]


COLUMNS = {kind: _columns(kind) for kind in KINDS}


def post(operations: Sequence[Operation[Any]], now_ms: int) -> Generator[Step, Any, Outcomes]:
    """Read what the operations need, apply them in order, write what changed."""
    page = Page()
    yield from _read_missing(operations, page)
    outcomes: Outcomes = []
    for operation in operations:
        # An earlier operation of the batch may have made a row that leads to more rows.
        yield from _read_missing((operation,), page)
        try:
            outcomes.append(apply(operation, page, now_ms))
        except OperationConflict as conflict:
            outcomes.append(conflict)
    for kind in KINDS:
        if made := page.made(kind):
            yield Insert(kind, made)
        if updated := page.updated(kind):
            yield Update(kind, updated)
    return outcomes


def _read_missing(operations: Iterable[Operation[Any]], page: Page) -> Generator[Step, Any, None]:
    while True:
        missing: dict[type[Row], dict[str, None]] = {}
        for operation in operations:
            for kind, row_id in wants(operation, page):
                if not page.knows(kind, row_id):
                    missing.setdefault(kind, {})[row_id] = None
        if not missing:
            return
        for kind in KINDS:
            if kind in missing:
                ids = sorted(missing[kind])
                found = {row.id: row for row in (yield Read(kind, ids))}
                for row_id in ids:
                    page.learn(kind, row_id, found.get(row_id))
