"""Reads what people type after a command."""

import re

_CURRENCY_SIGNS = "$€£¥"
_UNITS = re.compile(
    r"dollars?|usd|bucks?|cents?|euros?|eur|pounds?|gbp|yen|jpy|francs?|chf|k|m|hundreds?|thousands?|millions?|percent"
)

MAX_REASON_CHARS = 200


def reason_of(typed: str) -> str:
    """A reason as it is kept: in one line, nothing in it that cannot be read, and not the whole of a long one."""
    return "".join(filter(str.isprintable, typed)).strip()[:MAX_REASON_CHARS]


def split_amount(typed: str) -> tuple[str, str]:
    """An amount and the words after it: "25 November budget" is ("25", "November budget").

    A word that belongs to the amount stays with it ("25 euros", "1 000"), so that whoever reads the amount refuses
    it as a whole instead of taking 25 dollars, or 1.
    """
    words = typed.split()
    end = 1
    while end < len(words) and (words[end - 1] in _CURRENCY_SIGNS or _belongs_to_amount(words[end])):
        end += 1
    return " ".join(words[:end]), " ".join(words[end:])


def _belongs_to_amount(word: str) -> bool:
    return word[0] in _CURRENCY_SIGNS or word[0].isdigit() or bool(_UNITS.fullmatch(word.strip(".,;:!").casefold()))
