"""Anything may go wrong at any moment, several things at once, and the answer stands there whole and once."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.adapters.discord.answering.desk import Desk, a_desk, words_in
from tests.discord.reading import text_of
from tests.discord.state import Message

WORDS = (
    "word ",
    "A sentence. ",
    "\n\n",
    "**bold** ",
    "<x> ",
    "`c` ",
    "\n```\ncode\n```\n",
    "@everyone ",
    "\U0001f600 ",
)
LENGTHS = (1, 5, 60, 300)
POST, EDIT, EDIT_ORIGINAL = "create_message", "update_message", "update_original_webhook_message"
FOLLOW_UP, THREAD = "execute_webhook", "create_thread_from_message"
CALLS = (POST, EDIT, EDIT_ORIGINAL, THREAD, "*")
AWAY: tuple[dict[str, Any], ...] = (
    {"retry_after": 3.0},
    {"retry_after": 3.0, "via": False},
    {"drop": "before"},
    {"drop": "after"},
    {"status": 503},
    {"status": 502, "taken": True},
)
BAD_FORM = 50035
"""Of what is more than plain text: what refuses that takes nothing at all."""
REFUSED: tuple[tuple[str, int], ...] = (
    *((method, BAD_FORM) for method in (POST, EDIT, EDIT_ORIGINAL)),
    (EDIT_ORIGINAL, 50027),
    (THREAD, 50013),
)
FOOTER = "0.3 cents · Claude Haiku 4.5"

Step = str | Callable[[], object]


def a_fault(random: Random, desk: Desk, *, refuses: bool) -> Step:
    """Something that fails once or twice from now on, or is refused once."""
    if refuses:
        method, code = random.choice(REFUSED)
        is_nice = (lambda call: bool(call.fields.get("components"))) if code == BAD_FORM else None
        return partial(desk.discord.fail, method, times=1, code=code, when=is_nice)
    return partial(desk.discord.fail, random.choice(CALLS), times=random.randint(1, 2), **random.choice(AWAY))


def a_script(random: Random, desk: Desk) -> tuple[str, list[Step]]:
    """An answer, and its pieces with what goes wrong between them."""

    def delete() -> None:
        for message in standing(desk):
            message.deleted = True

    pieces, script, may_refuse = list[str](), list[Step](), 2
    deleted_at = random.choice([None, 2])
    for number in range(random.randint(1, 10)):
        while random.random() < 0.35:
            refuses = may_refuse > 0 and random.random() < 0.3
            may_refuse -= refuses
            script.append(a_fault(random, desk, refuses=refuses))
        pieces.append("".join(random.choices(WORDS, k=random.choice(LENGTHS))) + f"#{number}#")
        script += [delete] if number == deleted_at else []
        script += [pieces[-1], partial(desk.clock.sleep, random.choice([0.1, 1.0, 4.0]))]
    return "".join(pieces), script


def letters(text: str) -> str:
    """Without what a split may add, and as it is read."""
    return "".join(text.replace("`", "").replace("\u200b", "").split())


def standing(desk: Desk) -> list[Message]:
    """Everything that Ben can read of the answer, in the order in which it came to stand there."""
    every = (each for channel in desk.discord.channels.values() for each in channel.messages if not each.deleted)
    ours = [each for each in every if each.author is desk.discord.bot_user and not each.system_type]
    return sorted(ours, key=lambda each: int(each.id))


@pytest.mark.parametrize(
    "seeds", [range(5), pytest.param(range(5, 400), marks=pytest.mark.soak)], ids=["a few", "many"]
)
async def test_an_answer_is_whole_and_stands_there_once(seeds: range) -> None:
    for seed in seeds:
        random = Random(seed)
        async with a_desk() as desk:
            kind = random.choice(["mention", "typed", "direct"])
            where = (await desk.typed())[1] if kind == "typed" else desk.said(direct=kind == "direct")
            text, script = a_script(random, desk)
            ask = await desk.answer(*script, where=where)
            desk.discord.faults.release_all()
            messages = standing(desk)
            files = [file.content.decode() for message in messages for file in message.attachments]
            if files:
                assert files == [text], seed
                assert letters(text).startswith(letters(words_in(messages[0]))), seed
            else:
                assert letters("".join(map(words_in, messages))) == letters(text), seed
            assert sum(FOOTER in text_of(message) for message in messages) == 1, seed
            assert ask.was_delivered, seed
