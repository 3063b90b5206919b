"""What would be sent, and the most it can cost."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.call import ImagePart, Message, Role, TextPart
from core.defaults import FLOOR_OUTPUT_TOKENS, FLOOR_REASONING_OUTPUT_TOKENS, MAX_PROMPT_CHARS
from core.errors import BadInput, PromptTooLong, UnknownModel
from core.estimate import plan_call
from core.prices import Usage, cost
from core.prompt import Prompt
from tests.core.asking.house import QUESTION, a_question, planned
from tests.fakes import ByteCounter, a_model, a_price


async def test_the_cap_that_is_sent_is_the_cap_that_is_held_for() -> None:
    plan = await planned(QUESTION, a_model(max_output_tokens=700))
    assert plan.call.output_cap_tokens == 700
    dearest = Usage(cache_write_tokens=plan.input_at_most_tokens, output_tokens=700)
    assert cost(dearest, plan.price) == plan.at_most_nanos


async def test_the_question_goes_out_as_it_was_asked() -> None:
    plan = await planned(QUESTION, a_model())
    assert [message.role for message in plan.call.messages] == [Role.SYSTEM, Role.USER]
    assert plan.call.messages[-1].text == QUESTION


async def test_the_count_has_room_for_the_framing_of_messages() -> None:
    plan = await planned(QUESTION, a_model())
    texts = sum(len(message.text) for message in plan.call.messages)
    assert plan.input_at_most_tokens >= texts + 2 * 4
    assert texts < plan.input_expected_tokens < plan.input_at_most_tokens


@given(
    st.integers(0, 3_000), st.integers(0, 3_000), st.integers(0, 3_000), st.integers(0, 1_000), st.integers(0, 1_000)
)
async def test_no_usage_within_the_counts_costs_more_than_at_most(
    fresh: int, read: int, written: int, shown: int, thought: int
) -> None:
    plan = await planned("x" * 3_000, a_model(prices=(a_price(reasoning_usd=a_price().output_usd * 2),)))
    usage = Usage(fresh, read, written, shown, thought)
    if usage.all_input_tokens <= plan.input_at_most_tokens and usage.all_output_tokens <= plan.call.output_cap_tokens:
        assert cost(usage, plan.price) <= plan.at_most_nanos


async def test_a_model_that_thinks_is_never_asked_with_a_cap_that_its_thoughts_would_spend() -> None:
    plain, thinking = await planned(QUESTION, a_model(), 1_500), await planned(QUESTION, a_model(reasoning=True), 1_500)
    assert plain.within(plain.floor_nanos).call.output_cap_tokens == FLOOR_OUTPUT_TOKENS
    assert thinking.within(thinking.floor_nanos).call.output_cap_tokens == FLOOR_REASONING_OUTPUT_TOKENS


@given(st.integers(0, 10_000_000))
async def test_a_shrunk_call_costs_at_most_its_budget(budget_nanos: int) -> None:
    plan = await planned(QUESTION, a_model())
    if budget_nanos >= plan.floor_nanos:
        shrunk = plan.within(budget_nanos)
        assert shrunk.at_most_nanos <= budget_nanos
        assert FLOOR_OUTPUT_TOKENS <= shrunk.call.output_cap_tokens <= plan.call.output_cap_tokens


async def test_the_price_is_the_one_of_the_day() -> None:
    early, late = a_price(), a_price(effective_from=date(2026, 12, 1), output_usd=a_price().output_usd * 2)
    model = a_model(prices=(early, late))
    on = {
        day: await plan_call(Prompt(a_question(), ByteCounter()), model, today=day, max_output_tokens=1_000)
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    }
    assert [plan.price for plan in on.values()] == [early, late]


@pytest.mark.parametrize("text", ["", " ", " \n\t ", "\u2003"])
async def test_nothing_is_not_a_question(text: str) -> None:
    with pytest.raises(BadInput, match="no question"):
        await planned(text, a_model())


async def test_the_longest_question_fits_and_one_more_character_does_not() -> None:
    model = a_model(context_window_tokens=1_000_000)
    assert (await planned("x" * MAX_PROMPT_CHARS, model)).call.output_cap_tokens == 1_000
    with pytest.raises(PromptTooLong, match=r"400,001 characters; 400,000 is the most"):
        await planned("x" * (MAX_PROMPT_CHARS + 1), model)


async def test_a_question_beyond_the_context_names_both_sizes() -> None:
    with pytest.raises(PromptTooLong, match=r"about 1,9\d\d tokens, more than Test Model.*\(2,000 with its answer\)"):
        await planned("x" * 1_800, a_model(context_window_tokens=2_000))


async def test_an_answer_is_shortened_to_the_room_that_the_context_leaves() -> None:
    room = (await planned("x" * 1_400, a_model(context_window_tokens=2_000))).call.output_cap_tokens
    assert FLOOR_OUTPUT_TOKENS <= room < 1_000


async def test_a_model_without_a_price_today_is_not_asked() -> None:
    with pytest.raises(UnknownModel, match="no price today"):
        await planned(QUESTION, a_model(prices=(a_price(effective_from=date(2030, 1, 1)),)))


async def test_half_characters_are_replaced_because_no_wire_carries_them() -> None:
    question = a_question(parts=(TextPart("why \ud83d?"), TextPart(" \ufeffpaired \ud83d\ude00")))
    today = date(2026, 11, 21)
    plan = await plan_call(Prompt(question, ByteCounter()), a_model(), today=today, max_output_tokens=1_000)
    sent = plan.call.messages[-1].text
    assert sent == "why \ufffd? \ufeffpaired \U0001f600"
    json.dumps(sent, ensure_ascii=False).encode()


async def test_what_a_model_thinks_beyond_its_cap_is_held_for_too() -> None:
    plain, thinking = a_model(), a_model(thinking_beside_cap_tokens=512)
    more, less = await planned(QUESTION, thinking), await planned(QUESTION, plain)
    assert more.call.output_cap_tokens == less.call.output_cap_tokens
    assert more.at_most_nanos == less.at_most_nanos + 512 * 4_000
    assert more.most_output_tokens == less.most_output_tokens + 512
    shorter = more.within(more.at_most_nanos - 100 * 4_000)
    assert shorter.call.output_cap_tokens == more.call.output_cap_tokens - 100
    assert shorter.at_most_nanos <= more.at_most_nanos - 100 * 4_000


async def test_a_picture_earlier_in_the_conversation_is_a_part_of_what_the_conversation_costs() -> None:
    looking, today = a_model(images=True, image_tokens=1_000), date(2026, 11, 21)
    picture = ImagePart("image/png", b"png")
    before = (Message(Role.USER, (TextPart("See?"), picture)), Message(Role.ASSISTANT, (TextPart("Yes."),)))
    asked = a_question(parts=(TextPart("And now?"), picture), history=before)
    plan = await plan_call(Prompt(asked, ByteCounter()), looking, today=today, max_output_tokens=100)
    assert plan.context_expected_tokens == len("See?Yes.") + 500
