"""How to say the same thing in every wire format: one speaker a wire, so that a fault is written once for all."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tests import anthropic_behaviours as anthropic
from tests import gemini_behaviours as gemini
from tests import provider_behaviours as openai
from tests.provider_behaviours import PIECES, Body

END, CAP, DECLINED, TOOLS, UNKNOWN = "end", "cap", "declined", "tools", "a word of tomorrow"
"""Why a model stopped, whatever its wire calls it."""
TEXT, STOP, USAGE, OTHER = "text", "stop", "usage", "other"
"""What an event of a stream is for."""


@dataclass(frozen=True, slots=True)
class Said:
    """One whole answer. The counts may be anything; None for no usage at all."""

    pieces: tuple[str, ...] = PIECES
    sent: Any = 12
    made: Any = 8
    finish: str = END
    has_usage: bool = True

    @property
    def text(self) -> str:
        """What a reader should get."""
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream: what it is for, and its payload (a text where it is no JSON)."""

    purpose: str
    payload: Any


class WireSpeaker(ABC):
    """One wire. `provider` is the row that speaks it as its maker does, `cap_field` the name of its output cap."""

    provider: ClassVar[str]
    cap_field: ClassVar[str]
    tool_call: ClassVar[Body]
    """An event with a call of a tool that nobody offered."""
    thought: ClassVar[Body]
    """An event with a thought, which is no answer."""
    unknown_event: ClassVar[Body]
    other_answer: ClassVar[Body]
    """An event of a second answer, or of another block: not the text that was asked for."""
    refusal: ClassVar[tuple[Body, Body]]
    """What a model says that will not answer: as an event before the end, and whole."""
    null_content: ClassVar[tuple[Body, Body]]
    """null where the text should be: as an event, and whole."""
    no_answers: ClassVar[Mapping[str, tuple[Body, Body]]]
    """An empty list of answers, no list, and something that is none: each as an event, and whole."""

    @abstractmethod
    def events(self, said: Said) -> list[Event]:
        """Every event of the answer as a stream, in order."""

    @abstractmethod
    def whole(self, said: Said) -> Body:
        """The answer as one JSON document."""

    @abstractmethod
    def error(self, status: int) -> Body:
        """An error object, with a secret in its words."""

    def frame(self, payload: Any, *, ascii_only: bool = True) -> bytes:
        """The bytes of one event."""
        text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=ascii_only)
        return f"data: {text}\n\n".encode("utf-8", "surrogatepass")

    def stream(self, said: Said, *, ascii_only: bool = True) -> list[bytes]:
        """The answer's events as bytes."""
        return [self.frame(event.payload, ascii_only=ascii_only) for event in self.events(said)]


def _alike(**payloads: Body) -> dict[str, tuple[Body, Body]]:
    return {name.replace("_", " "): (payload, payload) for name, payload in payloads.items()}


def _openai_whole(message: Body) -> Body:
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": openai.USAGE}


def _block_delta(delta: Body) -> Body:
    return {"type": "content_block_delta", "index": 1, "delta": delta}


_OPENAI = {END: "stop", CAP: "length", DECLINED: "content_filter", TOOLS: "tool_calls"}
_ANTHROPIC = {END: "end_turn", CAP: "max_tokens", DECLINED: "refusal", TOOLS: "tool_use"}
_GEMINI = {END: "STOP", CAP: "MAX_TOKENS", DECLINED: "SAFETY", TOOLS: "UNEXPECTED_TOOL_CALL"}


class SpeaksOpenAI(WireSpeaker):
    """Chat completions."""

    provider, cap_field = "openai", "max_completion_tokens"
    tool_call = openai.choice(
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "rm", "arguments": "{}"}}]}, None
    )
    thought = openai.choice({"content": None, "reasoning_content": "hm", "reasoning": "hm"}, None)
    unknown_event: ClassVar = {"object": "chat.completion.heartbeat"}
    other_answer: ClassVar = {"choices": [{"index": 1, "delta": {"content": "another"}}]}
    refusal = openai.choice({"refusal": "No."}, None), _openai_whole({"content": None, "refusal": "No."})
    null_content = openai.choice({"content": None}, None), _openai_whole({"content": None})
    no_answers: ClassVar = _alike(
        empty={"choices": []}, missing={"object": "chat.completion"}, no_list={"choices": "none"}
    )

    def events(self, said: Said) -> list[Event]:
        texts = [Event(TEXT, openai.delta(text)) for text in said.pieces]
        stop = Event(STOP, openai.choice({}, _OPENAI.get(said.finish, said.finish)))
        usage = [Event(USAGE, {"choices": [], "usage": self._usage(said)})] if said.has_usage else []
        return [*texts, stop, *usage, Event(OTHER, "[DONE]")]

    def whole(self, said: Said) -> Body:
        return openai.whole(said.text, self._usage(said), _OPENAI.get(said.finish, said.finish))

    def _usage(self, said: Said) -> Body | None:
        return openai.counted(said.sent, said.made) if said.has_usage else None

    def error(self, status: int) -> Body:
        return {"error": {"message": "No: sk-secret", "type": "x", "code": None}}


