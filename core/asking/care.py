"""Before anything of a question leaves: what looks like a secret in it is pointed out, removed, or sent as chosen."""

import asyncio
from dataclasses import dataclass, replace

from core.policy import Ruling
from core.question import Question, Secrets
from core.secrets import masked_message, masked_parts, secrets_in
from core.text import care

LARGE_CHARS = 20_000
"""Looking through more than this is done beside the loop."""


@dataclass(frozen=True, slots=True)
class Cared:
    """The question as it may be sent. `asks`: what its asker is to decide first; empty for nothing.

    `note`: what was removed, for whoever reads the answer. `may_send`: whether they may send it as it stands.
    """

    question: Question
    asks: str = ""
    note: str = ""
    may_send: bool = True


async def take_care(question: Question, ruling: Ruling) -> Cared:
    """What was chosen for this question, done; what nobody chose about, or may not choose, is asked.

    What was said before it goes along without secrets always: a choice is for one question.
    """
    chars = len(question.text) + sum(len(message.text) for message in question.history)
    return await asyncio.to_thread(_cared, question, ruling) if chars > LARGE_CHARS else _cared(question, ruling)


def _cared(question: Question, ruling: Ruling) -> Cared:
    question = replace(question, history=tuple(map(masked_message, question.history)))
    found = secrets_in(question.parts)
    if not found:
        return Cared(question)
    if question.secrets is Secrets.REMOVE:
        return Cared(replace(question, parts=masked_parts(question.parts)), note=care.removed(found))
    if question.secrets is Secrets.SEND and ruling.secrets_allowed:
        return Cared(question)
    if question.quote_only:
        return Cared(question, note=care.will_ask(found))
    may_send = ruling.secrets_allowed
    return Cared(question, asks=care.needs_care(found, may_send=may_send), may_send=may_send)
