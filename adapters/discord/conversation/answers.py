"""Answers of ours, as they stand on Discord: their words alone, without the small print and the buttons under them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Any

from adapters.discord.conversation.said import UNSEEN
from adapters.discord.outgoing import IS_COMPONENTS_V2
from adapters.discord.views.answer import ANSWER, SMALL, WHOLE_IN_FILE, question_in

IN_FILE = "[The rest of this answer is in a file.]"


def words_of_answer(message: Mapping[str, Any]) -> str:
    """What the model said in a message of ours; empty for cards and for what Chipin says beside its answers."""
    lines = [line for text in _texts(message) for line in text.replace(UNSEEN, "").split("\n")]
    words = "\n".join(_without_small(_without_small(lines)[::-1])[::-1]).strip("\n")
    return f"{words}\n{IN_FILE}" if words and message.get("attachments") else words.removesuffix(WHOLE_IN_FILE).strip()


def question_above(message: Mapping[str, Any]) -> str:
    """The question that stands above an answer to a command, as far as it stands there; else nothing."""
    return question_in(_texts(message))


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    """Its content, or in a card the text that is marked as a model's words."""
    flags = message.get("flags")
    if not (isinstance(flags, int) and flags & IS_COMPONENTS_V2):
        yield str(message.get("content") or "")
        return
    components = message.get("components")
    for each in components if isinstance(components, list) else ():
        if isinstance(each, Mapping) and each.get("id") == ANSWER:
            yield str(each.get("content") or "")


def _without_small(lines: Sequence[str]) -> list[str]:
    return list(dropwhile(lambda line: not line.strip() or line.startswith(SMALL), lines))
