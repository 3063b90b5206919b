"""What a server does and the truth about it. A fault is a function from a speaker of a wire, and whether it streams."""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

from tests.end_to_end.wires.speakers import STOP, TEXT, Said, WireSpeaker
from tests.provider_behaviours import Body

GOOD = Said()
FIRST = GOOD.pieces[0]
SOON = 0.4
"""The deadline of an ask whose server will not end it, in seconds."""
LATER = 2.0
"""The same where words must have come before, on however busy a machine."""


class Charge(StrEnum):
    """What must be charged."""

    NOTHING = "nothing"
    USAGE = "usage"  # the server's own, to the nano-dollar
    ESTIMATE = "estimate"  # the input as we expect it and the delivered text as we count it, at most the hold


class Then(StrEnum):
    """How the server ends."""

    EOF = "eof"
    RESET = "reset"
    DROP = "drop"  # the connection is closed before the end of the response
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does with every call."""

    pieces: Iterable[bytes] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    then: Then = Then.EOF
    pause_seconds: float = 0.0
    begins: bool = True
    """Whether there is a response at all."""

    async def __call__(self, request: web.Request, _: Body) -> web.StreamResponse:
        """Answer one call: a `Behaviour` of `ProviderServer`."""
        response = web.StreamResponse(status=self.status, headers=self.headers)
        if self.begins:
            await response.prepare(request)
        for piece in self.pieces:
            await response.write(piece)
            await asyncio.sleep(self.pause_seconds)
        if self.then is Then.HANG:
            await asyncio.Event().wait()
        if self.then is not Then.EOF and request.transport is not None:
            await asyncio.sleep(0.02)  # the pieces are on their way before the end overtakes them
            request.transport.abort() if self.then is Then.RESET else request.transport.close()
        return response


@dataclass(frozen=True, slots=True)
class Case:
    """One fault in one wire: the reply, and the truth. `repeats`: any number of these is true."""

    reply: Reply | None
    """None when nobody listens at all."""
    text: str = ""
    charged: Charge = Charge.NOTHING
    repeats: str = ""
    made: int = GOOD.made
    """The output tokens of a usage that is true."""
    deadline_seconds: float = 20.0
    heavy: bool = False
    """It takes the processor for itself, so no other case runs beside it."""


Fault = Callable[[WireSpeaker, bool], Case | None]
"""None where a fault is none in this wire, or without a stream."""


class Faults(dict[str, Fault]):
    """Faults by name."""

    def fault(self, function: Fault) -> Fault:
        """Add it, under its own name: a decorator."""
        self[function.__name__.replace("_", " ").strip()] = function
        return function

    def family(self, name: str, make: Callable[..., Fault], **each: Any) -> None:
        """Add one for every keyword."""
        for key, value in each.items():
            self[f"{name} {key.replace('_', ' ').strip()}"] = make(value)


# -- how it is said ----------------------------------------------------------------------------------------------------


def kind(streams: bool) -> dict[str, str]:
    """The content type that is usual."""
    return {"Content-Type": "text/event-stream" if streams else "application/json"}


def bytes_of(wire: WireSpeaker, streams: bool, said: Said = GOOD) -> list[bytes]:
    """A whole answer: its events, or its one document."""
    return wire.stream(said) if streams else [json.dumps(wire.whole(said)).encode()]


def answers(wire: WireSpeaker, streams: bool, said: Said = GOOD, charged: Charge = Charge.USAGE) -> Case:
    """An answer that comes to its end."""
    made = said.made if charged is Charge.USAGE else 0
    return Case(Reply(bytes_of(wire, streams, said), headers=kind(streams)), said.text, charged, made=made)


def altered(alter: Callable[[bytes], bytes], **headers: str) -> Fault:
    """A good answer whose bytes are written otherwise, and mean the same."""

    def case(wire: WireSpeaker, streams: bool) -> Case:
        body = alter(b"".join(bytes_of(wire, streams)))
        return Case(Reply([body], headers=kind(streams) | headers), GOOD.text, Charge.USAGE)

    return case


def no_answer(body: bytes, **headers: str) -> Fault:
    """A 200 with something in it that is no answer."""

    def case(_: WireSpeaker, streams: bool) -> Case:
        return Case(Reply([body] if body else [], headers=kind(streams) | headers))

    return case


def begun(wire: WireSpeaker, streams: bool, then: Then, rest: bytes = b"") -> Case:
    """The first words, or the first half of a document, and then no more."""
    if not streams:
        [document] = bytes_of(wire, False)
        return Case(Reply([document[: len(document) // 2], rest], headers=kind(False), then=then))
    until = next(at for at, event in enumerate(wire.events(GOOD)) if event.purpose == TEXT) + 1
    reply = Reply([*wire.stream(GOOD)[:until], rest], headers=kind(True), then=then)
    return Case(reply, FIRST, Charge.ESTIMATE)


def with_events(wire: WireSpeaker, *extra: Body, said: Said = GOOD, charged: Charge = Charge.USAGE) -> Case:
    """The events of an answer, and others before its first text."""
    events = wire.events(said)
    at = next((at for at, event in enumerate(events) if event.purpose in (TEXT, STOP)), 0)
    frames = wire.stream(said)
    pieces = [*frames[:at], *map(wire.frame, extra), *frames[at:]]
    return Case(Reply(pieces, headers=kind(True)), said.text, charged)


def document(payload: Body, text: str = "", charged: Charge = Charge.NOTHING) -> Case:
    """One JSON document."""
    return Case(Reply([json.dumps(payload).encode()], headers=kind(False)), text, charged)
