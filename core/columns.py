"""Rows column by column: their values in order, and rows made of values.

A frozen dataclass with many fields takes longer to construct than all else that a rule does with it, `replace` longer
still. `row_of` and `changed` fill a row whole: it has no `__init__` or `__post_init__` of its own to skip.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from core.rows import KINDS, R, Row


@dataclass(frozen=True, slots=True)
class Columns:
    """One kind of row as columns: their names (the id first), their types, and all values of a row in that order."""

    names: tuple[str, ...]
    types: tuple[type, ...]
    values: Callable[[Row], tuple[Any, ...]]


def _columns(kind: type[Row]) -> Columns:
    names = tuple(field.name for field in fields(kind))
    types = tuple(field.type for field in fields(kind))
    return Columns(names, types, attrgetter(*names))  # type: ignore[arg-type]


COLUMNS = {kind: _columns(kind) for kind in KINDS}


def row_of(kind: type[R], values: Iterable[Any]) -> R:
    """The row with these values, in the order of its columns."""
    row = object.__new__(kind)
    row.__dict__.update(zip(COLUMNS[kind].names, values, strict=True))
    return row


def changed(row: R, **changes: Any) -> R:
    """The row with some values replaced, like `dataclasses.replace`. TypeError: it has no column of that name."""
    new = object.__new__(type(row))
    values = new.__dict__
    values.update(row.__dict__)
    columns = len(values)
    values.update(changes)
    if len(values) != columns:
        raise TypeError(f"{type(row).__name__} has not all of the columns {', '.join(changes)}.")
    return new
