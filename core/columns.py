"""Rows column by column: their values in order, and rows made of values.

A dataclass with many fields takes longer to construct than all else that a rule does with it, `replace` longer still.
`row_of` and `changed` fill the slots themselves: a row has no `__init__` or `__post_init__` of its own to skip.
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
    places: dict[str, int]
    setters: tuple[Callable[[Row, Any], None], ...]


def _columns(kind: type[Row]) -> Columns:
    names = tuple(field.name for field in fields(kind))
    return Columns(
        names=names,
        types=tuple(field.type for field in fields(kind)),  # type: ignore[misc]
        values=attrgetter(*names),
        places={name: place for place, name in enumerate(names)},
        setters=tuple(getattr(kind, name).__set__ for name in names),
    )


COLUMNS = {kind: _columns(kind) for kind in KINDS}


def row_of(kind: type[R], values: Iterable[Any]) -> R:
    """The row with these values, in the order of its columns."""
    row = object.__new__(kind)
    for put, value in zip(COLUMNS[kind].setters, values, strict=True):
        put(row, value)
    return row


def changed(row: R, **changes: Any) -> R:
    """The row with some values replaced, like `dataclasses.replace`."""
    columns = COLUMNS[type(row)]
    values = list(columns.values(row))
    for name, value in changes.items():
        values[columns.places[name]] = value
    return row_of(type(row), values)
