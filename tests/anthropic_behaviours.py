"""What a server that speaks Anthropic's Messages may do: each function makes one `Behaviour` of `ProviderServer`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from tests.provider_behaviours import PIECES, Behaviour, Body, sends

Usage = Mapping[str, Any] | None


def counted(fresh: Any = 12, made: Any = 8, **details: Any) -> dict[str, Any]:
    """A usage object. Details: cache_read_input_tokens, cache_creation_input_tokens, thinking_tokens."""
    usage: dict[str, Any] = {"input_tokens": fresh, "output_tokens": made}
    if "thinking_tokens" in details:
        usage["output_tokens_details"] = {"thinking_tokens": details.pop("thinking_tokens")}
    return usage | details


USAGE = counted()


def good(pieces: Iterable[str] = PIECES, *, usage: Usage = USAGE, stop: str | None = "end_turn") -> Behaviour:
    """The whole answer, streamed or not as the call asks; usage None for none."""
    pieces = tuple(pieces)

    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        if not body.get("stream"):
            return web.json_response(whole([text_block("".join(pieces))], usage, stop))
        return await sends(*map(event, answer_events(pieces, usage=usage, stop=stop)))(request, body)

    return answer


def streams(payloads: Iterable[Body]) -> Behaviour:
    """These payloads as events, each under its name."""
    return sends(*map(event, payloads))


def status(code: int, kind: str, message: str = "sk-ant-secret was refused") -> Behaviour:
    """An HTTP status with an error body as Anthropic writes them, with words in it that nobody should ever read."""

    async def answer(_: web.Request, __: Body) -> web.StreamResponse:
        return web.json_response(error_event(kind, message), status=code)

    return answer


def answer_events(pieces: Iterable[str], *, usage: Usage = USAGE, stop: str | None = "end_turn") -> list[Body]:
    """Every event of an answer, in the documented order."""
    return [start(usage), *block(0, map(text_delta, pieces)), end(stop, usage), {"type": "message_stop"}]


def start(usage: Usage = USAGE) -> Body:
    """The first event. What it counts as output is a beginning only."""
    message = whole([], None, None) | ({"usage": dict(usage) | {"output_tokens": 1}} if usage is not None else {})
    return {"type": "message_start", "message": message}


def block(index: int, deltas: Iterable[Body], opening: Body | None = None) -> list[Body]:
    """One content block: its start, its deltas, its stop."""
    return [
        {"type": "content_block_start", "index": index, "content_block": opening or text_block("")},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def end(stop: str | None = "end_turn", usage: Usage = USAGE) -> Body:
    """The event that says why it stopped and what it used."""
    said = {"usage": dict(usage)} if usage is not None else {}
    return {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}} | said


def text_block(text: str) -> Body:
    return {"type": "text", "text": text}


def text_delta(text: str) -> Body:
    return {"type": "text_delta", "text": text}


def error_event(kind: str, message: str = "words for nobody") -> Body:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def whole(blocks: list[Body], usage: Usage, stop: str | None) -> Body:
    """A message as an answer in one piece has it."""
    said = {"usage": dict(usage)} if usage is not None else {}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": blocks}
    return message | {"stop_reason": stop, "stop_sequence": None} | said


def event(payload: Body) -> bytes:
    """The bytes of one event."""
    return f"event: {payload.get('type')}\ndata: {json.dumps(payload)}\n\n".encode()
