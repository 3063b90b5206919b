"""A question as it is sent: the messages of one ask, made and counted once for all models that may answer it."""

from dataclasses import dataclass

from core.call import Message, Role, TextPart
from core.defaults import MAX_PROMPT_CHARS
from core.errors import BadInput, PromptTooLong
from core.ports import TokenCounter
from core.question import Question

SYSTEM_PROMPT = "You help a team in its chat. Answer briefly and in the language of the question. Use plain Markdown."
FRAMING_TOKENS_PER_MESSAGE = 16
"""Roles and separators that chat templates add around each message. OpenAI documents 4; others use more."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The tokens of a prompt for one family of models, without its pictures. `context` is the conversation before."""

    expected: int
    at_most: int
    context_expected: int


class Prompt:
    """What is sent for one question. `BadInput` when there is nothing to ask, or more than anybody is asked."""

    def __init__(self, question: Question, counter: TokenCounter) -> None:
        text = question.text
        if not text.strip() and not question.images:
            command = "/price" if question.quote_only else "/ask"
            raise BadInput(f"There is no question. Type what you want to know after {command}.")
        if len(text) > MAX_PROMPT_CHARS:
            raise PromptTooLong(
                f"That is {len(text):,} characters; {MAX_PROMPT_CHARS:,} is the most. Send a part of it."
            )
        system, asked = Message(Role.SYSTEM, (TextPart(SYSTEM_PROMPT),)), Message(Role.USER, question.parts)
        self.messages = tuple(_sendable(message) for message in (system, *question.history, asked))
        self.pictures = sum(len(message.images) for message in self.messages)
        self.pictures_before = sum(len(message.images) for message in self.messages[1:-1])
        self.beforehand = question.beforehand
        self._counter = counter
        self._counted: dict[str, Counted] = {}

    async def counted(self, tokenizer: str) -> Counted:
        """Count once for each family of models, with what a step before the answer may add."""
        known = self._counted.get(tokenizer)
        if known is None:
            known = self._counted[tokenizer] = await self._count(tokenizer)
        return known

    async def _count(self, tokenizer: str) -> Counted:
        counts = [await self._counter.count(message.text, tokenizer) for message in self.messages]
        framing = FRAMING_TOKENS_PER_MESSAGE * (len(self.messages) + 1)
        found = self.beforehand.found_at_most_tokens
        return Counted(
            expected=framing // 4 + found // 2 + sum(count.expected for count in counts),
            at_most=framing + found + sum(count.at_most for count in counts),
            context_expected=sum(count.expected for count in counts[1:-1]),
        )


def _sendable(message: Message) -> Message:
    """The message as it can be written to a wire: half characters (lone surrogates) have no UTF-8."""
    parts = (TextPart(whole(part.text)) if isinstance(part, TextPart) else part for part in message.parts)
    return Message(message.role, tuple(parts))


def whole(text: str) -> str:
    """The text without half characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
