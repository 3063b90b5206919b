"""What the JSON of Gemini's generateContent means."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.failures import NO_SUCH_MODEL
from adapters.llm.gemini_wire import ContentAnswer, headers_with, path_of, read_error, read_usage, request_body
from adapters.llm.providers_file import Quirks
from adapters.llm.sse import SseParser
from adapters.llm.wire import AnsweredWithError, ErrorObject, NotTheFormat
from core.call import Call, ImagePart, Message, Role, StopReason, TextPart
from core.prices import Usage
from tests.adapters.llm.asking import a_call, a_model
from tests.adapters.llm.test_openai_wire import ANYTHING
from tests.gemini_behaviours import answer_chunks, blocked, chunk, counted, error, event, text_parts

GEMINI = a_model(provider="gemini", cap_field="maxOutputTokens")
LOW = Quirks(reasoning_body={"generationConfig": {"thinkingConfig": {"thinkingLevel": "LOW"}}})


def after(*payloads: dict[str, Any]) -> tuple[ContentAnswer, str]:
    """An answer that has taken these payloads, and its text."""
    answer = ContentAnswer()
    return answer, "".join([answer.take_event(json.dumps(payload)) for payload in payloads])


def test_a_call_becomes_the_body_that_google_documents() -> None:
    assert request_body(a_call(model=GEMINI, cap=300), Quirks()) == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [{"role": "user", "parts": [{"text": "what is a deadlock?"}]}],
        "generationConfig": {"maxOutputTokens": 300},
    }


def test_history_is_told_by_user_and_model_in_turns_that_change_hands() -> None:
    said = ((Role.ASSISTANT, "cut"), (Role.USER, "a"), (Role.USER, ""), (Role.ASSISTANT, "b"), (Role.USER, "c"))
    call = Call(GEMINI, tuple(Message(role, (TextPart(text),)) for role, text in said), 300)
    contents = request_body(call, Quirks())["contents"]
    assert [(turn["role"], turn["parts"][0]["text"]) for turn in contents] == [
        ("user", "a"),
        ("model", "b"),
        ("user", "c"),
    ]
    assert "systemInstruction" not in request_body(call, Quirks())


def test_a_picture_goes_beside_its_text_in_the_order_it_was_sent() -> None:
    message = Message(Role.USER, (ImagePart("image/webp", b"RIFF"), TextPart("what is this?")))
    [turn] = request_body(Call(GEMINI, (message,), 300), Quirks())["contents"]
    assert turn["parts"] == [{"inlineData": {"mimeType": "image/webp", "data": "UklGRg=="}}, {"text": "what is this?"}]


def test_the_thinking_level_stands_beside_the_cap() -> None:
    assert request_body(a_call(model=GEMINI, cap=300), LOW)["generationConfig"] == {"maxOutputTokens": 300}
    thinking = request_body(a_call(model=replace(GEMINI, reasoning=True), cap=300), LOW)
    assert thinking["generationConfig"] == {"maxOutputTokens": 300, "thinkingConfig": {"thinkingLevel": "LOW"}}


def test_the_model_stands_in_the_path_and_the_key_in_a_header() -> None:
    odd = replace(GEMINI, wire_name="../x?key=y")
    assert path_of(a_call(model=GEMINI), Quirks()) == "models/small-1:streamGenerateContent?alt=sse"
    assert path_of(a_call(model=GEMINI), Quirks(stream=False)) == "models/small-1:generateContent"
    assert path_of(a_call(model=odd), Quirks(stream=False)) == "models/..%2Fx%3Fkey%3Dy:generateContent"
    assert headers_with("AIza-1") == {"x-goog-api-key": "AIza-1"}
    assert headers_with(None) == {}


def test_cached_input_is_inside_and_thoughts_are_beside() -> None:
    raw = counted(1000, 500, cachedContentTokenCount=300, thoughtsTokenCount=200, toolUsePromptTokenCount=7)
    assert read_usage(raw) == Usage(707, 300, 0, 500, 200)


def test_what_is_zero_is_left_out_by_google() -> None:
    assert read_usage({"promptTokenCount": 12, "thoughtsTokenCount": 300}) == Usage(12, 0, 0, 0, 300)
    assert read_usage(counted(12, 8, cachedContentTokenCount=None)) == Usage(12, 0, 0, 8, 0)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"candidatesTokenCount": 8},
        counted(-1, 8),
        counted(12, -8),
        counted(12.0, 8),
        counted("12", 8),
        counted(True, 8),
        counted(12, 8, cachedContentTokenCount=13),
        counted(12, 8, thoughtsTokenCount=-1),
        counted(12, 8, thoughtsTokenCount="2"),
    ],
)
def test_what_is_no_count_or_contradicts_itself_is_no_usage(raw: object) -> None:
    assert read_usage(raw) is None


def test_the_last_usage_counts() -> None:
    answer, text = after(*answer_chunks(["A ", "deadlock"], usage=counted(20, 9)))
    assert text == "A deadlock"
    assert answer.ending()[0].usage == Usage(20, 0, 0, 9, 0)


def test_thoughts_tool_calls_and_other_candidates_are_no_answer() -> None:
    thought = {"text": "hm", "thought": True, "thoughtSignature": "x"}
    answer, text = after(
        chunk([thought, *text_parts("A dead")]),
        {"candidates": [{"index": 1, "content": {"parts": text_parts("other")}}]},
        chunk([{"functionCall": {"name": "x", "args": {}}}, *text_parts("lock")]),
        {"candidates": [{"content": {"role": "model"}}]},
        {},
    )
    assert text == "A deadlock"
    assert not answer.finished


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("STOP", StopReason.END),
        ("OTHER", StopReason.END),
        ("MALFORMED_FUNCTION_CALL", StopReason.END),
        ("A_WORD_OF_TOMORROW", StopReason.END),
        ("MAX_TOKENS", StopReason.CAP),
        ("SAFETY", StopReason.DECLINED),
        ("RECITATION", StopReason.DECLINED),
        ("PROHIBITED_CONTENT", StopReason.DECLINED),
        ("BLOCKLIST", StopReason.DECLINED),
        ("SPII", StopReason.DECLINED),
    ],
)
def test_reasons_to_finish_have_words_of_ours(finish: str, reason: StopReason) -> None:
    answer, _ = after(chunk([], finish))
    assert answer.finished
    assert not answer.closed
    assert answer.ending()[1].reason is reason


def test_a_blocked_prompt_is_declined() -> None:
    answer, text = after(blocked("PROHIBITED_CONTENT", counted(12, 0)))
    assert (answer.finished, text) == (True, "")
    assert answer.ending()[1].reason is StopReason.DECLINED


def test_a_reason_that_came_too_early_is_not_the_end() -> None:
    assert not after(chunk([], "STOP"), chunk(text_parts("Half")))[0].finished
    assert after(chunk([], "STOP"), chunk(text_parts("All")), chunk([], "STOP"))[0].finished
    assert after(chunk(text_parts("All"), "STOP"), {"usageMetadata": counted()})[0].finished
    assert not after(chunk([], "FINISH_REASON_UNSPECIFIED"))[0].finished


def test_an_answer_in_one_piece_is_the_parts_of_its_candidate() -> None:
    answer = ContentAnswer()
    assert answer.take_whole(chunk(text_parts("A dead", "lock"), None, counted(20, 3))) == "A deadlock"
    assert answer.finished
    assert answer.ending()[0].usage == Usage(20, 0, 0, 3, 0)
    with pytest.raises(NotTheFormat):
        ContentAnswer().take_whole({"hello": "world"})


@pytest.mark.parametrize(
    "payload",
    [
        {"candidates": "none"},
        {"candidates": ["none"]},
        {"candidates": [{"content": "text"}]},
        {"candidates": [{"content": {"parts": "text"}}]},
        {"candidates": [{"content": {"parts": ["text"]}}]},
        {"candidates": [{"content": {"parts": [{"text": 3}]}}]},
        {"candidates": [{"finishReason": 3}]},
        {"promptFeedback": "no"},
    ],
)
def test_a_payload_of_another_shape_is_not_the_format(payload: dict[str, Any]) -> None:
    with pytest.raises(NotTheFormat):
        after(payload)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (error(400, "INVALID_ARGUMENT"), ErrorObject("INVALID_ARGUMENT", 400)),
        (error(400, "INVALID_ARGUMENT", reason="API_KEY_INVALID"), ErrorObject("API_KEY_INVALID", 400)),
        (
            error(
                400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)"
            ),
            ErrorObject("context_length_exceeded", 400),
        ),
        (error(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1"), ErrorObject(NO_SUCH_MODEL, 404)),
        (error(404, "NOT_FOUND"), ErrorObject("", 404)),
        (error(429, "RESOURCE_EXHAUSTED", retryDelay="37.2s"), ErrorObject("RESOURCE_EXHAUSTED", 429, False, 38)),
        (error(429, "RESOURCE_EXHAUSTED", retryDelay="soon"), ErrorObject("RESOURCE_EXHAUSTED", 429)),
        (error(429, "RESOURCE_EXHAUSTED", "Your credits are depleted."), ErrorObject("insufficient_quota", 429)),
        ({"error": "it broke"}, ErrorObject()),
        ({"error": {"code": True, "status": 3, "details": "none"}}, ErrorObject()),
    ],
)
def test_error_objects_are_read_by_status_and_details(said: dict[str, Any], expected: ErrorObject) -> None:
    assert read_error(said) == expected
    with pytest.raises(AnsweredWithError):
        after(said)


@given(ANYTHING, ANYTHING)
def test_a_payload_of_any_shape_is_read_or_refused(first: object, second: object) -> None:
    payloads: list[dict[str, object]] = [
        {"candidates": first, "usageMetadata": second},
        {"candidates": [{"content": first, "finishReason": second}]},
        {"candidates": [{"content": {"parts": [first, {"text": second}]}}]},
        {"promptFeedback": first},
        {"error": {"details": first, "code": second, "status": first}},
        {"error": {"details": [first, {"reason": second, "retryDelay": first}]}},
    ]
    for payload in payloads:
        for take in (lambda answer, payload: answer.take_event(json.dumps(payload)), ContentAnswer.take_whole):
            answer = ContentAnswer()
            try:
                take(answer, payload)
            except (NotTheFormat, AnsweredWithError):
                continue
            answer.ending()


@given(st.lists(st.text(min_size=1, max_size=5), max_size=4), st.lists(st.integers(0, 1500), max_size=6))
def test_any_cut_of_the_bytes_gives_the_same_text_and_usage(pieces: list[str], cuts: list[int]) -> None:
    stream = b"".join(map(event, answer_chunks(pieces, usage=counted(20, 9))))
    answer, parser, text, at = ContentAnswer(), SseParser(), "", 0
    for cut in [*sorted(cuts), len(stream)]:
        for came in parser.feed(stream[at:cut] if cut > at else b""):
            text += answer.take_event(came.data)
        at = max(at, cut)
    assert text == "".join(pieces)
    assert answer.finished
    assert answer.ending()[0].usage == Usage(20, 0, 0, 9, 0)
