"""Practice: the built-in answer for people who have connected no provider yet. No AI, no network, always the same."""

import re
from collections.abc import AsyncGenerator

from core.call import Call, Chunk, Embedded, EmbeddingCall, Role, Stop, StopReason, Text, UsageReport
from core.errors import ProviderRejectedCall
from core.ports import Clock
from core.prices import Usage

BYTES_PER_TOKEN = 4
"""The rule of thumb for English text. A hold counts a token per byte here, so it is never passed."""

_SUBJECT_CHARS = 120
_PIECE = re.compile(r"(?:\S+\s*){1,2}|\s+")
_ADVICE = {
    "why": "Questions that begin with why go best with what you saw: the error, word for word, and what you tried.",
    "how": "Questions that begin with how go best with where you are now: the tools you use and how far you have come.",
    "what": "Questions that begin with what go best with who it is for: a newcomer and an expert need other answers.",
    "write": "To have something written, say who will read it, how long it may be, and show a sentence in your tone.",
    "compare": "To compare things, say what matters to you: a list of differences is rarely what helps to decide.",
}
_OTHER_ADVICE = "A question goes best with three things: what you want to reach, what you have tried, what you expect."
_ANSWER = """\
Practice answer (no AI was asked): "{subject}"

You have just seen the whole way that a question takes in Chipin. The most it could cost was held in the team's \
wallet before anything was sent; these words are streaming in as a real answer would; and when they end, exactly \
what was used is paid from the wallet and the rest of the hold is back. The line below shows the price, and /balance \
shows that nothing else has changed. The money of this demo team is play money.

{advice} A real model will read your question as you typed it, so it is worth a second sentence.

To get real answers, connect a provider. With a key from OpenAI, stop me with /quit and start again like this:

    OPENAI_API_KEY=your-key make run

A key from OpenRouter (OPENROUTER_API_KEY) opens models of many companies, and if Ollama is running on this machine \
its models are found by themselves, free. To keep a key, write it into the file .env instead. Nothing else changes: \
the same questions, the same wallet rules, real prices."""


class Practice:
    """Answers every question with a labelled text that quotes it and says how to get real answers.

    It honours the output cap and reports what it used by its own rule (`practice_tokens`), as a provider would.
    `pause_seconds` lies between two pieces, so that the answer is seen to stream. `core.ports.Provider`.
    """

    def __init__(self, clock: Clock, *, pause_seconds: float = 0.015) -> None:
        self._clock = clock
        self._pause_seconds = pause_seconds

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        """The answer in pieces of two words, then what it used, then why it stopped. It never fails."""
        whole = practice_answer(_question(call))
        text = _cut(whole, call.output_cap_tokens)
        for piece in _PIECE.findall(text):
            yield Text(piece)
            await self._clock.sleep(self._pause_seconds)
        sent = sum(practice_tokens(message.text) for message in call.messages)
        yield UsageReport(Usage(input_tokens=sent, output_tokens=practice_tokens(text)))
        yield Stop(StopReason.END if text == whole else StopReason.CAP)

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """Never: a vector made up without a model would mean nothing."""
        raise ProviderRejectedCall("Practice does not turn texts into vectors. Connect a provider for that.")


def practice_tokens(text: str) -> int:
    """The tokens of a text as practice counts them: one per four UTF-8 bytes begun."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def practice_answer(question: str) -> str:
    """The whole answer to a question."""
    words = question.split()
    subject = " ".join(words)
    if len(subject) > _SUBJECT_CHARS:
        subject = subject[:_SUBJECT_CHARS].rsplit(" ", 1)[0] + " ..."
    first = words[0].strip("\"'.,:;!?").casefold() if words else ""
    return _ANSWER.format(subject=subject, advice=_ADVICE.get(first, _OTHER_ADVICE))


def _question(call: Call) -> str:
    asked = [message.text for message in call.messages if message.role is Role.USER]
    return asked[-1] if asked else ""


def _cut(text: str, cap_tokens: int) -> str:
    """What fits under the cap, never half a character."""
    return text.encode("utf-8", "replace")[: cap_tokens * BYTES_PER_TOKEN].decode("utf-8", "ignore")
