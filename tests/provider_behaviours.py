"""What a chat-completions server on a real socket may do: each function makes one `Behaviour` of `ProviderServer`.

Whatever they break, they break on the wire.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Behaviour = Callable[[web.Request, Body], Awaitable[web.StreamResponse]]
Usage = Mapping[str, Any] | Callable[[Body], Mapping[str, Any]] | None

PIECES = ("A deadlock is ", "two waiting ", "for each other.")


def counted(prompt: Any = 12, completion: Any = 8, **details: Any) -> dict[str, Any]:
    """A usage object. Details: cached_tokens, cache_write_tokens, reasoning_tokens."""
    usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion}
    if reasoning := {name: details.pop(name) for name in ("reasoning_tokens",) if name in details}:
        usage["completion_tokens_details"] = reasoning
    if details:
        usage["prompt_tokens_details"] = details
    return usage


def cap_of(body: Body) -> int:
    """The output cap that a call carried, under whichever name."""
    return int(body.get("max_completion_tokens") or body.get("max_tokens") or 0)


USAGE = counted()


# -- good answers ------------------------------------------------------------------------------------------------------


def good(pieces: Iterable[str] = PIECES, *, usage: Usage = USAGE, finish: str | None = "stop") -> Behaviour:
    """The whole answer, streamed or not as the call asks. `usage` may be made from the call's body; None for none."""
    pieces = tuple(pieces)

    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        said = usage(body) if callable(usage) else usage
        if not body.get("stream"):
            return web.json_response(whole("".join(pieces), said, finish))
        payloads = [*map(delta, pieces), choice({}, finish), *([{"choices": [], "usage": said}] if said else [])]
        return await _send(request, [_event(payload) for payload in payloads] + [b"data: [DONE]\n\n"])

    return answer


def bills_the_cap(pieces: Iterable[str] = PIECES, *, prompt: int = 12) -> Behaviour:
    """Few words, but counted as the whole output cap: what a model that thinks a lot costs."""
    return good(pieces, usage=lambda body: counted(prompt, cap_of(body)))


