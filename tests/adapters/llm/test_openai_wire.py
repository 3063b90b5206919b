"""What the JSON of chat completions means."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.openai_wire import CompletionAnswer, read_cost, read_error, read_usage, request_body
from adapters.llm.providers_file import Quirks
from adapters.llm.wire import AnsweredWithError, ErrorObject, NotTheFormat, read_json
from core.call import ImagePart, Message, Role, StopReason, TextPart
from core.prices import Usage
from tests.adapters.llm.asking import ROWS, a_call, a_model
from tests.provider_behaviours import choice, counted, delta

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=10,
)


def test_a_call_becomes_the_body_that_the_provider_documents() -> None:
    assert request_body(a_call(cap=300), Quirks()) == {
        "model": "small-1",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "what is a deadlock?"},
        ],
        "max_completion_tokens": 300,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_the_cap_goes_under_the_name_that_the_model_has_for_it() -> None:
    body = request_body(a_call(model=a_model(cap_field="max_tokens"), cap=7), Quirks())
    assert body["max_tokens"] == 7
    assert "max_completion_tokens" not in body


def test_a_picture_makes_its_message_a_list_of_parts_and_no_other() -> None:
    pictured = Message(Role.USER, (TextPart("what is this?"), ImagePart("image/png", b"\x89PNG")))
    call = replace(a_call(), messages=(*a_call().messages, pictured))
    *texts, parts = [message["content"] for message in request_body(call, Quirks())["messages"]]
    assert texts == ["Be brief.", "what is a deadlock?"]
    assert parts == [
        {"type": "text", "text": "what is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw==", "detail": "high"}},
    ]


@pytest.mark.parametrize(
    ("cost", "nanos"),
    [
        ("0.00014", 140_000),
        ("0.0000000011", 2),  # rounded up, as every cost is
        ("1.1e-7", 110),
        ("3", 3_000_000_000),
        ("0", 0),
        ("0.1234567890123456789012345678901234567890", 123_456_790),
        ("1000000", 10**15),
        ("1000000.1", None),
        ("-0.1", None),
        ("1e400", None),
        ("true", None),
        ('"0.1"', None),
        ("null", None),
        ("[0.1]", None),
    ],
)
def test_what_the_provider_says_it_takes_is_read_exactly(cost: str, nanos: int | None) -> None:
    answer = CompletionAnswer(Quirks())
    answer.take_event(f'{{"usage": {{"prompt_tokens": 12, "completion_tokens": 8, "cost": {cost}}}}}')
    assert answer.ending()[0].reported_nanos == nanos
    assert answer.ending()[0].usage == Usage(12, 0, 0, 8, 0)


def test_a_cost_that_is_only_a_part_is_not_told() -> None:
    assert read_cost({"cost": Decimal("0.1"), "is_byok": False}) == 100_000_000
    assert read_cost({"cost": Decimal("0.1"), "is_byok": True}) is None
    assert read_cost({"cost": Decimal("NaN")}) is None
    assert read_cost([]) is None


@pytest.mark.parametrize(
    ("ticks", "nanos"),
    [(232_856_000, 23_285_600), (1, 1), (0, 0), (-1, None), (True, None), (1.5, None), (10**30, None)],
)
def test_xai_says_its_cost_in_ticks(ticks: object, nanos: int | None) -> None:
    assert read_cost({"cost_in_usd_ticks": ticks}) == nanos


def test_quirks_change_the_body() -> None:
    assert "stream_options" not in request_body(a_call(), Quirks(include_usage=False))
    whole = request_body(a_call(), Quirks(stream=False))
    assert whole["stream"] is False
    assert "stream_options" not in whole


def test_only_reasoning_models_are_told_how_much_to_reason() -> None:
    quirks = Quirks(reasoning_body={"reasoning_effort": "low"})
    assert "reasoning_effort" not in request_body(a_call(), quirks)
    assert request_body(a_call(model=a_model(reasoning=True)), quirks)["reasoning_effort"] == "low"


def test_cached_and_reasoned_tokens_are_parts_of_the_sums() -> None:
    raw = counted(1000, 500, cached_tokens=300, cache_write_tokens=100, reasoning_tokens=200)
    usage = read_usage(raw)
    assert usage == Usage(600, 300, 100, 300, 200)
    assert (usage.all_input_tokens, usage.all_output_tokens) == (1000, 500)


def test_a_provider_may_report_cached_tokens_beside_the_input() -> None:
    usage = read_usage(counted(1000, 500, cached_tokens=300), Quirks(cached_beside_input=True))
    assert usage == Usage(1000, 300, 0, 500, 0)


def test_deepseek_s_own_name_for_cached_tokens_is_read_where_the_usual_one_is_missing() -> None:
    raw = {"prompt_tokens": 1000, "completion_tokens": 5, "prompt_cache_hit_tokens": 640}
    assert read_usage(raw, ROWS["deepseek"].quirks) == Usage(360, 640, 0, 5, 0)
    assert read_usage(raw | {"prompt_tokens_details": {"cached_tokens": 640}}, ROWS["deepseek"].quirks) == Usage(
        360, 640, 0, 5, 0
    )
    assert read_usage(raw | {"prompt_cache_hit_tokens": 1001}, ROWS["deepseek"].quirks) is None
    assert read_usage(raw | {"prompt_tokens_details": {"cached_tokens": -1}}, ROWS["deepseek"].quirks) is None


def test_xai_counts_thoughts_beside_what_it_says_and_a_sum_that_says_otherwise_is_believed() -> None:
    raw = {"prompt_tokens": 32, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 135}}
    beside, inside = Usage(32, 0, 0, 9, 135), Usage(32, 0, 0, 0, 9)
    assert read_usage(raw | {"total_tokens": 176}, ROWS["xai"].quirks) == beside
    assert read_usage(raw, ROWS["xai"].quirks) == beside
    assert read_usage(raw | {"total_tokens": 176}, ROWS["openrouter"].quirks) == beside
    assert read_usage(raw, ROWS["openrouter"].quirks) is None
    within = raw | {"total_tokens": 41, "completion_tokens_details": {"reasoning_tokens": 9}}
    assert read_usage(within, ROWS["xai"].quirks) == inside


def test_groq_s_usage_stands_in_an_object_of_its_own() -> None:
    answer = CompletionAnswer(ROWS["groq"].quirks)
    answer.take(choice({"content": "a"}, "stop") | {"x_groq": {"id": "req", "usage": counted(12, 8)}})
    assert answer.ending()[0].usage == Usage(12, 0, 0, 8, 0)


def test_mistral_gets_no_stream_options_and_counts_all_the_same() -> None:
    assert "stream_options" not in request_body(a_call(), ROWS["mistral"].quirks)
    answer = CompletionAnswer(ROWS["mistral"].quirks)
    answer.take(choice({"content": ""}, "stop") | {"usage": counted(12, 8)})
    assert answer.ending()[0].usage == Usage(12, 0, 0, 8, 0)


def test_a_list_of_pieces_is_read_without_the_thoughts_in_it() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    answer = CompletionAnswer(Quirks())
    assert answer.take(choice({"content": [thought, {"type": "text", "text": "Yes"}]}, None)) == "Yes"
    with pytest.raises(NotTheFormat):
        answer.take(choice({"content": ["text"]}, None))


@pytest.mark.parametrize("finish", ["error", "insufficient_system_resource"])
def test_a_finish_that_is_a_failure_is_no_end(finish: str) -> None:
    with pytest.raises(AnsweredWithError):
        CompletionAnswer(Quirks()).take(choice({}, finish))


def test_anthropic_s_name_for_written_cache_tokens_is_known_too() -> None:
    assert read_usage(counted(100, 5, cache_creation_tokens=40)) == Usage(60, 0, 40, 5, 0)


def test_zero_and_absurd_numbers_are_passed_on() -> None:
    assert read_usage(counted(0, 0)) == Usage()
    assert read_usage(counted(12, 10**12)) == Usage(12, 0, 0, 10**12, 0)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "12",
        {},
        {"prompt_tokens": 12},
        counted(-1, 8),
        counted(12, -8),
        counted(12.0, 8),
        counted("12", 8),
        counted(True, 8),
        counted(12, None),
        counted(12, 8, cached_tokens=13),
        counted(12, 8, cached_tokens=-1),
        counted(12, 8, cached_tokens=7, cache_write_tokens=6),
        counted(12, 8, reasoning_tokens=9),
        counted(12, 8, reasoning_tokens="2"),
        counted(12, 8) | {"prompt_tokens_details": [3]},
    ],
)
def test_what_is_no_count_or_contradicts_itself_is_no_usage(raw: object) -> None:
    assert read_usage(raw) is None


@given(ANYTHING)
def test_no_usage_object_whatever_raises_anything(raw: object) -> None:
    usage = read_usage(raw)
    assert usage is None or usage.all_input_tokens >= 0


@given(ANYTHING, ANYTHING)
def test_a_payload_of_any_shape_is_read_or_refused(first: object, second: object) -> None:
    for payload in ({"choices": first, "usage": second}, {"choices": [{"delta": first, "finish_reason": second}]}):
        try:
            CompletionAnswer(Quirks()).take(payload)
        except (NotTheFormat, AnsweredWithError):
            continue


def test_numbers_that_are_none_leave_the_rest_as_true_as_it_was() -> None:
    payload = read_json('{"a": NaN, "b": [-Infinity, 0.1], "c": Infinity, "d": "NaN"}')
    assert payload == {"a": None, "b": [None, Decimal("0.1")], "c": None, "d": "NaN"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": nan}',
        "NaN",
        '{"a": 1e99999999999999999999}',
        "[1]",
        "",
        "{",
        '{"a": 1' + "0" * 5000 + "}",
        "[" * 100_000,
        b"\xff",
        "null",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotTheFormat):
        read_json(text)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"message": "x", "code": "rate_limit_exceeded"}, ErrorObject("rate_limit_exceeded")),
        ({"type": "insufficient_quota", "code": None}, ErrorObject("insufficient_quota")),
        ({"code": 502, "message": "x"}, ErrorObject(status=502)),
        ({"code": "429"}, ErrorObject(status=429)),
        ({"code": "²"}, ErrorObject("²")),
        ({"code": 403, "metadata": {"reasons": ["violence"]}}, ErrorObject(status=403, declined=True)),
        ({"code": "content_filter"}, ErrorObject("content_filter", declined=True)),
        ("it broke", ErrorObject()),
    ],
)
def test_error_objects_come_in_several_shapes(error: object, said: ErrorObject) -> None:
    assert read_error({"error": error}) == said


def test_no_error_is_no_error() -> None:
    assert read_error({"error": None, "choices": []}) is None
    assert read_error({"choices": []}) is None


@given(ANYTHING)
def test_an_error_object_of_any_shape_can_be_read(error: object) -> None:
    read_error({"error": error})


def test_the_last_usage_counts_when_every_payload_has_one() -> None:
    answer = CompletionAnswer(Quirks())
    for tokens in (1, 2, 3):
        answer.take(delta("x") | {"usage": counted(12, tokens)})
    answer.take(delta("y") | {"usage": None})
    assert answer.ending()[0].usage == Usage(12, 0, 0, 3, 0)


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("stop", StopReason.END),
        ("length", StopReason.CAP),
        ("model_length", StopReason.CAP),
        ("content_filter", StopReason.DECLINED),
        ("tool_calls", StopReason.END),
        ("a word of tomorrow", StopReason.END),
    ],
)
def test_reasons_to_finish_have_words_of_ours(finish: str, reason: StopReason) -> None:
    answer = CompletionAnswer(Quirks())
    answer.take(choice({}, finish))
    assert answer.finished
    assert answer.ending()[1].reason is reason


def test_thoughts_and_other_choices_are_no_answer() -> None:
    answer = CompletionAnswer(Quirks())
    assert answer.take(choice({"reasoning_content": "hm", "reasoning": "hm", "tool_calls": []}, None)) == ""
    assert answer.take({"choices": [{"index": 1, "delta": {"content": "other"}}]}) == ""
    assert not answer.finished


def test_a_character_cut_into_two_payloads_is_put_together() -> None:
    answer = CompletionAnswer(Quirks())
    texts = [answer.take(delta(text)) for text in ("a\ud83d", "\ude00b", "\ude00", "c\ud83d", "d")]
    assert texts == ["a", "\U0001f600b", "\ufffd", "c", "\ufffdd"]


@given(st.lists(st.text(st.characters())))
def test_every_text_that_is_given_out_can_be_written_as_utf_8(texts: list[str]) -> None:
    answer = CompletionAnswer(Quirks())
    for text in texts:
        answer.take(delta(text)).encode()


def refused(spoken: dict[str, Any]) -> CompletionAnswer:
    answer = CompletionAnswer(Quirks())
    answer.take(choice(spoken, "stop"))
    return answer


def test_a_refusal_is_no_text_but_is_in_the_stop() -> None:
    answer = refused({"content": None, "refusal": "I cannot."})
    assert answer.ending()[1].reason is StopReason.DECLINED
    assert answer.ending()[1].words == "I cannot."
