"""Answers of ours, as they stand on Discord: their words alone, without the small print and the buttons under them."""

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any

from adapters.discord.api import IS_COMPONENTS_V2
from adapters.discord.conversation.said import UNSEEN

SMALL = "-#"
"""How Discord marks small print, in which Chipin says what is no part of an answer: its price, that it goes on."""


def words_of_answer(message: Mapping[str, Any]) -> str:
    """What the model said in a message of ours; empty for cards and for what Chipin says beside its answers."""
    flags = message.get("flags")
    if isinstance(flags, int) and flags & IS_COMPONENTS_V2:
        return ""
    lines = str(message.get("content") or "").replace(UNSEEN, "").split("\n")
    return "\n".join(_without_small(_without_small(lines)[::-1])[::-1]).strip("\n")


def _without_small(lines: Sequence[str]) -> list[str]:
    return list(dropwhile(lambda line: not line.strip() or line.startswith(SMALL), lines))
