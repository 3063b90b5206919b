"""Answers of ours, as they stand on Discord: their words alone, without the small print and the buttons under them."""

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any

from adapters.discord.api import IS_COMPONENTS_V2
from adapters.discord.conversation.said import UNSEEN
from adapters.discord.views.answer import ANSWER, SMALL


def words_of_answer(message: Mapping[str, Any]) -> str:
    """What the model said in a message of ours; empty for cards and for what Chipin says beside its answers.

    Small print is Chipin's: the question, the price, that more is coming.
    """
    flags = message.get("flags")
    if isinstance(flags, int) and flags & IS_COMPONENTS_V2:
        shown = message.get("components") or ()
        content = "".join(str(each.get("content", "")) for each in shown if each.get("id") == ANSWER)
    else:
        content = str(message.get("content") or "")
    lines = content.replace(UNSEEN, "").split("\n")
    return "\n".join(_without_small(_without_small(lines)[::-1])[::-1]).strip("\n")


def _without_small(lines: Sequence[str]) -> list[str]:
    return list(dropwhile(lambda line: not line.strip() or line.startswith(SMALL), lines))
