"""What a benchmark found, as a table: plain for the terminal, Markdown for docs/performance.md."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, a heading, rows of texts, and sentences that belong to them."""

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Columns of equal width."""
        lines = (self.heading, *self.rows)
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heading))]
        table = (
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        )
        return "\n".join((self.title, *(line.rstrip() for line in table), *(f"  {note}" for note in self.notes)))

    def as_markdown(self) -> str:
        """A heading, a table, a list."""
        lines = (self.heading, ("---",) * len(self.heading), *self.rows)
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        notes = "\n".join(f"- {note}" for note in self.notes)
        return "\n\n".join(part for part in (f"### {self.title}", table, notes) if part)


def at_least(value: float, target: float, unit: str = "x") -> str:
    """A number that should be high, and whether it is."""
    return _judged(value, f">= {target:g}", unit, reached=value >= target)


def at_most(value: float, target: float, unit: str = "x") -> str:
    """A number that should be low, and whether it is."""
    return _judged(value, f"<= {target:g}", unit, reached=value <= target)


def _judged(value: float, target: str, unit: str, *, reached: bool) -> str:
    return f"{number(value)}{unit} (target {target}{unit}: {'reached' if reached else 'not reached'})"


def number(value: float) -> str:
    """Three figures of it, as people write them: 12,300 · 41.2 · 0.87."""
    if value == 0 or abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


NUMBERS = "## The numbers"


def page_with(page: str, introduction: str, tables: Iterable[Table]) -> str:
    """The page with these tables in place of all that stands below `NUMBERS`, which is put at its end if missing."""
    above = page.partition(NUMBERS)[0].rstrip()
    parts = (above, NUMBERS, introduction, *(table.as_markdown() for table in tables))
    return "\n\n".join(part for part in parts if part) + "\n"
