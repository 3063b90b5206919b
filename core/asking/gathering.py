"""What belongs to a question and had to be fetched: looked up once the question stands in the books, then kept with it.

A chat must say within a second that it took a question; what was said before it, and what hangs on it, may take longer
(docs/decisions/0028).
"""

import asyncio
from dataclasses import replace

from core.asking.claiming import sealed
from core.asking.hold import Attempt
from core.errors import BadInput
from core.first_of import first_of
from core.operations import KeepQuestion
from core.pictures import MAX_BYTES_TOGETHER, bytes_together, not_too_large, without_pictures
from core.ports import Books, Clock, Vault
from core.question import Question

GATHER_SECONDS = 25.0
"""How long an ask waits for what belongs to it. Each look of a chat's ends sooner by itself."""
NOT_IN_TIME = "What was said before, or is attached, could not be read in time. Ask again in a minute."
PICTURES_LEFT_OUT = "Left out of this conversation: its earlier pictures, which are too large to go along."


async def gathered(question: Question, *, stop: asyncio.Event, clock: Clock, seconds_left: float) -> Question | None:
    """The question with everything that belongs to it; None when it was stopped meanwhile.

    `BadInput` where it did not come in time, or is nothing that can be sent.
    """
    if question.gather is None:
        return question
    looking = asyncio.ensure_future(question.gather())
    try:
        patience = clock.sleep(max(0.0, min(GATHER_SECONDS, seconds_left)))
        await first_of(asyncio.wait({looking}), stop.wait(), patience)
        if looking.done():
            found = looking.result()
            history = (*question.history, *found.history)
            parts, left_out = (*question.parts, *found.parts), found.left_out
            return replace(question, parts=parts, history=history, left_out=left_out, gather=None)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    if stop.is_set():
        return None
    raise BadInput(NOT_IN_TIME)


async def keep(question: Question, attempt: Attempt, books: Books, vault: Vault) -> None:
    """Keep the question whole, in place of what was claimed: whoever presses later gets all of it."""
    await books.apply(
        KeepQuestion(
            id=attempt.operation_id("kept"),
            wallet_id=attempt.member.team.wallet_id,
            ask_id=attempt.ask_id,
            attempt=attempt.number,
            sealed_question=await sealed(question, vault),
        )
    )


def without_large_pictures(question: Question) -> Question:
    """`BadInput` where the question's own are too large together; else those before it go, if they are."""
    not_too_large(question.images)
    before = [picture for message in question.history for picture in message.images]
    if bytes_together((*question.images, *before)) <= MAX_BYTES_TOGETHER:
        return question
    left_out = f"{question.left_out} {PICTURES_LEFT_OUT}".strip()
    return replace(question, history=tuple(map(without_pictures, question.history)), left_out=left_out)
