"""CSV that a spreadsheet only shows: the one way in which Chipin writes a cell.

Excel, LibreOffice and Google Sheets run a cell that begins with "=", "+", "-" or "@" as a formula, whatever quotes
stand round it, and some look past spaces, or take full-width forms for the same. OWASP's advice ("CSV Injection") is
what this follows: every text stands in quotes, its quotes are doubled, an apostrophe goes before what could begin a
formula. That is looked for after each separator and quote inside a text too: where a spreadsheet cuts the line
elsewhere than we do (";" is Excel's separator in half of Europe), what follows them begins a cell. Line breaks and
other control characters become spaces, so that a row is a line. Numbers are written by this module from whole numbers
only, so a negative one stays a number. Decision 0042.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.money import NANOS_PER_USD

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""What a file begins with: without it Excel reads UTF-8 as the code page of its machine, and names come out wrong."""
END_OF_ROW = "\r\n"
"""RFC 4180, 2.1."""

FORMULA_BEGINS = "=+-@"
_ALSO_MINUS = "\N{MINUS SIGN}"
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by Unicode, which are shown as nothing: Hangul fillers and the empty braille cell."""
_SHOWN_AS_NOTHING = frozenset(("Cc", "Cf", "Cn", "Co", "Zs", "Mn"))
"""Categories of Unicode; what is assigned to nobody (Cn, Co) has no shape in most fonts, and some programs drop it."""
_NEW_CELL = frozenset("\"';,|")
_HARMLESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 _.:/()+@=-]*")
"""Most texts there are: no more has to be looked at."""
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Number:
    """Digits that are written as they are: they come from a whole number, never from somebody's words."""

    digits: str


Cell = str | int | Number | None
"""A text, a number, or nothing (None and an empty text): FOCUS tells what is not there from what is empty."""


def usd(nanos: int) -> Number:
    """Nano-dollars as dollars, every one of them: "12.345678901", "-0.500000000"."""
    whole, rest = divmod(abs(nanos), NANOS_PER_USD)
    return Number(f"{'-' if nanos < 0 else ''}{whole}.{rest:09d}")


def csv_row(cells: Iterable[Cell]) -> str:
    """One row, with the end of its line."""
    return ",".join(map(_cell, cells)) + END_OF_ROW


def _cell(value: Cell) -> str:
    if isinstance(value, Number):
        return value.digits
    if isinstance(value, int):
        return str(int(value))  # a truth value is an int too
    return f'"{safe_text(value).replace(chr(34), chr(34) * 2)}"' if value else ""


@lru_cache(maxsize=4096)
def safe_text(text: str) -> str:
    """A text on one line that begins no formula, at its own beginning or behind anything that may begin a cell."""
    if _HARMLESS.fullmatch(text):
        return text
    shown = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    shown = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in shown)
    guarded: list[str] = []
    begins_at = 0  # where in `guarded` the apostrophe of the cell that may begin here would stand
    beginning = True
    for char in shown:
        if beginning and begins_formula(char):
            guarded.insert(begins_at, "'")
        guarded.append(char)
        if char in _NEW_CELL:
            begins_at, beginning = len(guarded), True
        else:
            beginning = beginning and is_passed_over(char)
    return "".join(guarded)


def begins_formula(char: str) -> bool:
    """Whether a cell that begins with this may be run: "=", "+", "-", "@" and what is the same in another width."""
    return unicodedata.normalize("NFKC", char)[:1] in (*FORMULA_BEGINS, _ALSO_MINUS)


def is_passed_over(char: str) -> bool:
    """Whether this is shown as nothing, so that some spreadsheet may take what follows for the beginning."""
    return char.isspace() or char in _BLANK_LETTERS or unicodedata.category(char) in _SHOWN_AS_NOTHING
