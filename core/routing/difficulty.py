"""How good a model a question needs, told from its looks: local, free, the same every time.

No paid call decides a route. Cheap features only, each worth points; what they get right stands
in tests/core/routing/test_difficulty.py.
"""

import re
from dataclasses import dataclass

from core.routing.words import EASY, HARD, TO_THINK, words_of

LOOKED_AT_CHARS = 8_000
"""Of a longer text its beginning and its end are looked at, so much of each: that is where the question stands."""
EVERYDAY_POINTS, HARD_POINTS = 2, 5
"""From how many points on a question needs an everyday model (tier 2), and one for the hardest (tier 3)."""

_LONG_CHARS = (400, 2_500, 12_000)  # a point each
_LONG_HISTORY_CHARS = 6_000
_MANY_QUESTIONS = 3
_MANY_NUMBERS = 8

_TRACE = re.compile(
    r"Traceback \(most recent call last\)|^[ \t]+at [\w$.<>]+\(.*\)|^[ \t]*File \".+\", line \d+|^Caused by: "
    r"|panicked at |\bSIGSEGV\b|Exception in thread|\b\w+(?:Error|Exception): ",
    re.MULTILINE,
)
_CODE = re.compile(
    r"```|[;{][ \t]*$|=>|</\w+>|\w\(\)"
    r"|^[ \t]*(?:def|class|import|func|fn|public|private|const|let|var|return|SELECT|CREATE|#include)\b.*[\w;:){]$",
    re.MULTILINE,
)
_MATHS = re.compile(r"\\(?:frac|sum|int|sqrt|begin)\b|[∑∫√∂∀∃≤≥≠∈]|\$\$|\b\w ?\^ ?\w|\b[a-z]\([a-z]\)\s*=")
_NUMBER = re.compile(r"\d[\d.,]*")
_QUESTION = re.compile(r"[?？؟]")
_MAX_HARD_WORDS = 3


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The least quality tier (1 to 3) that is good enough, and why in a few plain words."""

    tier: int
    because: str


def difficulty_of(text: str, *, history_chars: int = 0, images: int = 0) -> Difficulty:
    """How hard a question looks. Under a millisecond for a usual one, and bounded for any."""
    seen = text if len(text) <= 2 * LOOKED_AT_CHARS else f"{text[:LOOKED_AT_CHARS]}\n{text[-LOOKED_AT_CHARS:]}"
    found = [(points, because) for points, because in _features(seen, len(text), history_chars, images) if points]
    points = sum(points for points, _ in found) - (3 if EASY.begin(seen.casefold()) else 0)
    if points < EVERYDAY_POINTS:
        return Difficulty(1, "short question" if len(text) <= _LONG_CHARS[0] else "simple task")
    _, because = max(found, key=lambda feature: feature[0])
    return Difficulty(3 if points >= HARD_POINTS else 2, because)


def _features(seen: str, chars: int, history_chars: int, images: int) -> tuple[tuple[int, str], ...]:
    """Each with its points, the most telling first: of two with the same points the first is said."""
    trace, code = bool(_TRACE.search(seen)), len(_CODE.findall(seen)) >= 2
    text = seen.casefold()
    words = words_of(text)
    hard, to_think = HARD.found_in(text, words), TO_THINK.found_in(text, words)
    return (
        (3 if trace else 0, "an error to find"),
        (2 if code else 0, "code to read"),
        (2 * min(len(hard), _MAX_HARD_WORDS), "something to think through"),
        (2 if _MATHS.search(seen) else 0, "maths to work out"),
        (min(2, len(to_think)), "something to explain or write"),
        (sum(chars > long for long in _LONG_CHARS), "long text to work through"),
        (2 if images else 0, "a picture to look at" if images == 1 else "pictures to look at"),
        (1 if len(_NUMBER.findall(seen)) >= _MANY_NUMBERS else 0, "numbers to work with"),
        (1 if len(_QUESTION.findall(seen)) >= _MANY_QUESTIONS else 0, "several questions at once"),
        (1 if history_chars > _LONG_HISTORY_CHARS else 0, "a long conversation"),
    )
