"""What may stand in front of a question: `--model NAME`, and what else a chat knows."""

import re
from collections.abc import Collection

MODEL = "--model"


def split_options(
    typed: str, *, with_value: Collection[str], alone: Collection[str] = ()
) -> tuple[tuple[tuple[str, str], ...], str]:
    """The options in front, in order, each with its value ("" of those that stand `alone`), and the text after them.

    Quotes keep a value with spaces together: `--model "GPT 5" why?`.
    """
    valued = with_its_value(with_value)
    single = re.compile(rf"({_any(alone)})()(?:\s+|$)")
    found = []
    while option := valued.match(typed) or (single.match(typed) if alone else None):
        found.append((option[1], option[2].strip("\"'")))
        typed = typed[option.end() :]
    return tuple(found), typed


def with_its_value(names: Collection[str]) -> re.Pattern[str]:
    """One of these options and its value, as the two groups of a match."""
    return re.compile(rf"({_any(names)})(?:=|\s+|$)(\"[^\"]*\"|'[^']*'|\S*)\s*")


def _any(names: Collection[str]) -> str:
    return "|".join(map(re.escape, names))
