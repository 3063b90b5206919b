"""What may stand in front of a question: `--model NAME`, `--tag NAME`, and what else a chat knows."""

import re
from collections.abc import Collection

from core.errors import BadInput
from core.tags import tag_in, tag_named
from core.text.wording import NOT_CHARGED

MODEL, TAG = "--model", "--tag"


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


def tag_of(named: str, words: str) -> str:
    """What a question counts for: what was named in front of it, else its own first tag. `BadInput` for no tag."""
    if not named:
        return tag_in(words)
    tag = tag_named(named)
    if not tag:
        raise BadInput(
            f'"{named[:40]}" is no tag. Type a word of letters, digits, - and _, like {TAG} launch. {NOT_CHARGED}'
        )
    return tag


def with_its_value(names: Collection[str]) -> re.Pattern[str]:
    """One of these options and its value, as the two groups of a match."""
    return re.compile(rf"({_any(names)})(?:=|\s+|$)(\"[^\"]*\"|'[^']*'|\S*)\s*")


def _any(names: Collection[str]) -> str:
    return "|".join(map(re.escape, names))
