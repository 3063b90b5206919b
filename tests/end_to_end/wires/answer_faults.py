"""What may be wrong with an answer that came: counts that cannot be true, and answers that nobody asked for."""

import math
from dataclasses import replace
from typing import Any

from tests.end_to_end.wires.case import (
    GOOD,
    Case,
    Charge,
    Fault,
    Faults,
    Reply,
    Then,
    answers,
    begun,
    document,
    kind,
    with_events,
)
from tests.end_to_end.wires.speakers import CAP, DECLINED, STOP, TEXT, TOOLS, UNKNOWN, USAGE, Said, WireSpeaker

FAULTS = Faults()


# -- usage that cannot be true -----------------------------------------------------------------------------------------


def counts(said: dict[str, Any]) -> Fault:
    """A good answer with other counts."""
    return lambda wire, streams: answers(wire, streams, replace(GOOD, **said), Charge.ESTIMATE)


FAULTS.family(
    "usage is",
    counts,
    missing={"has_usage": False},
    zero={"sent": 0, "made": 0},
    without_input={"sent": 0},
    without_output={"made": 0},
    huge={"sent": 10**15, "made": 10**15},
    beyond_the_cap={"made": 1_001},
    beyond_the_context={"sent": 128_000},
    negative={"sent": -12},
    fractional={"made": 8.5},
    a_float={"sent": 12.0},
    a_text={"sent": "12", "made": "8"},
    true={"sent": True, "made": True},
    null={"sent": None, "made": None},
    a_list={"made": [8]},
    infinite={"made": math.inf},  # written as Infinity, which is no JSON
    no_number={"sent": math.nan},
)


# -- answers that are not what was asked for ---------------------------------------------------------------------------


@FAULTS.fault
def tool_calls_beside_the_text(wire: WireSpeaker, streams: bool) -> Case:
    said = replace(GOOD, finish=TOOLS)
    return with_events(wire, wire.tool_call, said=said) if streams else answers(wire, False, said)


@FAULTS.fault
def tool_calls_alone(wire: WireSpeaker, streams: bool) -> Case:
    said = Said((), finish=TOOLS)
    return with_events(wire, wire.tool_call, said=said, charged=Charge.NOTHING) if streams else _silent(wire, said)


def _silent(wire: WireSpeaker, said: Said) -> Case:
    return document(wire.whole(said))


@FAULTS.fault
def thoughts_alone_up_to_the_cap(wire: WireSpeaker, streams: bool) -> Case:
    said = Said((), made=1_000, finish=CAP)
    return with_events(wire, wire.thought, said=said, charged=Charge.NOTHING) if streams else _silent(wire, said)


@FAULTS.fault
def thoughts_before_the_text(wire: WireSpeaker, streams: bool) -> Case | None:
    return with_events(wire, wire.thought) if streams else None


@FAULTS.fault
def events_of_tomorrow(wire: WireSpeaker, streams: bool) -> Case:
    if streams:
        return with_events(wire, wire.unknown_event, wire.other_answer)
    return document(wire.whole(GOOD) | {"of tomorrow": [1]}, GOOD.text, Charge.USAGE)


@FAULTS.fault
def null_content(wire: WireSpeaker, streams: bool) -> Case:
    event, whole = wire.null_content
    return with_events(wire, event) if streams else document(whole)


@FAULTS.fault
def a_refusal(wire: WireSpeaker, streams: bool) -> Case:
    event, whole = wire.refusal
    return (
        with_events(wire, event, said=Said((), finish=DECLINED), charged=Charge.NOTHING) if streams else document(whole)
    )


def _no_answers(name: str) -> Fault:
    def case(wire: WireSpeaker, streams: bool) -> Case:
        event, whole = wire.no_answers[name]
        if not streams:
            return document(whole)
        return with_events(wire, event, said=Said(()), charged=Charge.NOTHING)

    return case


def _ends(said: Said, charged: Charge) -> Fault:
    return lambda wire, streams: answers(wire, streams, said, charged)


FAULTS |= {
    "answers: an empty list": _no_answers("empty"),
    "answers: no list": _no_answers("missing"),
    "answers: not a list": _no_answers("no list"),
    "no text": _ends(Said(()), Charge.NOTHING),
    "an empty text": _ends(Said(("",)), Charge.NOTHING),
    "white space": _ends(Said((" \n", "\t")), Charge.NOTHING),
    "content filter": _ends(Said((), finish=DECLINED), Charge.NOTHING),
    "content filter after the text": _ends(replace(GOOD, finish=DECLINED), Charge.USAGE),
    "the whole cap": _ends(replace(GOOD, made=1_000, finish=CAP), Charge.USAGE),
    "a reason of tomorrow": _ends(replace(GOOD, finish=UNKNOWN), Charge.USAGE),
    "ignored output cap": _ends(Said(("word " * 220,), made=1_100), Charge.ESTIMATE),
}


@FAULTS.fault
def duplicate_text(wire: WireSpeaker, streams: bool) -> Case | None:
    if not streams:
        return None
    twice = [frame for event, frame in _framed(wire) for _ in range(2 if event == TEXT else 1)]
    text = "".join(piece * 2 for piece in GOOD.pieces)
    return Case(Reply(twice, headers=kind(True)), text, Charge.USAGE)


@FAULTS.fault
def duplicate_end(wire: WireSpeaker, streams: bool) -> Case | None:
    if not streams:
        return None
    twice = [frame for event, frame in _framed(wire) for _ in range(2 if event in (STOP, USAGE) else 1)]
    return Case(Reply(twice, headers=kind(True)), GOOD.text, Charge.USAGE)


@FAULTS.fault
def usage_before_the_text(wire: WireSpeaker, streams: bool) -> Case | None:
    framed = _framed(wire)
    if not streams or not any(event == USAGE for event, _ in framed):
        return None
    framed.sort(key=lambda each: each[0] != USAGE)
    return Case(Reply([frame for _, frame in framed], headers=kind(True)), GOOD.text, Charge.USAGE)


@FAULTS.fault
def end_before_the_text(wire: WireSpeaker, streams: bool) -> Case | None:
    framed = _framed(wire)
    if not streams:
        return None
    stop, texts = [[each for each in framed if each[0] == purpose] for purpose in (STOP, TEXT)]
    at = framed.index(texts[0])
    rest = [each for each in framed if each not in (*stop, *texts)]
    pieces = [frame for _, frame in [*rest[:at], *stop, *texts, *rest[at:]]]
    if wire.provider == "gemini":  # there is no other mark of the end: words after it say that it was none
        return Case(Reply(pieces, headers=kind(True)), GOOD.text, Charge.ESTIMATE)
    return Case(Reply(pieces, headers=kind(True)), GOOD.text, Charge.USAGE)


def _framed(wire: WireSpeaker) -> list[tuple[str, bytes]]:
    return [(event.purpose, frame) for event, frame in zip(wire.events(GOOD), wire.stream(GOOD), strict=True)]


@FAULTS.fault
def an_error_object_at_once(wire: WireSpeaker, streams: bool) -> Case:
    if not streams:
        return document(wire.error(500))
    return Case(Reply([wire.frame(wire.error(500))], headers=kind(True)))


@FAULTS.fault
def an_error_object_in_the_middle(wire: WireSpeaker, streams: bool) -> Case | None:
    return begun(wire, True, Then.EOF, wire.frame(wire.error(529))) if streams else None
