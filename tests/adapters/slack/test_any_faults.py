"""Anything may go wrong at any moment, several things at once, and the answer stands there whole and once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest

from adapters.slack.origin import Origin
from tests.adapters.slack.answering.desk import Desk, a_desk
from tests.slack.server import FakeSlack
from tests.slack.state import Message

WORDS = ("word ", "A sentence. ", "\n\n", "**bold** ", "<x> ", "`c` ", "```\ncode\n```\n")
LENGTHS = (1, 5, 60, 900)
WRITES = ("chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update", "chat.postMessage")
READS = ("conversations.replies", "conversations.history", "*")
AWAY: tuple[dict[str, Any], ...] = ({"retry_after": 3}, {"drop": "before"}, {"drop": "after"}, {"status": 503})
REFUSED: tuple[dict[str, Any], ...] = ({"error": "invalid_blocks"}, {"error": "msg_too_long"})
FOOTER = "0.3 cents · Claude Haiku 4.5"

Step = str | Callable[[], object]


def a_fault(random: Random, slack: FakeSlack, *, refuses: bool) -> Step:
    """Something that fails once or twice from now on, or is refused once."""
    method = random.choice(WRITES + READS)
    if refuses and method in WRITES:
        return partial(slack.fail, method, times=1, **random.choice(REFUSED))
    how = dict(random.choice(AWAY))
    if method in ("chat.appendStream", "chat.stopStream") and random.random() < 0.2:
        how = {"error": "message_not_in_streaming_state"}
    return partial(slack.fail, method, times=random.randint(1, 2), **how)


def a_script(random: Random, desk: Desk) -> tuple[list[str], list[Step]]:
    """The pieces of an answer, and the same with what goes wrong between them."""

    def expire() -> None:
        for message in desk.messages:
            if message.stream is not None and message.stream.open:
                desk.slack.expire_stream(message)

    pieces, script, may_refuse = list[str](), list[Step](), 2  # what refuses plain text too takes nothing at all
    for number in range(random.randint(1, 10)):
        while random.random() < 0.35:
            refuses = may_refuse > 0 and random.random() < 0.3
            may_refuse -= refuses
            script.append(a_fault(random, desk.slack, refuses=refuses))
        if random.random() < 0.1:
            script.append(expire)
        pieces.append("".join(random.choices(WORDS, k=random.choice(LENGTHS))) + f"#{number}#")
        script.append(pieces[-1])
    return pieces, script


def letters(text: str) -> str:
    """Without what a split may add, and as it is read."""
    return "".join(text.replace("&lt;", "<").replace("`", "").split())


@pytest.mark.parametrize(
    "seeds", [range(3), pytest.param(range(3, 300), marks=pytest.mark.soak)], ids=["a few", "many"]
)
async def test_an_answer_is_whole_and_stands_there_once(seeds: range) -> None:
    for seed in seeds:
        random = Random(seed)
        async with a_desk() as desk:
            slack, where = desk.slack, desk.where
            if random.random() < 0.3:  # a command: the question is quoted first
                where = replace(where, origin=Origin(slack.team_id, "U1", "C1", user_name="ada"))
            pieces, script = a_script(random, desk)
            ask = await desk.answer(*script, where=where)
            slack.faults.release_all()

            def is_answer(message: Message, bot: str = slack.bot_user_id) -> bool:
                return message.user == bot and bool(message.thread_ts)

            messages = [message for message in slack.messages("C1") if is_answer(message)]
            shown = letters("".join(FakeSlack.body_of(message) for message in messages))
            assert shown.removesuffix(letters(FOOTER)) == letters("".join(pieces)), seed
            assert sum(FOOTER in FakeSlack.text_of(message) for message in messages) == 1, seed
            assert not any(message.stream.open for message in messages if message.stream), seed
            assert ask.was_delivered, seed
