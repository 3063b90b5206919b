"""The page of rows that one batch of operations works on: what it read, with what it changed on top."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.errors import BooksDamaged
from core.rows import KINDS, R, Row


@dataclass(slots=True)
class Page:
    """The rows that a batch has read, with what it changed on top. `None` stands for "looked up, is not there".

    On a `complete` page (a whole database in memory) everything that is not there does not exist.
    """

    complete: bool = False
    _read: dict[type[Row], dict[str, Row | None]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    _changed: dict[type[Row], dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def knows(self, kind: type[Row], row_id: str) -> bool:
        """Whether the row was looked up or made."""
        return row_id in self._changed[kind] or row_id in self._read[kind]

    def get(self, kind: type[R], row_id: str) -> R | None:
        """The row as it stands now, or None when there is none.

        `BooksDamaged` when nobody looked it up: a rule must not take "not read" for "not there".
        """
        if not self.complete and not self.knows(kind, row_id):
            raise BooksDamaged(f"A rule read the {kind.table} {row_id!r} without asking for it.")
        return self.peek(kind, row_id)

    def peek(self, kind: type[R], row_id: str) -> R | None:
        """The row as far as it is known: for finding out what else to look up."""
        row = self._changed[kind].get(row_id) or self._read[kind].get(row_id)
        return row if isinstance(row, kind) else None

    def learn(self, kind: type[Row], row_id: str, row: Row | None) -> None:
        """Note what the database holds."""
        self._read[kind][row_id] = row

    def write(self, rows: Iterable[Row]) -> None:
        """Put changes on top."""
        for row in rows:
            self._changed[type(row)][row.id] = row

    def with_rows(self, rows: Iterable[Row]) -> "Page":
        """This page with more changes on top; this one stays as it is."""
        page = Page(self.complete, self._read, {kind: dict(changed) for kind, changed in self._changed.items()})
        page.write(rows)
        return page

    def made(self, kind: type[Row]) -> list[Row]:
        """Rows that the database does not have yet."""
        read = self._read[kind]
        return [row for row_id, row in self._changed[kind].items() if read.get(row_id) is None]

    def updated(self, kind: type[Row]) -> list[Row]:
        """Rows that the database has otherwise."""
        read = self._read[kind]
        return [row for row_id, row in self._changed[kind].items() if read.get(row_id) is not None]
