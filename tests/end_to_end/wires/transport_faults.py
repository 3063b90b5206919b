"""What may go wrong on the way: statuses, connections, bytes, and answers without measure."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import chain, repeat

from tests.end_to_end.wires.case import (
    FIRST,
    GOOD,
    LATER,
    SOON,
    Case,
    Charge,
    Fault,
    Faults,
    Reply,
    Then,
    altered,
    answers,
    begun,
    bytes_of,
    document,
    kind,
    no_answer,
)
from tests.end_to_end.wires.speakers import TEXT, Said, WireSpeaker

FAULTS = Faults()


# -- statuses ----------------------------------------------------------------------------------------------------------


def status(code: int, **headers: str) -> Fault:
    """A status with the wire's own error body. Without a word nobody pays."""

    def case(wire: WireSpeaker, _: bool) -> Case:
        body = json.dumps(wire.error(code)).encode()
        return Case(Reply([body], code, kind(False) | headers), deadline_seconds=SOON if headers else 20.0)

    return case


def busy(retry_after: str) -> Fault:
    """429 with a Retry-After."""
    return status(429, **{"Retry-After": retry_after})


for _code in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529):
    FAULTS[f"status {_code}"] = status(_code)
for _code in (301, 302, 307, 308):
    FAULTS[f"redirect {_code}"] = status(_code, Location="/v1/elsewhere")
FAULTS.family(
    "busy, Retry-After is",
    busy,
    a_number="30",
    a_date=format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True),
    nonsense="soon",
    huge="9" * 40,
    negative="-1",
)


@FAULTS.fault
def an_error_page_behind_a_status(_: WireSpeaker, __: bool) -> Case:
    return Case(Reply([b"<html>Bad Gateway</html>"], 502, {"Content-Type": "text/html"}))


@FAULTS.fault
def an_error_body_without_end(_: WireSpeaker, __: bool) -> Case:
    return Case(Reply(repeat(b"x" * 65_536), 500, kind(False)), deadline_seconds=5.0)


# -- connections -------------------------------------------------------------------------------------------------------


@FAULTS.fault
def connection_refused(_: WireSpeaker, __: bool) -> Case:
    return Case(None)


@FAULTS.fault
def reset_before_the_first_byte(_: WireSpeaker, __: bool) -> Case:
    return Case(Reply(then=Then.RESET, begins=False))


@FAULTS.fault
def reset_after_the_headers(_: WireSpeaker, streams: bool) -> Case:
    return Case(Reply(headers=kind(streams), then=Then.RESET))


@FAULTS.fault
def reset_after_the_first_words(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.RESET)


@FAULTS.fault
def dropped_after_the_first_words(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.DROP)


@FAULTS.fault
def clean_end_in_the_middle(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF)


@FAULTS.fault
def reset_after_the_end(wire: WireSpeaker, streams: bool) -> Case | None:
    if not streams:
        return None  # a document that was not closed may have more to come
    return replace(answers(wire, True), reply=Reply(wire.stream(GOOD), headers=kind(True), then=Then.RESET))


# -- bytes -------------------------------------------------------------------------------------------------------------


@FAULTS.fault
def malformed_json(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF, b'data: {"choices": [\n\n')


@FAULTS.fault
def malformed_json_at_once(_: WireSpeaker, streams: bool) -> Case:
    return Case(Reply([b'data: {"a": \n\n' if streams else b'{"a": '], headers=kind(streams)))


@FAULTS.fault
def truncated_event(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF, b'data: {"choi')


@FAULTS.fault
def not_a_number_in_it(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF, b'data: {"usage": NaN}\n\n')


@FAULTS.fault
def text_that_is_not_utf_8(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF, b'data: {"x": "\xff\xfe"}\n\n')


@FAULTS.fault
def deeply_nested_json(wire: WireSpeaker, streams: bool) -> Case:
    return begun(wire, streams, Then.EOF, b"data: " + b"[" * 100_000 + b"\n\n")


@FAULTS.fault
def split_anywhere(wire: WireSpeaker, streams: bool) -> Case:
    said = Said(("Ein Gedränge – ", "🦜🦜 und ", "相互等待。"))
    whole = json.dumps(wire.whole(said), ensure_ascii=False).encode()
    body = b"".join(wire.stream(said, ascii_only=False)) if streams else whole
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    return Case(Reply(pieces, headers=kind(streams)), said.text, Charge.USAGE)


@FAULTS.fault
def a_character_in_halves(wire: WireSpeaker, streams: bool) -> Case:
    case = answers(wire, streams, Said(("a \ud83e", "\udd9c b")))
    return replace(case, text="a 🦜 b")


@FAULTS.fault
def lone_surrogates(wire: WireSpeaker, streams: bool) -> Case:
    case = answers(wire, streams, Said(("a \udd9c ", "b")))
    return replace(case, text="a \N{REPLACEMENT CHARACTER} b")


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