class SpeaksAnthropic(WireSpeaker):
    """Messages."""

    provider, cap_field = "anthropic", "max_tokens"
    tool_call = _block_delta({"type": "input_json_delta", "partial_json": "{}"})
    thought = _block_delta({"type": "thinking_delta", "thinking": "hm"})
    unknown_event: ClassVar = {"type": "event_of_tomorrow", "text": "x"}
    other_answer: ClassVar = {"type": "ping"}
    refusal = anthropic.end("refusal"), anthropic.whole([], anthropic.USAGE, "refusal")
    null_content = (
        _block_delta({"type": "text_delta", "text": None}),
        anthropic.whole([{"type": "text", "text": None}], anthropic.USAGE, "end_turn"),
    )
    no_answers: ClassVar = {
        "empty": (anthropic.end(), anthropic.whole([], anthropic.USAGE, "end_turn")),
        "missing": ({"type": "message_delta"}, {"type": "message"}),
        "no list": ({"type": "content_block_delta", "delta": "none"}, {"type": "message", "content": "none"}),
    }

    def events(self, said: Said) -> list[Event]:
        usage, finish = self._usage(said), _ANTHROPIC.get(said.finish, said.finish)
        opening, *deltas, closing = anthropic.block(0, map(anthropic.text_delta, said.pieces))
        texts = [Event(TEXT, delta) for delta in deltas]
        return [
            Event(OTHER, anthropic.start(usage)),
            Event(OTHER, opening),
            *texts,
            Event(OTHER, closing),
            Event(STOP, anthropic.end(finish, usage)),
            Event(OTHER, {"type": "message_stop"}),
        ]

    def whole(self, said: Said) -> Body:
        blocks = [anthropic.text_block(said.text)] if said.pieces else []
        return anthropic.whole(blocks, self._usage(said), _ANTHROPIC.get(said.finish, said.finish))

    def _usage(self, said: Said) -> Body | None:
        return anthropic.counted(said.sent, said.made) if said.has_usage else None

    def error(self, status: int) -> Body:
        kinds = {401: "authentication_error", 402: "billing_error", 429: "rate_limit_error", 529: "overloaded_error"}
        return anthropic.error_event(kinds.get(status, "api_error"), "No: sk-secret")

    def frame(self, payload: Any, *, ascii_only: bool = True) -> bytes:
        name = payload.get("type", "message") if isinstance(payload, dict) else "message"
        return f"event: {name}\n".encode() + super().frame(payload, ascii_only=ascii_only)


class SpeaksGemini(WireSpeaker):
    """generateContent."""

    provider, cap_field = "gemini", "maxOutputTokens"
    tool_call = gemini.chunk([{"functionCall": {"name": "rm", "args": {}}}])
    thought = gemini.chunk([{"text": "hm", "thought": True}])
    unknown_event: ClassVar = {"responseId": "1"}
    other_answer: ClassVar = {"candidates": [{"index": 1, "content": {"parts": [{"text": "another"}]}}]}
    refusal = gemini.blocked(), gemini.blocked()
    null_content = gemini.chunk([{"text": None}]), gemini.chunk([{"text": None}], "STOP", gemini.USAGE)
    no_answers: ClassVar = _alike(
        empty={"candidates": []}, missing={"modelVersion": "gemini"}, no_list={"candidates": "none"}
    )

    def events(self, said: Said) -> list[Event]:
        finish = _GEMINI.get(said.finish, said.finish)
        *texts, stop = gemini.answer_chunks(said.pieces, usage=self._usage(said), finish=finish)
        return [*(Event(TEXT, text) for text in texts), Event(STOP, stop)]

    def whole(self, said: Said) -> Body:
        finish = _GEMINI.get(said.finish, said.finish)
        return gemini.chunk(gemini.text_parts(*said.pieces), finish, self._usage(said))

    def _usage(self, said: Said) -> Body | None:
        return gemini.counted(said.sent, said.made) if said.has_usage else None

    def error(self, status: int) -> Body:
        return gemini.error(status, "UNKNOWN", "No: sk-secret")


SPEAKERS: tuple[WireSpeaker, ...] = (SpeaksOpenAI(), SpeaksAnthropic(), SpeaksGemini())
