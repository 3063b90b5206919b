"""The page of rows that one batch of operations works on: what it read, with what it changed on top."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.errors import BooksDamaged
from core.rows import KINDS, R, Row

Wanted = list[tuple[type[Row], str]]
"""Rows to look up: kind and id."""


class NotLookedUp(BooksDamaged):
    """A rule read a row that nobody had looked up: it must not take "not read" for "not there"."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A change like a row, which takes the row away. What is append-only has no such change."""

    row: Row

    def __post_init__(self) -> None:
        """`BooksDamaged` for a row that nobody may take away: a defect in a rule."""
        if self.row.append_only:
            raise BooksDamaged(f"Rows of {self.row.table} are never taken away.")


Change = Row | Gone
"""What a rule changes: a row as it stands from now on, or one that is gone."""


def _by_kind() -> dict[type[Row], dict[str, Any]]:
    return {kind: {} for kind in KINDS}


def _copied(rows: dict[type[Row], dict[str, Any]]) -> dict[type[Row], dict[str, Any]]:
    return {kind: dict(by_id) for kind, by_id in rows.items()}


@dataclass(slots=True)
class Page:
    """The rows that a batch has read, with what it changed on top. `None` stands for "looked up, is not there".

    On a `complete` page (a whole database in memory) everything that is not there does not exist.
    """

    complete: bool = False
    _rows: dict[type[Row], dict[str, Any]] = field(default_factory=_by_kind)
    """As they stand now."""
    _before: dict[type[Row], dict[str, Any]] = field(default_factory=_by_kind)
    """Those that changed, as the database has them."""

    def knows(self, kind: type[Row], row_id: str) -> bool:
        """Whether the row was looked up or made."""
        return row_id in self._rows[kind]

    def get(self, kind: type[R], row_id: str) -> R | None:
        """The row as it stands now, or None when there is none. Raises `NotLookedUp`."""
        rows: dict[str, R | None] = self._rows[kind]
        if row_id not in rows and not self.complete:
            raise NotLookedUp(f"A rule read the {kind.table} {row_id!r} without asking for it.")
        return rows.get(row_id)

    def peek(self, kind: type[R], row_id: str) -> R | None:
        """The row as far as it is known: for finding out what else to look up."""
        rows: dict[str, R | None] = self._rows[kind]
        return rows.get(row_id)

    def learn(self, kind: type[Row], ids: Iterable[str], rows: Iterable[Row]) -> None:
        """Note what the database holds: of these ids, these rows and no others."""
        known = self._rows[kind]
        known.update(dict.fromkeys(ids))
        for row in rows:
            known[row.id] = row

    def write(self, changes: Iterable[Change]) -> None:
        """Put changes on top."""
        for change in changes:
            row, now = (change.row, None) if isinstance(change, Gone) else (change, change)
            known = self._rows[type(row)]
            self._before[type(row)].setdefault(row.id, known.get(row.id))
            known[row.id] = now

    def with_rows(self, rows: Iterable[Change]) -> "Page":
        """This page with more changes on top; this one stays as it is."""
        page = Page(self.complete, _copied(self._rows), _copied(self._before))
        page.write(rows)
        return page

    def written(self) -> list[type[Row]]:
        """The kinds of which there is something to write down."""
        return [kind for kind in KINDS if self._before[kind]]

    def made(self, kind: type[R]) -> list[R]:
        """Rows that the database does not have yet."""
        rows: dict[str, R | None] = self._rows[kind]
        now = (rows[row_id] for row_id, before in self._before[kind].items() if before is None)
        return [row for row in now if row is not None]

    def changed(self, kind: type[R]) -> tuple[list[R], list[R]]:
        """Rows that the database has otherwise: as it has them, and as they stand now."""
        rows: dict[str, R | None] = self._rows[kind]
        both = ((before, rows[row_id]) for row_id, before in self._before[kind].items() if before is not None)
        pairs = [(before, now) for before, now in both if now is not None]
        return [before for before, _ in pairs], [now for _, now in pairs]

    def removed(self, kind: type[Row]) -> list[str]:
        """The ids of rows that the database has, and is not to have any more."""
        now = self._rows[kind]
        return [row_id for row_id, before in self._before[kind].items() if before is not None and now[row_id] is None]
