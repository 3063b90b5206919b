"""What the JSON of Anthropic's Messages means."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.anthropic_wire import MessageAnswer, headers_with, read_error, read_usage, request_body
from adapters.llm.failures import NO_SUCH_MODEL
from adapters.llm.providers_file import Quirks
from adapters.llm.sse import SseParser
from adapters.llm.wire import AnsweredWithError, ErrorObject, NotTheFormat
from core.call import Call, ImagePart, Message, Role, StopReason, TextPart
from core.prices import Usage
from tests.adapters.llm.asking import a_call, a_model
from tests.adapters.llm.test_openai_wire import ANYTHING
from tests.anthropic_behaviours import (
    answer_events,
    block,
    counted,
    end,
    error_event,
    event,
    start,
    text_block,
    whole,
)

CLAUDE = a_model(provider="anthropic", cap_field="max_tokens")
PIXEL = ImagePart("image/png", b"\x89PNG")


def said(*turns: tuple[Role, str]) -> Call:
    """A conversation."""
    return Call(CLAUDE, tuple(Message(role, (TextPart(text),)) for role, text in turns), 300)


def turns_sent(call: Call) -> list[tuple[str, list[str]]]:
    """The texts of each turn as they are sent."""
    messages = request_body(call, Quirks())["messages"]
    return [(turn["role"], [part["text"] for part in turn["content"]]) for turn in messages]


def after(*payloads: dict[str, Any]) -> tuple[MessageAnswer, str]:
    """An answer that has taken these events, and its text."""
    answer = MessageAnswer()
    return answer, "".join([answer.take_event(json.dumps(payload)) for payload in payloads])


def test_a_call_becomes_the_body_that_anthropic_documents() -> None:
    assert request_body(a_call(model=CLAUDE, cap=300), Quirks()) == {
        "model": "small-1",
        "system": "Be brief.",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "what is a deadlock?"}]}],
        "max_tokens": 300,
        "stream": True,
    }


def test_without_a_system_text_there_is_no_such_field() -> None:
    body = request_body(said((Role.USER, "why?")), Quirks(stream=False))
    assert "system" not in body
    assert body["stream"] is False


def test_a_picture_goes_beside_its_text_in_the_order_it_was_sent() -> None:
    message = Message(Role.USER, (TextPart("what is this?"), PIXEL))
    [turn] = request_body(Call(CLAUDE, (message,), 300), Quirks())["messages"]
    assert [part["type"] for part in turn["content"]] == ["text", "image"]
    assert turn["content"][1]["source"] == {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}


def test_neighbours_of_one_role_are_one_turn() -> None:
    call = said((Role.USER, "a"), (Role.USER, "b"), (Role.ASSISTANT, "c"), (Role.ASSISTANT, "d"), (Role.USER, "e"))
    assert turns_sent(call) == [("user", ["a", "b"]), ("assistant", ["c", "d"]), ("user", ["e"])]


def test_the_first_turn_is_the_user_s_and_no_text_is_empty() -> None:
    call = said((Role.ASSISTANT, "cut off here"), (Role.USER, "a"), (Role.ASSISTANT, " \n"), (Role.USER, "b"))
    assert turns_sent(call) == [("user", ["a", "b"])]


@given(st.lists(st.tuples(st.sampled_from(Role), st.text(max_size=3))))
def test_any_history_is_sent_in_a_shape_that_is_accepted(turns: list[tuple[Role, str]]) -> None:
    sent = turns_sent(said(*turns))
    roles = [role for role, _ in sent]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"] * (len(roles) % 2)
    assert all(texts and all(text.strip() for text in texts) for _, texts in sent)


def test_only_reasoning_models_are_told_how_much_to_reason() -> None:
    quirks = Quirks(reasoning_body={"output_config": {"effort": "low"}})
    assert "output_config" not in request_body(a_call(model=CLAUDE), quirks)
    thinking = request_body(a_call(model=replace(CLAUDE, reasoning=True)), quirks)
    assert thinking["output_config"] == {"effort": "low"}


def test_the_key_is_in_its_header_and_the_version_always() -> None:
    assert headers_with("sk-1") == {"x-api-key": "sk-1", "anthropic-version": "2023-06-01"}
    assert headers_with(None) == {"anthropic-version": "2023-06-01"}


def test_cached_input_is_beside_and_thinking_inside() -> None:
    raw = counted(50, 500, cache_read_input_tokens=300, cache_creation_input_tokens=100, thinking_tokens=200)
    assert read_usage(raw) == Usage(50, 300, 100, 300, 200)
    assert read_usage(counted(50, 500, cache_read_input_tokens=None)) == Usage(50, 0, 0, 500, 0)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"input_tokens": 12},
        {"output_tokens": 8},
        counted(-1, 8),
        counted(12, -8),
        counted(12.0, 8),
        counted("12", 8),
        counted(True, 8),
        counted(12, 8, cache_read_input_tokens=-1),
        counted(12, 8, cache_creation_input_tokens="3"),
        counted(12, 8, thinking_tokens=9),
        counted(12, 8) | {"output_tokens_details": [3]},
    ],
)
def test_what_is_no_count_or_contradicts_itself_is_no_usage(raw: object) -> None:
    assert read_usage(raw) is None


def test_the_counts_at_the_end_are_those_of_the_whole_answer() -> None:
    at_end = {"input_tokens": None, "output_tokens": 90}
    answer, _ = after(start(counted(12, 1, cache_read_input_tokens=7)), end(None, counted(12, 40)), end(usage=at_end))
    assert answer.ending()[0].usage == Usage(12, 7, 0, 90, 0)


def test_what_the_start_counts_is_no_usage_of_the_answer() -> None:
    assert after(start(counted(12, 1)), end(usage=None))[0].ending()[0].usage is None
    assert after(end(), start(counted(12, 1)))[0].ending()[0].usage == Usage(12, 0, 0, 8, 0)


def test_thinking_tools_and_what_is_not_known_are_no_answer() -> None:
    thinking = {"type": "thinking", "thinking": "", "signature": ""}
    answer, text = after(
        start(),
        {"type": "ping"},
        *block(0, [{"type": "thinking_delta", "thinking": "hm"}, {"type": "signature_delta"}], opening=thinking),
        *block(1, [{"type": "input_json_delta", "partial_json": "{"}], opening={"type": "tool_use", "name": "x"}),
        *block(2, [{"type": "text_delta", "text": "A deadlock"}, {"type": "delta_of_tomorrow", "text": "?"}]),
        {"type": "event_of_tomorrow", "text": "?"},
    )
    assert text == "A deadlock"
    assert not answer.finished


def test_a_block_may_open_with_text() -> None:
    assert after(*block(0, [{"type": "text_delta", "text": "lock"}], opening=text_block("dead")))[1] == "deadlock"


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ("end_turn", StopReason.END),
        ("stop_sequence", StopReason.END),
        ("tool_use", StopReason.END),
        ("pause_turn", StopReason.END),
        ("a word of tomorrow", StopReason.END),
        ("max_tokens", StopReason.CAP),
        ("model_context_window_exceeded", StopReason.CAP),
        ("refusal", StopReason.DECLINED),
    ],
)
def test_reasons_to_stop_have_words_of_ours(stop: str, reason: StopReason) -> None:
    answer, _ = after(end(stop))
    assert answer.finished
    assert answer.ending()[1].reason is reason


def test_the_end_is_said_by_a_reason_or_by_the_last_event() -> None:
    assert not after(start(), end(None))[0].finished
    answer, _ = after(start(), {"type": "message_stop"})
    assert answer.finished
    assert answer.closed
    assert not after(end("end_turn"))[0].closed


def test_an_answer_in_one_piece_is_its_text_blocks() -> None:
    answer = MessageAnswer()
    blocks = [{"type": "thinking", "thinking": "hm"}, text_block("A dead"), text_block("lock")]
    assert answer.take_whole(whole(blocks, counted(20, 3), "max_tokens")) == "A deadlock"
    report, stop = answer.ending()
    assert report.usage == Usage(20, 0, 0, 3, 0)
    assert stop.reason is StopReason.CAP


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": 3},
        {"type": "message_start"},
        {"type": "message_start", "message": []},
        {"type": "content_block_delta", "delta": "text"},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": 3}},
        {"type": "content_block_start", "content_block": None},
        {"type": "message_delta", "delta": {"stop_reason": 3}},
    ],
)
def test_an_event_of_another_shape_is_not_the_format(payload: dict[str, Any]) -> None:
    with pytest.raises(NotTheFormat):
        after(payload)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (error_event("overloaded_error"), "overloaded_error"),
        (error_event("invalid_request_error"), "invalid_request_error"),
        (error_event("invalid_request_error", "prompt is too long: 210000 tokens > 200000"), "request_too_large"),
        (error_event("invalid_request_error", "Your credit balance is too low to access it."), "billing_error"),
        (error_event("not_found_error", "model: claude-9"), NO_SUCH_MODEL),
        (error_event("not_found_error", "Not Found"), ""),
        (error_event("api_error", "the model's credit balance"), "api_error"),
        ({"type": "error"}, ""),
        ({"error": "it broke"}, ""),
        ({"error": {"type": 3, "message": 4}}, ""),
    ],
)
def test_error_objects_are_read_by_their_type(error: dict[str, Any], code: str) -> None:
    assert read_error(error) == ErrorObject(code)
    with pytest.raises(AnsweredWithError):
        after(start(), error)


def test_no_error_is_no_error() -> None:
    assert read_error(start()) is None
    assert read_error({"type": "message", "error": None}) is None


@given(ANYTHING, ANYTHING, st.sampled_from(["message_start", "content_block_start", "content_block_delta", "error"]))
def test_a_payload_of_any_shape_is_read_or_refused(first: object, second: object, kind: str) -> None:
    payloads: list[dict[str, object]] = [
        {"type": kind, "message": first, "content_block": first, "delta": second, "error": second},
        {"type": "message_delta", "delta": first, "usage": second},
        {"type": first, "content": second},
    ]
    for payload in payloads:
        for take in (lambda answer, payload: answer.take_event(json.dumps(payload)), MessageAnswer.take_whole):
            answer = MessageAnswer()
            try:
                take(answer, payload)
            except (NotTheFormat, AnsweredWithError):
                continue
            answer.ending()


@given(st.lists(st.text(min_size=1, max_size=5), max_size=4), st.lists(st.integers(0, 2000), max_size=6))
def test_any_cut_of_the_bytes_gives_the_same_text_and_usage(pieces: list[str], cuts: list[int]) -> None:
    stream = b"".join(map(event, answer_events(pieces, usage=counted(20, 9))))
    answer, parser, text, at = MessageAnswer(), SseParser(), "", 0
    for cut in [*sorted(cuts), len(stream)]:
        for came in parser.feed(stream[at:cut] if cut > at else b""):
            text += answer.take_event(came.data)
        at = max(at, cut)
    assert text == "".join(pieces)
    assert answer.closed
    assert answer.ending()[0].usage == Usage(20, 0, 0, 9, 0)
