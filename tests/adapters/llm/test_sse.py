"""The pure parser of server-sent events."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.sse import Event, NotAnEventStream, SseParser

STREAM = (
    "\ufeffdata: {\"a\": \"é\"}\r\n\r\n"
    ": a comment, \U0001f600\n"
    "event: usage\r"
    "data: first line\r\n"
    "data:second line\r"
    "data: third line\r\r"
    "id: 7\nretry: 10\nunknown field\n\n"
    "data:\n\n"
    "data:  two spaces\n\n"
    "data: [DONE]\n\n"
    "data: cut off"
).encode()  # fmt: skip

EVENTS = [
    Event("message", '{"a": "é"}'),
    Event("usage", "first line\nsecond line\nthird line"),
    Event("message", " two spaces"),
    Event("message", "[DONE]"),
]


def events_of(pieces: list[bytes]) -> list[Event]:
    parser = SseParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[start:end] for start, end in itertools.pairwise(edges)]


def test_every_kind_of_line_end_comment_and_field_is_understood() -> None:
    assert events_of([STREAM]) == EVENTS


def test_a_byte_at_a_time_gives_the_same_events() -> None:
    assert events_of([STREAM[at : at + 1] for at in range(len(STREAM))]) == EVENTS


@given(st.lists(st.integers(min_value=0), max_size=40))
def test_the_same_bytes_give_the_same_events_however_they_are_cut(places: list[int]) -> None:
    assert events_of(cut(STREAM, places)) == EVENTS


@given(st.text(), st.lists(st.integers(min_value=0), max_size=20))
def test_any_text_survives_the_way(text: str, places: list[int]) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    stream = "".join(f"data: {line}\n" for line in lines).encode() + b"\n"
    joined = "\n".join(lines)
    assert events_of(cut(stream, places)) == ([Event("message", joined)] if joined else [])


@given(st.binary(), st.lists(st.integers(min_value=0), max_size=10))
def test_any_bytes_are_events_or_no_event_stream_and_never_anything_else(noise: bytes, places: list[int]) -> None:
    def outcome(pieces: list[bytes]) -> list[Event] | None:
        try:
            return events_of(pieces)
        except NotAnEventStream:
            return None

    assert outcome(cut(noise, places)) == outcome([noise])


def test_an_event_without_its_blank_line_was_cut_off() -> None:
    assert events_of([b'data: {"half": 1}\n']) == []


def test_bytes_that_are_no_text_are_no_event_stream() -> None:
    with pytest.raises(NotAnEventStream):
        events_of([b"data: \xff\xfe\n"])


def test_events_before_what_is_none_are_given_back() -> None:
    found = []
    with pytest.raises(NotAnEventStream):
        for event in SseParser().feed(b"data: x\n\ndata: \xff\n\n"):
            found.append(event)
    assert found == [Event("message", "x")]


def test_bytes_that_are_no_text_do_not_matter_in_a_comment() -> None:
    assert events_of([b": \xff\ndata: x\n\n"]) == [Event("message", "x")]


@pytest.mark.parametrize("endless", [[b"x" * 50] * 3, [b"data: 12345678\n"] * 12], ids=["a line", "an event"])
def test_what_never_ends_is_given_up(endless: list[bytes]) -> None:
    parser = SseParser(max_event_bytes=100)
    with pytest.raises(NotAnEventStream):
        for piece in endless:
            list(parser.feed(piece))


def test_many_events_together_may_be_larger_than_one_may_be() -> None:
    parser = SseParser(max_event_bytes=100)
    events = list(parser.feed(b"data: 12345678\n\n" * 100))
    assert len(events) == 100
