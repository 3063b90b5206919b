"""Which letters a picture can show, and at most how much room they take: what the shipped font knows.

Tests hold both tables against the font itself (adapters/charts/fonts/).
"""

import unicodedata
from functools import cache

CUT = "…"
"""Stands for what is left out, and for letters that the font does not have."""
_RANGES = (
    (" ", "~"), ("\xa0", "¬"), ("®", "ň"), ("Ŋ", "ſ"), ("Ș", "ț"), ("Ά", "Ά"), ("Έ", "Ί"),
    ("Ό", "Ό"), ("Ύ", "Ρ"), ("Σ", "ώ"), ("Ѐ", "џ"), ("Ґ", "ґ"), ("‐", "―"), ("‘", "‚"),
    ("“", "„"), ("•", "•"), ("…", "…"), ("€", "€"), ("←", "↓"), ("−", "−"),
)  # fmt: skip
"""Latin, Greek and Cyrillic as Europe writes them, and a few signs."""
SHOWN = frozenset(chr(code) for first, last in _RANGES for code in range(ord(first), ord(last) + 1))
_CENTIEMS = (
    27, 34, 56, 65, 66, 102, 68, 34, 38, 38, 56, 68, 34, 47, 34, 39,
    68, 44, 63, 65, 68, 63, 65, 59, 66, 65, 34, 35, 68, 68, 68, 56,
    102, 75, 67, 74, 73, 61, 59, 76, 75, 29, 59, 72, 57, 94, 77, 78,
    65, 78, 66, 66, 67, 75, 75, 104, 74, 74, 67, 38, 39, 38, 49, 48,
    37, 59, 64, 59, 64, 60, 40, 64, 63, 28, 28, 59, 28, 92, 63, 62,
    64, 64, 41, 57, 37, 63, 60, 86, 59, 61, 58, 47, 38, 47, 68,
)  # fmt: skip
"""How wide each ASCII letter is, in hundredths of its size, from the space on: in bold or not, whichever is wider."""
_ACCENT_CENTIEMS, _WIDEST_CENTIEMS = 13, 114
"""What an accent may add, and the widest of all other letters."""


def shown(text: str) -> str:
    """A text as a picture can show it: one line, and "…" for letters that the font does not have."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    drawn: list[str] = []
    for char in plain:
        if char in SHOWN:
            drawn.append(char)
        elif unicodedata.category(char) not in ("Mn", "Me", "Cf") and drawn[-1:] != [CUT]:
            drawn.append(CUT)
    return "".join(drawn)


def width(text: str, size: int) -> int:
    """At most how many pixels across it is, in letters of that size, bold or not."""
    return -(-sum(map(_centiems, text)) * size // 100)


def cut(text: str, size: int, room: int) -> str:
    """As much of it as has room, with "…" where it goes on."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + CUT, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + CUT


def fitting(text: str, size: int, room: int, smallest: int) -> int:
    """The largest size up to this one in which it has room; `smallest` where none is."""
    return next((each for each in range(size, smallest, -1) if width(text, each) <= room), smallest)


@cache
def _centiems(char: str) -> int:
    base = unicodedata.normalize("NFD", char)[0]
    if " " <= base <= "~":
        return _CENTIEMS[ord(base) - ord(" ")] + (_ACCENT_CENTIEMS if base != char else 0)
    return _WIDEST_CENTIEMS
