"""Amounts as bars of block characters, for the terminal and for chats: the amount always stands there as text too."""

import unicodedata
from collections.abc import Iterator, Sequence

from core.chart import Chart
from core.text.wording import amount

WIDTH = 16
"""In characters: with a short label and an amount before it, a line fits on a phone."""
_LONGEST_LABEL = 24
_PARTS = "▏▎▍▌▋▊▉█"
"""An eighth of a character, two eighths ... and the whole of it (Unicode, "Block Elements")."""
_CUT = "…"


def bar(nanos: int, most_nanos: int, width: int = WIDTH) -> str:
    """A bar in proportion, at most `width` characters long where `most_nanos` is; what is not nothing can be seen.

    Nothing, or less, has no bar.
    """
    if nanos <= 0 or most_nanos <= 0:
        return ""
    eighths = max(1, min(nanos, most_nanos) * width * 8 // most_nanos)
    whole, rest = divmod(eighths, 8)
    return _PARTS[-1] * whole + (_PARTS[rest - 1] if rest else "")


def chart_lines(chart: Chart, width: int = WIDTH) -> Iterator[str]:
    """A chart where pictures cannot be shown: its title, then each bar with its amount, and with the one before."""
    yield _short(chart.title)
    most = max(each.nanos for each in chart.bars)
    rows = [("", chart.now, chart.before, "")]
    for each in chart.bars:
        before = amount(each.before_nanos) if chart.before else ""
        rows.append((_short(each.label), amount(each.nanos), before, bar(each.nanos, most, width)))
    yield from _in_columns(rows)


def _in_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first column from the left, amounts from the right, bars as they are; a column without words is none."""
    wide = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    for first, *amounts, last in rows:
        cells = [first + " " * (wide[0] - _cells(first))]
        cells += [" " * (room - _cells(each)) + each for room, each in zip(wide[1:], amounts, strict=False) if room]
        yield "  ".join([*cells, last]).rstrip()


def _short(label: str) -> str:
    """One line of it, cut where it is long."""
    plain = " ".join(label.split())
    if _cells(plain) <= _LONGEST_LABEL:
        return plain
    kept = plain
    while _cells(kept) > _LONGEST_LABEL - 1:
        kept = kept[:-1]
    return kept.rstrip() + _CUT


def _cells(text: str) -> int:
    """How wide it is where all letters are as wide: Chinese and emoji take two, accents that follow a letter none."""
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
