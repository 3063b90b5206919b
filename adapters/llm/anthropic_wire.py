"""Anthropic's Messages format as values: what is sent, and what its JSON means. Pure.

https://platform.claude.com/docs/en/api/messages and .../build-with-claude/streaming, .../handling-stop-reasons and
.../api/errors, read in November 2026. Events of kinds that are not known here are passed over, as Anthropic's
versioning policy asks for.
"""

from base64 import b64encode
from typing import Any

from adapters.llm.failures import NO_SUCH_MODEL
from adapters.llm.providers_file import Quirks
from adapters.llm.turns import system_text, turns_of, with_added
from adapters.llm.wire import (
    AnsweredWithError,
    ErrorObject,
    Json,
    NotTheFormat,
    WholeCharacters,
    count_of,
    detail_of,
    meant_by,
    object_of,
    read_json,
    text_of,
)
from core.call import Call, ImagePart, Part, Stop, StopReason, UsageReport
from core.prices import Usage

VERSION = "2023-06-01"
"""The only value of `anthropic-version` that is current: https://platform.claude.com/docs/en/api/versioning."""

_REASONS = {
    "max_tokens": StopReason.CAP,
    "model_context_window_exceeded": StopReason.CAP,
    "refusal": StopReason.DECLINED,
}
_NOT_FOUND = "not_found_error"  # a model or an address: only the message tells
_TOLD_IN_WORDS = {
    ("invalid_request_error", "credit balance"): "billing_error",
    ("invalid_request_error", "prompt is too long"): "request_too_large",
    (_NOT_FOUND, "model"): NO_SUCH_MODEL,
}
"""What comes under one type for several meanings: which words of the message mean what."""


def headers_with(key: str | None) -> dict[str, str]:
    """The headers of every call: the only place where the key is written down."""
    version = {"anthropic-version": VERSION}
    return {"x-api-key": key} | version if key else version


def request_body(call: Call, quirks: Quirks) -> dict[str, Any]:
    """The JSON of one call. The output cap goes under the model's own field name: the hold rests on it."""
    body: dict[str, Any] = {
        "model": call.model.wire_name,
        "messages": [
            {"role": role.value, "content": [_block(part) for part in parts]} for role, parts in turns_of(call)
        ],
        call.model.cap_field: call.output_cap_tokens,
        "stream": quirks.stream,
    }
    if system := system_text(call):
        body["system"] = system
    return with_added(body, quirks.reasoning_body) if call.model.reasoning else body


def read_error(payload: Json) -> ErrorObject | None:
    """The error that a payload carries, or None."""
    error = payload.get("error")
    if error is None and payload.get("type") != "error":
        return None
    if not isinstance(error, dict):
        return ErrorObject()
    kind, message = error.get("type"), error.get("message")
    if not isinstance(kind, str):
        return ErrorObject()
    return ErrorObject(code=meant_by(kind, message, _TOLD_IN_WORDS) or ("" if kind == _NOT_FOUND else kind))


def read_usage(raw: object) -> Usage | None:
    """A usage object in five parts that do not overlap; None when it is none or contradicts itself.

    As Anthropic has it, `input_tokens` is what was neither read from nor written to a cache, and `output_tokens`
    includes the thinking, which newer models report apart too.
    """
    if not isinstance(raw, dict):
        return None
    fresh, made = count_of(raw, "input_tokens"), count_of(raw, "output_tokens")
    read, written = detail_of(raw, "cache_read_input_tokens"), detail_of(raw, "cache_creation_input_tokens")
    reasoned = detail_of(raw.get("output_tokens_details"), "thinking_tokens")
    if fresh is None or made is None or read is None or written is None or reasoned is None or reasoned > made:
        return None
    return Usage(fresh, read, written, made - reasoned, reasoned)


class MessageAnswer:
    """One answer as its events come in. Thinking, tool calls and citations are no answer text and are left out.

    `adapters.llm.wire.Answer`.
    """

    def __init__(self) -> None:
        self._finish = ""
        self._usage_at_start: Json = {}
        self._usage: object = None
        self._characters = WholeCharacters()
        self._closed = False

    @property
    def finished(self) -> bool:
        """Whether the model itself said that it is done: only then is an end of the stream its end."""
        return bool(self._finish)

    @property
    def closed(self) -> bool:
        """Whether `message_stop` has come."""
        return self._closed

    def take_event(self, data: str) -> str:
        """The text that an event's data adds, maybe none. Raises `NotTheFormat` and `AnsweredWithError`."""
        payload = read_json(data)
        if said := read_error(payload):
            raise AnsweredWithError(said)
        match text_of(payload, "type"):
            case "message_start":
                self._take_start(object_of(payload.get("message")))
            case "content_block_start":
                return self._text_in(object_of(payload.get("content_block")), "text")
            case "content_block_delta":
                return self._text_in(object_of(payload.get("delta")), "text_delta")
            case "message_delta":
                self._take_end(object_of(payload.get("delta")), payload.get("usage"))
            case "message_stop":
                self._take_stop()
            case "":
                raise NotTheFormat("an event without a type")
        return ""

    def take_whole(self, payload: Json) -> str:
        """The text of an answer that came in one piece. Raises as `take_event` does."""
        if said := read_error(payload):
            raise AnsweredWithError(said)
        blocks = payload.get("content")
        if not isinstance(blocks, list):
            raise NotTheFormat("content is no list")
        text = "".join(self._text_in(object_of(block), "text") for block in blocks)
        self._take_end(payload, payload.get("usage"))
        self._take_stop()
        return text

    def ending(self) -> tuple[UsageReport, Stop]:
        """What the provider counted, and why it stopped."""
        return UsageReport(read_usage(self._usage)), Stop(_REASONS.get(self._finish, StopReason.END))

    def _text_in(self, holder: Json, kind: str) -> str:
        if text_of(holder, "type") != kind:
            return ""
        return self._characters.take(text_of(holder, "text"))

    def _take_start(self, message: Json) -> None:
        usage = message.get("usage")
        self._usage_at_start = usage if isinstance(usage, dict) else {}

    def _take_end(self, delta: Json, usage: object) -> None:
        self._finish = text_of(delta, "stop_reason") or self._finish
        if isinstance(usage, dict):
            # Its counts are those of the whole answer, but it may leave out what was known at the start. The output
            # that the start names is a beginning only: without this object there is no usage.
            said = {name: count for name, count in usage.items() if count is not None}
            known = {name: count for name, count in self._usage_at_start.items() if name != "output_tokens"}
            self._usage = known | said
        elif usage is not None:
            self._usage = None

    def _take_stop(self) -> None:
        self._closed = True
        self._finish = self._finish or "end_turn"


def _block(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        data = b64encode(part.data).decode("ascii")
        return {"type": "image", "source": {"type": "base64", "media_type": part.media_type, "data": data}}
    return {"type": "text", "text": part.text}
