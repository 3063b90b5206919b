"""What automatic choice saved is never more than what one sensible model alone would have cost on top."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest.savings import AutomaticChoice, Chosen, Savings, savings
from core.models import Model
from core.money import NANOS_PER_USD as USD
from tests.fakes import a_model, a_price

DAY = date(2026, 11, 22)


def model(name: str, tier: int, usd: int, **fields: Any) -> Model:
    """One that takes so many dollars a million tokens, in and out."""
    price = a_price(input_usd=Decimal(usd), output_usd=Decimal(usd))
    return a_model(**({"id": name, "tier": tier, "prices": (price,)} | fields))


SMALL, MIDDLE, LARGE = model("small", 1, 1), model("middle", 2, 4), model("large", 4, 20)
ALL = (SMALL, MIDDLE, LARGE)


def chosen(which: Model, needed: int, asks: int, dollars: int) -> Chosen:
    """Asks of a thousand tokens in and five hundred out."""
    return Chosen(which.id, needed, asks, dollars * USD, 1_000 * asks, 500 * asks)


def saved(*uses: Chosen, bettered: int = 0, models: tuple[Model, ...] = ALL) -> Savings | None:
    return savings(AutomaticChoice(uses, bettered * USD), models, DAY)


def test_easy_questions_would_have_cost_as_many_times_more_as_the_model_for_all_is_dearer() -> None:
    found = saved(chosen(SMALL, 1, 50, 2), chosen(MIDDLE, 2, 50, 8))
    assert found == Savings("middle", 100, 10 * USD, (2 * 4 + 8) * USD)
    assert found.saved_nanos == 6 * USD


def test_one_hard_question_in_a_hundred_makes_no_dear_model_the_measure_and_counts_as_it_was_paid() -> None:
    found = saved(chosen(SMALL, 1, 50, 2), chosen(MIDDLE, 2, 49, 8), chosen(LARGE, 4, 1, 3))
    assert found == Savings("middle", 100, 13 * USD, (8 + 8 + 3) * USD)


def test_a_model_that_was_not_chosen_is_no_measure() -> None:
    assert saved(chosen(SMALL, 1, 100, 2)) is None


def test_of_those_that_are_good_enough_the_cheapest_is_the_measure() -> None:
    other = model("other", 4, 5)
    found = saved(chosen(SMALL, 1, 50, 2), chosen(LARGE, 4, 25, 50), chosen(other, 4, 25, 10), models=(*ALL, other))
    assert found is None  # the cheaper of the large ones for all had been cheaper than what was chosen
    assert saved(chosen(SMALL, 1, 90, 2), chosen(other, 4, 11, 1), models=(*ALL, other)) is not None


def test_better_answers_that_were_asked_for_afterwards_are_a_cost_of_automatic_choice() -> None:
    uses = (chosen(SMALL, 1, 50, 2), chosen(MIDDLE, 2, 50, 8))
    found = saved(*uses, bettered=5)
    assert found is not None and (found.paid_nanos, found.saved_nanos) == (15 * USD, USD)
    assert saved(*uses, bettered=6) is None


def test_what_cost_nothing_and_models_that_are_gone_count_for_nothing() -> None:
    gone = model("gone", 4, 100)
    free = model("free", 1, 0, free=True)
    assert saved(chosen(free, 1, 50, 0), chosen(gone, 4, 50, 90), models=(*ALL, free)) is None
    assert saved() is None


def test_many_short_questions_are_not_priced_as_one_long_one() -> None:
    found = saved(chosen(SMALL, 1, 5_000, 2), chosen(MIDDLE, 2, 5_000, 8))
    assert found is not None and found.alone_nanos == 16 * USD


@given(
    st.lists(
        st.builds(
            chosen, st.sampled_from(ALL), st.sampled_from([0, 1, 2, 4]), st.integers(1, 1_000), st.integers(0, 1_000)
        ),
        max_size=6,
    ),
    st.integers(0, 50),
)
def test_it_is_a_saving_or_nothing(uses: list[Chosen], bettered: int) -> None:
    found = saved(*uses, bettered=bettered)
    if found is not None:
        paid = sum(each.cost_nanos for each in uses if each.cost_nanos)
        assert 0 < found.saved_nanos <= 19 * paid  # the dearest price is 20 times the cheapest
        assert found.paid_nanos == paid + bettered * USD
        assert found.model in {each.model for each in uses}


@pytest.mark.parametrize("asks", [1, 7])
def test_the_measure_is_one_of_a_team_that_always_asks_the_same(asks: int) -> None:
    assert saved(chosen(LARGE, 1, asks, 5)) is None