_COMMENT = b": keep-alive\n\n"
FAULTS |= {
    "CRLF": altered(lambda body: body.replace(b"\n", b"\r\n")),
    "CR alone": altered(lambda body: body.replace(b"\n", b"\r")),
    "a byte order mark": altered(lambda body: b"\xef\xbb\xbf" + body),
    "gzip": altered(_gzip, **{"Content-Encoding": "gzip"}),
    "content type text/plain": altered(bytes, **{"Content-Type": "text/plain"}),
    "content type application/json": altered(bytes, **{"Content-Type": "application/json"}),
    "content type text/event-stream": altered(bytes, **{"Content-Type": "text/event-stream"}),
    "content type of nothing known": altered(bytes, **{"Content-Type": "x/y; charset=klingon"}),
    "no gzip, but said to be": no_answer(b"data: {}\n\n", **{"Content-Encoding": "gzip"}),
    "a web page": no_answer(b"<html><body>Log in</body></html>", **{"Content-Type": "text/html"}),
    "an empty body": no_answer(b""),
    "null": no_answer(b"null"),
    "a list": no_answer(b'[{"a": 1}]'),
    "zero bytes": no_answer(b"\0" * 100),
    "comments only": no_answer(_COMMENT * 3),
}


@FAULTS.fault
def comments_between(wire: WireSpeaker, streams: bool) -> Case | None:
    pieces = list(chain.from_iterable((_COMMENT, b"id: 7\nretry: 10\n\n", frame) for frame in wire.stream(GOOD)))
    return Case(Reply(pieces, headers=kind(True)), GOOD.text, Charge.USAGE) if streams else None


@FAULTS.fault
def a_line_without_end(wire: WireSpeaker, streams: bool) -> Case:
    opening = b"data: {" if streams else b'{"a": "'
    return Case(Reply(chain([opening], repeat(b"x" * 262_144)), headers=kind(streams)), heavy=True)


# -- without measure ---------------------------------------------------------------------------------------------------


def _endless(wire: WireSpeaker, piece: str) -> Iterator[bytes]:
    """The events of an answer up to its text, and then that text for ever."""
    events = wire.events(Said((piece,)))
    at = next(at for at, event in enumerate(events) if event.purpose == TEXT)
    frames = wire.stream(Said((piece,)))
    return chain(frames[:at], repeat(frames[at]))


@FAULTS.fault
def ten_megabytes_of_text(wire: WireSpeaker, streams: bool) -> Case:
    piece = "word " * 2_000
    said = Said((piece,) * 1_000, made=10**6)
    if not streams:
        return replace(document(wire.whole(said)), heavy=True)  # more than any answer has: it is not read to its end
    pieces = wire.stream(said)
    return Case(Reply(pieces, headers=kind(True)), "", Charge.ESTIMATE, repeats=piece, heavy=True)


@FAULTS.fault
def endless(wire: WireSpeaker, streams: bool) -> Case:
    if not streams:
        [opening] = bytes_of(wire, False)
        at = opening.index(FIRST.encode())
        return Case(Reply(chain([opening[:at]], repeat(b"and so on " * 6_000)), headers=kind(False)), heavy=True)
    reply = Reply(_endless(wire, "and so on "), headers=kind(True))
    return Case(reply, "", Charge.ESTIMATE, repeats="and so on ", heavy=True)


@FAULTS.fault
def slow_drip(wire: WireSpeaker, streams: bool) -> Case:
    if not streams:
        return Case(Reply(repeat(b" "), headers=kind(False), pause_seconds=0.02), deadline_seconds=SOON)
    reply = Reply(_endless(wire, "drip "), headers=kind(True), pause_seconds=0.02)
    return Case(reply, "", Charge.ESTIMATE, repeats="drip ", deadline_seconds=SOON)


@FAULTS.fault
def silence(_: WireSpeaker, __: bool) -> Case:
    return Case(Reply(then=Then.HANG, begins=False), deadline_seconds=SOON)


@FAULTS.fault
def silence_after_the_headers(_: WireSpeaker, streams: bool) -> Case:
    return Case(Reply(headers=kind(streams), then=Then.HANG), deadline_seconds=SOON)


@FAULTS.fault
def silence_after_the_first_words(wire: WireSpeaker, streams: bool) -> Case:
    return replace(begun(wire, streams, Then.HANG), deadline_seconds=LATER if streams else SOON)


@FAULTS.fault
def keep_alives_without_end(_: WireSpeaker, streams: bool) -> Case | None:
    reply = Reply(repeat(_COMMENT), headers=kind(True), pause_seconds=0.02)
    return Case(reply, deadline_seconds=SOON) if streams else None


@FAULTS.fault
def a_server_that_lingers(wire: WireSpeaker, streams: bool) -> Case | None:
    if not streams or wire.provider == "gemini":
        return None  # nothing marks the end but the end of the response
    return replace(answers(wire, True), reply=Reply(wire.stream(GOOD), headers=kind(True), then=Then.HANG))