def never_streams(text: str = "".join(PIECES), *, usage: Usage = USAGE) -> Behaviour:
    """One JSON document, whatever was asked for."""

    async def answer(_: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response(whole(text, usage(body) if callable(usage) else usage, "stop"))

    return answer


def gate(opened: asyncio.Event, before: Iterable[str] = ("First. ",), after: Iterable[str] = ("Last.",)) -> Behaviour:
    """The first words at once; the rest only when the event is set."""

    async def pieces() -> AsyncIterator[bytes]:
        for text in before:
            yield _event(delta(text))
        await opened.wait()
        for text in after:
            yield _event(delta(text))
        yield _event(choice({}, "stop") | {"usage": dict(USAGE)})
        yield b"data: [DONE]\n\n"

    return _streaming(pieces)


def paced(pieces: Iterable[str], before_each: Callable[[], Awaitable[None]]) -> Behaviour:
    """A good answer, of which each piece comes when whatever `before_each` waits for has happened."""
    pieces = tuple(pieces)

    async def events() -> AsyncIterator[bytes]:
        for text in pieces:
            await before_each()
            yield _event(delta(text))
        yield _event(choice({}, "stop") | {"usage": dict(USAGE)})
        yield b"data: [DONE]\n\n"

    return _streaming(events)


# -- answers that are not --------------------------------------------------------------------------------------------


def empty_answer() -> Behaviour:
    """A well-formed answer without a word in it."""
    return good([], usage=counted(12, 0))


def content_filtered(before: Iterable[str] = ()) -> Behaviour:
    """The provider's filter ended it."""
    return good(before, finish="content_filter")


def refusal(words: str = "I cannot help with that.") -> Behaviour:
    """The model itself declines, in the field of its own that refusals have."""
    return streams([choice({"refusal": words}, None), choice({}, "stop") | {"usage": dict(USAGE)}], done=True)


def error_inside(error: Any, before: Iterable[str] = ()) -> Behaviour:
    """A good beginning, then an error object in the middle of the stream."""
    return streams([*map(delta, before), {"error": error}])


# -- refusals by status ------------------------------------------------------------------------------------------------


def status(code: int, *, retry_after: str | None = None, error: Any = None, location: str | None = None) -> Behaviour:
    """An HTTP status with an error body as OpenAI writes them, with things in it that nobody should ever read."""

    async def answer(_: web.Request, __: Body) -> web.StreamResponse:
        headers = {"Retry-After": retry_after, "Location": location}
        body = {"error": error or {"message": "Incorrect API key provided: sk-secret", "type": "x", "code": None}}
        kept = {name: value for name, value in headers.items() if value is not None}
        return web.json_response(body, status=code, headers=kept)

    return answer


# -- broken transports -------------------------------------------------------------------------------------------------


def reset_after(pieces: Iterable[str] = ("Half of ",)) -> Behaviour:
    """The connection is reset: in mid-stream, or before anything if there are no pieces."""
    pieces = tuple(pieces)

    async def answer(request: web.Request, _: Body) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if pieces:
            await response.prepare(request)
            for text in pieces:
                await response.write(_event(delta(text)))
            await asyncio.sleep(0.02)  # the pieces are on their way before the reset overtakes them
        if request.transport is not None:
            request.transport.abort()
        return response

    return answer


def breaks_off_after(pieces: Iterable[str] = ("Half of ",)) -> Behaviour:
    """A clean end of the response in the middle of the answer."""
    return streams([*map(delta, pieces)])


def endless(piece: str = "and so on ") -> Behaviour:
    """Words without end, as fast as they are taken, whatever the cap says."""
    return endless_events(_event(delta(piece)))


def endless_events(event: bytes) -> Behaviour:
    """One event over and over, as fast as it is taken."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield event * 50
            await asyncio.sleep(0)

    return _streaming(pieces)


def drip(text: str = "drip ", *, seconds: float = 1.0) -> Behaviour:
    """A byte at a time: no read ever waits long, and the answer never ends."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            for byte in _event(delta(text)):
                yield bytes([byte])
                await asyncio.sleep(seconds)

    return _streaming(pieces)


def silence() -> Behaviour:
    """The call is taken and never answered."""

    async def answer(_: web.Request, __: Body) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")

    return answer


# -- bytes that are not the format -------------------------------------------------------------------------------------


def malformed_json(before: Iterable[str] = ()) -> Behaviour:
    """An event that is no JSON."""
    return sends(*[_event(delta(text)) for text in before], b'data: {"choices": [\n\n')


def invalid_utf8() -> Behaviour:
    """An event that is no text."""
    return sends(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n')


def web_page() -> Behaviour:
    """200 with the page of some proxy or login."""
    return sends(b"<html><body>Welcome!</body></html>", content_type="text/html")


def streams(payloads: Iterable[Any], *, done: bool = False, content_type: str = "text/event-stream") -> Behaviour:
    """These payloads as events, and [DONE] if it is."""
    events = [_event(payload) for payload in payloads] + ([b"data: [DONE]\n\n"] if done else [])
    return sends(*events, content_type=content_type)


def sends(*pieces: bytes, content_type: str = "text/event-stream") -> Behaviour:
    """Exactly these bytes."""

    async def answer(request: web.Request, _: Body) -> web.StreamResponse:
        return await _send(request, pieces, content_type)

    return answer


# -- how it is written -------------------------------------------------------------------------------------------------


def delta(text: str) -> Body:
    """The payload that carries the next piece."""
    return choice({"content": text}, None)


def choice(spoken: Body, finish: str | None) -> Body:
    """A payload with one choice."""
    chosen = {"index": 0, "delta": spoken, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [chosen]}


def whole(text: str, usage: Mapping[str, Any] | None, finish: str | None) -> Body:
    chosen = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion", "choices": [chosen], "usage": usage}


def _event(payload: Any) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def _streaming(pieces: Callable[[], AsyncIterator[bytes]]) -> Behaviour:
    async def answer(request: web.Request, _: Body) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        async for piece in pieces():
            await response.write(piece)
        return response

    return answer


async def _send(
    request: web.Request, pieces: Iterable[bytes], content_type: str = "text/event-stream"
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    with suppress(ConnectionError):
        await response.write_eof()
    return response
