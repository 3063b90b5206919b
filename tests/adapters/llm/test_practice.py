"""The built-in answer for people without a provider."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.catalogue import load_catalogue
from adapters.llm.practice import Practice, practice_answer, practice_tokens
from core.call import Call, StopReason
from core.models import PRACTICE
from core.prices import cost
from tests.adapters.llm.asking import NOW, SteadyClock, a_call, ask

MODEL = load_catalogue().models[PRACTICE]


def practice() -> Practice:
    return Practice(SteadyClock(), pause_seconds=0)


def practice_call(question: str = "what is a deadlock?", cap: int = 1500) -> Call:
    return a_call(question, model=MODEL, cap=cap)


async def test_the_first_line_says_that_no_ai_was_asked_and_quotes_the_question() -> None:
    answered = await ask(practice(), practice_call())
    assert answered.text.splitlines()[0] == 'Practice answer (no AI was asked): "what is a deadlock?"'


async def test_it_says_how_to_get_real_answers() -> None:
    answered = await ask(practice(), practice_call())
    assert "OPENAI_API_KEY=your-key make run" in answered.text


async def test_it_streams_in_small_pieces_and_is_the_same_every_time() -> None:
    first, second = await ask(practice(), practice_call()), await ask(practice(), practice_call())
    assert first == second
    assert len(first.texts) > 50
    assert max(map(len, first.texts)) < 60


async def test_it_waits_between_pieces_by_the_clock_that_it_was_given() -> None:
    waits: list[float] = []

    class Counting(SteadyClock):
        async def sleep(self, seconds: float) -> None:
            waits.append(seconds)

    answered = await ask(Practice(Counting(), pause_seconds=0.5), practice_call())
    assert waits == [0.5] * len(answered.texts)


async def test_it_reports_a_token_per_four_bytes_and_costs_a_little() -> None:
    call = practice_call()
    answered = await ask(practice(), call)
    assert answered.usage is not None
    assert answered.usage.output_tokens == practice_tokens(answered.text)
    assert answered.usage.input_tokens == sum(practice_tokens(message.text) for message in call.messages)
    price = MODEL.price_on(NOW.date())
    assert price is not None
    assert 500_000 < cost(answered.usage, price) < 5_000_000  # between 0.05 and 0.5 cents


@given(st.text(), st.integers(min_value=0, max_value=1500))
async def test_it_never_passes_its_cap_nor_the_bytes_that_were_sent(question: str, cap: int) -> None:
    call = practice_call(question, cap)
    answered = await ask(practice(), call)
    assert answered.usage is not None
    assert answered.usage.output_tokens <= cap
    assert answered.usage.input_tokens <= sum(len(message.text.encode()) for message in call.messages)


@pytest.mark.parametrize(("cap", "reason"), [(10, StopReason.CAP), (1500, StopReason.END)])
async def test_it_says_when_the_cap_cut_it(cap: int, reason: StopReason) -> None:
    assert (await ask(practice(), practice_call(cap=cap))).reason is reason


def test_a_long_question_is_quoted_by_its_beginning() -> None:
    first_line = practice_answer("why " * 500).splitlines()[0]
    assert len(first_line) < 200
    assert first_line.endswith(' ..."')


@pytest.mark.parametrize("question", ["", "{subject} {0} {advice}", "\n\n"])
def test_any_question_can_be_quoted(question: str) -> None:
    assert practice_answer(question).startswith("Practice answer (no AI was asked): ")


def test_different_kinds_of_questions_get_different_advice() -> None:
    answers = {
        practice_answer(f"{word} x").partition("\n")[2] for word in ("why", "How", "what", "write", "compare", "x")
    }
    assert len(answers) == 6
