"""What a call costs: exact, rounded up once, and never more than the worst case that was held."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.prices import Price, Rates, Tier, Usage, cost, output_cap_within, worst_cost
from tests.fakes import a_price

TOKENS = st.integers(min_value=0, max_value=2_000_000)
CALLS = st.builds(Usage, TOKENS, TOKENS, TOKENS, TOKENS, TOKENS)
# Ugly on purpose: rates of up to 12 decimals, free ones and dear ones.
RATES = st.decimals(min_value=0, max_value=1_000, places=12)
FIVE_RATES = dict.fromkeys(("input_usd", "cache_read_usd", "cache_write_usd", "output_usd", "reasoning_usd"), RATES)
# Dearer and cheaper than the base, near each other and far apart, within reach of TOKENS and not.
TIERS = st.lists(
    st.builds(Tier, **FIVE_RATES, above_input_tokens=st.integers(min_value=1, max_value=8_000_000)),
    max_size=3,
    unique_by=lambda tier: tier.above_input_tokens,
).map(lambda tiers: tuple(sorted(tiers, key=lambda tier: tier.above_input_tokens)))
PRICES = st.builds(a_price, **FIVE_RATES, request_usd=st.decimals(min_value=0, max_value=1, places=12), tiers=TIERS)
# As Google's Pro models: twice the input, one and a half times the output, from more than 200,000 tokens on.
LONG = Tier(Decimal(2), Decimal("0.2"), Decimal("2.5"), Decimal(6), Decimal(6), above_input_tokens=200_000)


def exact_nanos(usage: Usage, price: Price) -> Fraction:
    """The same sum in fractions, which never round."""
    rates: Rates = price
    for tier in price.tiers:
        rates = tier if usage.all_input_tokens > tier.above_input_tokens else rates
    pairs = (
        (usage.input_tokens, rates.input_usd),
        (usage.cache_read_tokens, rates.cache_read_usd),
        (usage.cache_write_tokens, rates.cache_write_usd),
        (usage.output_tokens, rates.output_usd),
        (usage.reasoning_tokens, rates.reasoning_usd),
        (1_000_000, price.request_usd),
    )
    return sum((tokens * Fraction(rate) * 1_000 for tokens, rate in pairs), Fraction())


@given(CALLS, PRICES)
def test_a_cost_is_exact_and_rounded_up_once(usage: Usage, price: Price) -> None:
    assert cost(usage, price) == ceil(exact_nanos(usage, price))


@given(CALLS, PRICES, TOKENS, TOKENS)
def test_no_usage_within_its_bounds_passes_the_worst_case(
    usage: Usage, price: Price, more_input: int, more_output: int
) -> None:
    worst = worst_cost(
        price,
        input_at_most_tokens=usage.all_input_tokens + more_input,
        output_cap_tokens=usage.all_output_tokens + more_output,
    )
    assert cost(usage, price) <= worst


@given(PRICES, st.integers(min_value=0, max_value=10**15), TOKENS, TOKENS)
@example(a_price(output_usd=Decimal("0.0001"), reasoning_usd=Decimal(0), input_usd=Decimal("0.0015")), 10, 1, 1_000)
def test_the_cap_within_a_budget_fits_and_one_token_more_would_not(
    price: Price, budget: int, input_tokens: int, most: int
) -> None:
    cap = output_cap_within(price, budget_nanos=budget, input_at_most_tokens=input_tokens, max_output_tokens=most)

    def fits(tokens: int) -> bool:
        return worst_cost(price, input_at_most_tokens=input_tokens, output_cap_tokens=tokens) <= budget

    assert 0 <= cap <= most
    assert fits(cap) or not fits(0)
    assert cap == most or not fits(cap + 1)


@given(PRICES, TOKENS, TOKENS)
def test_the_cap_within_a_calls_own_worst_case_is_its_own_cap(price: Price, input_tokens: int, cap: int) -> None:
    worst = worst_cost(price, input_at_most_tokens=input_tokens, output_cap_tokens=cap)
    assert cap == output_cap_within(price, budget_nanos=worst, input_at_most_tokens=input_tokens, max_output_tokens=cap)


@pytest.mark.parametrize(
    ("usage", "nanos"),
    [
        (Usage(input_tokens=200_000, output_tokens=10), 200_000 * 1_000 + 10 * 4_000),
        (Usage(input_tokens=200_001, output_tokens=10), 200_001 * 2_000 + 10 * 6_000),
        (Usage(cache_read_tokens=200_000, output_tokens=10), 200_000 * 100 + 10 * 4_000),
        (Usage(1, 200_000, 0, 10), 2_000 + 200_000 * 200 + 10 * 6_000),
        (Usage(1, 0, 200_000, 0, 10), 2_000 + 200_000 * 2_500 + 10 * 6_000),
        (Usage(input_tokens=1, output_tokens=900_000), 1_000 + 900_000 * 4_000),
    ],
)
def test_a_long_prompt_changes_the_rates_of_the_whole_call(usage: Usage, nanos: int) -> None:
    assert cost(usage, a_price(tiers=(LONG,))) == nanos


def test_the_last_tier_that_is_passed_counts() -> None:
    price = a_price(tiers=(LONG, replace(LONG, input_usd=Decimal(9), above_input_tokens=500_000)))
    assert [cost(Usage(input_tokens=tokens), price) for tokens in (200_000, 500_000, 500_001)] == [
        200_000 * 1_000,
        500_000 * 2_000,
        500_001 * 9_000,
    ]


def test_the_worst_case_of_a_long_prompt_sees_a_cheaper_tier_s_dearer_base() -> None:
    """Above the line it may cost less in all: then the worst case is a prompt that just stays below."""
    price = a_price(
        cache_write_usd=Decimal(1), tiers=(replace(LONG, input_usd=Decimal("0.1"), cache_write_usd=Decimal("0.1")),)
    )
    assert worst_cost(price, input_at_most_tokens=200_001, output_cap_tokens=0) == 200_000 * 1_000
    assert worst_cost(price, input_at_most_tokens=10_000_000, output_cap_tokens=0) == 10_000_000 * 200


def test_dollars_per_million_tokens_are_thousands_of_nanos_per_token() -> None:
    price = a_price(input_usd=Decimal(3), output_usd=Decimal(15))
    assert cost(Usage(input_tokens=1_204, output_tokens=356), price) == 1_204 * 3_000 + 356 * 15_000


def test_each_part_of_a_usage_has_its_own_rate() -> None:
    price = a_price(
        input_usd=Decimal(1),
        cache_read_usd=Decimal("0.1"),
        cache_write_usd=Decimal("1.25"),
        output_usd=Decimal(4),
        reasoning_usd=Decimal(6),
        request_usd=Decimal("0.01"),
    )
    assert cost(Usage(1, 10, 100, 1_000, 10_000), price) == 1_000 + 1_000 + 125_000 + 4_000_000 + 60_000_000 + 10**7


def test_the_smallest_fraction_of_a_nano_dollar_is_charged_as_one() -> None:
    assert cost(Usage(input_tokens=1), a_price(input_usd=Decimal("1e-27"))) == 1


def test_a_rate_of_thirty_digits_is_not_rounded_on_the_way() -> None:
    rate = Decimal("0.333333333333333333333333333333")
    assert cost(Usage(input_tokens=3 * 10**9), a_price(input_usd=rate)) == 10**12
    assert cost(Usage(output_tokens=10**18), a_price(output_usd=rate)) == 333333333333333333334


@pytest.mark.parametrize("dear", ["cache_read_usd", "cache_write_usd", "input_usd"])
def test_the_worst_case_assumes_the_dearest_input(dear: str) -> None:
    price = a_price(**{dear: Decimal(50)})
    assert worst_cost(price, input_at_most_tokens=100, output_cap_tokens=0) == 100 * 50_000


@pytest.mark.parametrize("dear", ["reasoning_usd", "output_usd"])
def test_the_worst_case_assumes_the_dearest_output(dear: str) -> None:
    price = a_price(**{dear: Decimal(50)})
    assert worst_cost(price, input_at_most_tokens=0, output_cap_tokens=100) == 100 * 50_000


def test_a_free_model_has_no_cap_but_its_own() -> None:
    free = a_price(**{name: Decimal(0) for name in (*FIVE_RATES, "request_usd")})
    assert output_cap_within(free, budget_nanos=0, input_at_most_tokens=10**6, max_output_tokens=1_500) == 1_500
