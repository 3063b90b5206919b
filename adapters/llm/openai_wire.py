"""The chat-completions wire format as values: what is sent, and what its JSON means. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from adapters.llm.providers_file import Quirks
from core.call import Call, Stop, StopReason, UsageReport
from core.prices import Usage

Json = Mapping[str, Any]

_REASONS = {"length": StopReason.CAP, "max_tokens": StopReason.CAP, "content_filter": StopReason.DECLINED}
_DECLINING_CODES = frozenset({"content_filter", "content_policy_violation"})
_HIGH_SURROGATES = ("\ud800", "\udbff")


class NotTheFormat(ValueError):
    """The bytes are not what the wire format says."""


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """What a provider's error object says, as far as it is used: never its message."""

    code: str = ""
    status: int | None = None
    declined: bool = False


class AnsweredWithError(Exception):
    """An error object stood where a piece of the answer should be."""

    def __init__(self, said: ErrorObject) -> None:
        super().__init__(said.code)
        self.said = said


def bearer(key: str | None) -> dict[str, str]:
    """The headers that carry a key: the only place where one is written down."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def request_body(call: Call, quirks: Quirks) -> dict[str, Any]:
    """The JSON of one call. The output cap goes under the model's own field name: the hold rests on it."""
    body: dict[str, Any] = {
        "model": call.model.wire_name,
        "messages": [{"role": message.role.value, "content": message.text} for message in call.messages],
        call.model.cap_field: call.output_cap_tokens,
        "stream": quirks.stream,
    }
    if quirks.stream and quirks.include_usage:
        body["stream_options"] = {"include_usage": True}
    if call.model.reasoning:
        body |= quirks.reasoning_body
    return body


def read_json(text: str | bytes) -> Json:
    """One JSON object. Raises `NotTheFormat` for all else, NaN and Infinity included: they are no JSON."""
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        value = _JSON.decode(text)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise NotTheFormat("not JSON") from error
    return _object(value)


def read_error(payload: Json) -> ErrorObject | None:
    """The error that a payload carries, or None."""
    error = payload.get("error")
    if not error:
        return None
    if not isinstance(error, dict):
        return ErrorObject()
    code = error.get("code")
    if isinstance(code, int) or (isinstance(code, str) and code.isascii() and code.isdigit()):
        # OpenRouter gives the HTTP status as a number, and says that it is about content beside it.
        metadata = error.get("metadata")
        flagged = isinstance(metadata, dict) and bool(metadata.get("reasons"))
        return ErrorObject(status=int(str(code)[:9]), declined=flagged)
    name = next((said for said in (code, error.get("type")) if isinstance(said, str)), "")
    return ErrorObject(code=name, declined=name in _DECLINING_CODES)


def read_usage(raw: object, *, cached_beside_input: bool = False) -> Usage | None:
    """A provider's usage object in five parts that do not overlap; None when it is none or contradicts itself.

    As OpenAI has it, cached tokens (read and written) are inside `prompt_tokens` and reasoning inside
    `completion_tokens`. `cached_beside_input`: this provider reports them beside. Large numbers pass: whether they
    can be true is for the caller, who knows the context and the cap.
    """
    if not isinstance(raw, dict):
        return None
    sent, made = _count(raw, "prompt_tokens"), _count(raw, "completion_tokens")
    of_sent, of_made = raw.get("prompt_tokens_details"), raw.get("completion_tokens_details")
    read = _detail(of_sent, "cached_tokens")
    written = _detail(of_sent, "cache_write_tokens", "cache_creation_tokens")
    reasoned = _detail(of_made, "reasoning_tokens")
    if sent is None or made is None or read is None or written is None or reasoned is None:
        return None
    fresh = sent if cached_beside_input else sent - read - written
    shown = made - reasoned
    if fresh < 0 or shown < 0:
        return None
    return Usage(fresh, read, written, shown, reasoned)


class Answer:
    """One answer as its payloads come in. Reasoning text is no answer text and is left out."""

    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._finish = ""
        self._refusal = ""
        self._usage: object = None
        self._half_character = ""

    @property
    def finished(self) -> bool:
        """Whether the model itself said that it is done: only then is an end of the stream its end."""
        return bool(self._finish)

    def take(self, payload: Json, part: str = "delta") -> str:
        """The text that a payload adds, maybe none. `part` is "message" in an answer that came whole.

        Raises `NotTheFormat`, and `AnsweredWithError` for an error object.
        """
        if said := read_error(payload):
            raise AnsweredWithError(said)
        if payload.get("usage") is not None:
            self._usage = payload["usage"]  # some servers count up in every payload: the last one is the whole
        choice = _first_choice(payload)
        spoken = _object(choice.get(part) or {})
        text, finish = _text(spoken, "content"), _text(choice, "finish_reason")
        if finish == "error":
            raise AnsweredWithError(ErrorObject())
        self._refusal += _text(spoken, "refusal")
        self._finish = finish or self._finish
        return self._whole_characters(text)

    def take_done(self) -> None:
        """The provider's own mark of the end: as good as a reason to finish, for those who give none."""
        self._finish = self._finish or "stop"

    def ending(self) -> tuple[UsageReport, Stop]:
        """What the provider counted, and why it stopped.

        A refusal is not yielded as text: it is in the `Stop`, so that nobody pays for being refused.
        """
        usage = read_usage(self._usage, cached_beside_input=self._quirks.cached_beside_input)
        reason = StopReason.DECLINED if self._refusal else _REASONS.get(self._finish, StopReason.END)
        return UsageReport(usage), Stop(reason, _without_surrogates(self._refusal))

    def _whole_characters(self, text: str) -> str:
        """JSON may cut a character beyond the BMP into two escapes, and a server between them."""
        text = self._half_character + text
        self._half_character = ""
        if text and _HIGH_SURROGATES[0] <= text[-1] <= _HIGH_SURROGATES[1]:
            text, self._half_character = text[:-1], text[-1]
        return _without_surrogates(text)


def _first_choice(payload: Json) -> Json:
    choices = payload.get("choices")
    if choices is None or choices == []:
        return {}
    if not isinstance(choices, list):
        raise NotTheFormat("choices are no list")
    choice = _object(choices[0])
    return choice if choice.get("index") in (0, None) else {}  # we ask for one answer only


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise NotTheFormat("not an object")
    return value


def _text(holder: Json, field: str) -> str:
    value = holder.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotTheFormat(f"{field} is no text")
    return value


def _detail(details: object, *names: str) -> int | None:
    """A count within a usage object's details: 0 when it is not there, None when it is no count."""
    if details is None:
        return 0
    if not isinstance(details, dict):
        return None
    name = next((name for name in names if details.get(name) is not None), None)
    return 0 if name is None else _count(details, name)


def _count(holder: Json, field: str) -> int | None:
    value = holder.get(field)
    if type(value) is not int or value < 0:  # True is an int by class, not by meaning
        return None
    return value


def _without_surrogates(text: str) -> str:
    """Lone surrogates have no UTF-8: whoever writes the text on would fail."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
"""One for all: `json.loads` with an argument would make another for every piece of an answer."""
