"""What a server that speaks Gemini's generateContent may do: functions that make a `Behaviour` of `ProviderServer`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from tests.provider_behaviours import PIECES, Behaviour, Body, sends

Usage = Mapping[str, Any] | None


def counted(sent: Any = 12, shown: Any = 8, **details: Any) -> dict[str, Any]:
    """A usageMetadata object. Details: cachedContentTokenCount, thoughtsTokenCount, toolUsePromptTokenCount."""
    return {"promptTokenCount": sent, "candidatesTokenCount": shown} | details


USAGE = counted()


def good(pieces: Iterable[str] = PIECES, *, usage: Usage = USAGE, finish: str | None = "STOP") -> Behaviour:
    """The whole answer, streamed or not as the call asks; usage None for none."""
    pieces = tuple(pieces)

    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        if not request.path.endswith(":streamGenerateContent"):
            return web.json_response(chunk(text_parts("".join(pieces)), finish, usage))
        return await streams(answer_chunks(pieces, usage=usage, finish=finish))(request, body)

    return answer


def streams(payloads: Iterable[Body]) -> Behaviour:
    """These payloads as events. Nothing marks the end."""
    return sends(*map(event, payloads))


def status(code: int, name: str, message: str = "Key AIza-secret was refused.", **details: Any) -> Behaviour:
    """An HTTP status with an error body as Google writes them, with words in it that nobody should ever read."""

    async def answer(_: web.Request, __: Body) -> web.StreamResponse:
        return web.json_response(error(code, name, message, **details), status=code)

    return answer


def answer_chunks(pieces: Iterable[str], *, usage: Usage = USAGE, finish: str | None = "STOP") -> list[Body]:
    """The payloads of an answer: usage counts up in each, and the last one says why it ended, without text."""
    so_far = None if usage is None else dict(usage) | {"candidatesTokenCount": 1}
    return [*(chunk(text_parts(text), None, so_far) for text in pieces), chunk([], finish, usage)]


def chunk(parts: list[Body], finish: str | None = None, usage: Usage = None) -> Body:
    """One payload, with what is empty left out."""
    candidate: Body = {"index": 0}
    if parts:
        candidate["content"] = {"parts": parts, "role": "model"}
    if finish is not None:
        candidate["finishReason"] = finish
    said = {"usageMetadata": dict(usage)} if usage is not None else {}
    return {"candidates": [candidate], "modelVersion": "gemini", "responseId": "1"} | said


def text_parts(*texts: str) -> list[Body]:
    return [{"text": text} for text in texts]


def blocked(reason: str = "SAFETY", usage: Usage = None) -> Body:
    """The payload of a prompt that was not answered."""
    said = {"usageMetadata": dict(usage)} if usage is not None else {}
    return {"promptFeedback": {"blockReason": reason}} | said


def error(code: int, name: str, message: str = "words for nobody", **details: Any) -> Body:
    """An error object; `details` are the fields of its only detail."""
    listed = {"details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **details}]} if details else {}
    return {"error": {"code": code, "message": message, "status": name} | listed}


def event(payload: Body) -> bytes:
    """The bytes of one event, with the line ends that Google sends."""
    return f"data: {json.dumps(payload)}\r\n\r\n".encode()
