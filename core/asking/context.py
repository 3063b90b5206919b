"""What of a conversation is sent along with a question: the newest messages that fit a budget of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.call import Message, Role
from core.ports import TokenCounter
from core.text.wording import count_of

COUNTED_AS = "o200k"
"""The budget is counted in OpenAI's tokens, whoever answers: which model that is, is decided after it."""
MAX_CONTEXT_MESSAGES = 200
"""No chat is read further back than this."""


@dataclass(frozen=True, slots=True)
class Context:
    """The messages that are sent along, oldest first, and those before them that are not."""

    sent: tuple[Message, ...]
    left_out: tuple[Message, ...] = ()

    @property
    def note(self) -> str:
        """What the reader should know; empty when everything is sent along."""
        if not self.left_out:
            return ""
        return f"Left out of this conversation: {count_of(len(self.left_out), 'message')} at its beginning."


async def newest_within(history: Sequence[Message], budget_tokens: int, counter: TokenCounter) -> Context:
    """As many of the newest messages as fit, whole ones only; they begin with a person's."""
    left_tokens, first = budget_tokens, len(history)
    for number in range(len(history) - 1, max(-1, len(history) - 1 - MAX_CONTEXT_MESSAGES), -1):
        left_tokens -= (await counter.count(history[number].text, COUNTED_AS)).expected
        if left_tokens < 0:
            break
        first = number
    while first < len(history) and history[first].role is not Role.USER:
        first += 1
    return Context(tuple(history[first:]), tuple(history[:first]))
