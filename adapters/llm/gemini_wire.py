"""Gemini's generateContent format as values: what is sent, and what its JSON means. Pure.

https://ai.google.dev/api/generate-content and https://ai.google.dev/gemini-api/docs/thinking, read in November 2026.
The JSON is protobuf's: what is zero or empty is left out.
"""

import math
import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote

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
from core.call import Call, ImagePart, Part, Role, Stop, StopReason, UsageReport
from core.prices import Usage

_ROLES = {Role.USER: "user", Role.ASSISTANT: "model"}
_BLOCKED = "BLOCKED"  # our name for a prompt that was not answered at all
_REASONS = {"MAX_TOKENS": StopReason.CAP} | dict.fromkeys(
    (_BLOCKED, "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "MODEL_ARMOR"), StopReason.DECLINED
)
_NO_REASONS = ("", "FINISH_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED")
_NOT_FOUND = "NOT_FOUND"  # a model or an address: only the message tells
_TOLD_IN_WORDS = {
    ("INVALID_ARGUMENT", "exceeds the maximum number of tokens"): "context_length_exceeded",
    ("RESOURCE_EXHAUSTED", "credits are depleted"): "insufficient_quota",
    (_NOT_FOUND, "models/"): NO_SUCH_MODEL,
}
"""What comes under one status for several meanings: which words of the message mean what."""
_REFUSED_KEY = "API_KEY_INVALID"  # stands in the details of an INVALID_ARGUMENT
_DELAY = re.compile(r"([0-9]{1,9})(\.[0-9]{1,9})?s")


def headers_with(key: str | None) -> dict[str, str]:
    """The headers that carry a key: the only place where one is written down. It never stands in the address."""
    return {"x-goog-api-key": key} if key else {}


def path_of(call: Call, quirks: Quirks) -> str:
    """Where a call goes, below the base URL."""
    method = "streamGenerateContent?alt=sse" if quirks.stream else "generateContent"
    return f"models/{quote(call.model.wire_name, safe='')}:{method}"


def request_body(call: Call, quirks: Quirks) -> dict[str, Any]:
    """The JSON of one call. The output cap goes under the model's own field name: the hold rests on it."""
    body: dict[str, Any] = {
        "contents": [
            {"role": _ROLES[role], "parts": [_part(part) for part in parts]} for role, parts in turns_of(call)
        ],
        "generationConfig": {call.model.cap_field: call.output_cap_tokens},
    }
    if system := system_text(call):
        body["systemInstruction"] = {"parts": [{"text": system}]}
    return with_added(body, quirks.reasoning_body) if call.model.reasoning else body


def read_error(payload: Json) -> ErrorObject | None:
    """The error that a payload carries, or None."""
    error = payload.get("error")
    if not error:
        return None
    if not isinstance(error, dict):
        return ErrorObject()
    listed = error.get("details")
    details = [detail for detail in listed if isinstance(detail, dict)] if isinstance(listed, list) else []
    status, name = error.get("code"), error.get("status")
    if any(detail.get("reason") == _REFUSED_KEY for detail in details):
        name = _REFUSED_KEY
    name = name if isinstance(name, str) else ""
    return ErrorObject(
        code=meant_by(name, error.get("message"), _TOLD_IN_WORDS) or ("" if name == _NOT_FOUND else name),
        status=status if type(status) is int else None,
        retry_after_seconds=next((wait for detail in details if (wait := _delay(detail)) is not None), None),
    )


def read_usage(raw: object) -> Usage | None:
    """A usageMetadata object in five parts that do not overlap; None when it is none or contradicts itself.

    As Gemini has it, `promptTokenCount` includes what was read from a cache, and thoughts are counted beside
    `candidatesTokenCount`. What tools put into the prompt is beside both; we send none; it would be billed as input.
    """
    if not isinstance(raw, dict):
        return None
    sent, cached = count_of(raw, "promptTokenCount"), detail_of(raw, "cachedContentTokenCount")
    of_tools, thought = detail_of(raw, "toolUsePromptTokenCount"), detail_of(raw, "thoughtsTokenCount")
    shown = detail_of(raw, "candidatesTokenCount")
    if sent is None or cached is None or of_tools is None or thought is None or shown is None or cached > sent:
        return None
    return Usage(sent - cached + of_tools, cached, 0, shown, thought)


class ContentAnswer:
    """One answer as its payloads come in. Thoughts and tool calls are no answer text and are left out.

    `adapters.llm.wire.Answer`. There is no mark of the end: the stream is read until it ends.
    """

    def __init__(self) -> None:
        self._finish = ""
        self._usage: object = None
        self._characters = WholeCharacters()

    @property
    def finished(self) -> bool:
        """Whether the model itself said that it is done: only then is an end of the stream its end."""
        return bool(self._finish)

    @property
    def closed(self) -> bool:
        """Never: reasons to finish come early too, from gateways, with the answer still to come."""
        return False

    def take_event(self, data: str) -> str:
        """The text that an event's data adds, maybe none. Raises `NotTheFormat` and `AnsweredWithError`."""
        return self._take(read_json(data))

    def take_whole(self, payload: Json) -> str:
        """The text of an answer that came in one piece. Raises as `take_event` does."""
        text = self._take(payload)
        if not {"candidates", "promptFeedback", "usageMetadata"} & payload.keys():
            raise NotTheFormat("nothing of an answer")
        self._finish = self._finish or "STOP"
        return text

    def ending(self) -> tuple[UsageReport, Stop]:
        """What the provider counted, and why it stopped."""
        return UsageReport(read_usage(self._usage)), Stop(_REASONS.get(self._finish, StopReason.END))

    def _take(self, payload: Json) -> str:
        if said := read_error(payload):
            raise AnsweredWithError(said)
        if payload.get("usageMetadata") is not None:
            self._usage = payload["usageMetadata"]  # counts up in every payload: the last one is the whole
        if text_of(object_of(payload.get("promptFeedback") or {}), "blockReason") not in _NO_REASONS:
            self._finish = _BLOCKED
        candidate = _first_candidate(payload)
        text, finish = _text_in(candidate), text_of(candidate, "finishReason")
        if finish not in _NO_REASONS:
            self._finish = finish
        elif text and self._finish != _BLOCKED:
            self._finish = ""  # it goes on: what was said before was not the end
        return self._characters.take(text)


def _first_candidate(payload: Json) -> Json:
    candidates = payload.get("candidates")
    if candidates is None or candidates == []:
        return {}
    if not isinstance(candidates, list):
        raise NotTheFormat("candidates are no list")
    candidate = object_of(candidates[0])
    return candidate if candidate.get("index") in (0, None) else {}  # we ask for one answer only


def _text_in(candidate: Json) -> str:
    parts = object_of(candidate.get("content") or {}).get("parts") or []
    if not isinstance(parts, list):
        raise NotTheFormat("parts are no list")
    shown = [part for part in map(object_of, parts) if not part.get("thought")]
    return "".join(text_of(part, "text") for part in shown)


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, ImagePart):
        return {"inlineData": {"mimeType": part.media_type, "data": b64encode(part.data).decode("ascii")}}
    return {"text": part.text}


def _delay(detail: Json) -> int | None:
    """The seconds of a RetryInfo: "37s", "37.8s"."""
    delay = detail.get("retryDelay")
    if not isinstance(delay, str) or not _DELAY.fullmatch(delay):
        return None
    return math.ceil(float(delay[:-1]))
