"""Amounts as people type and read them. Nothing is guessed, and nothing is shown as more than it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AmountNotUnderstood
from core.money import (
    MAX_AMOUNT_NANOS,
    NANOS_PER_CENT,
    NANOS_PER_USD,
    format_exact,
    format_price,
    format_shortest,
    format_usd,
    parse_usd,
    round_up,
)

AMOUNTS = st.integers(min_value=0, max_value=MAX_AMOUNT_NANOS)
CENTS = st.integers(min_value=0, max_value=MAX_AMOUNT_NANOS // NANOS_PER_CENT)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25", 2_500),
        ("$25", 2_500),
        ("$ 25", 2_500),
        (" 25 ", 2_500),
        ("25.50", 2_550),
        ("25.5", 2_550),
        ("0.01", 1),
        ("1,000", 100_000),
        ("1,000.05", 100_005),
        ("1,000,000", 100_000_000),
        ("0", 0),
        ("0.99", 99),
    ],
)
def test_reads_what_people_type(typed: str, cents: int) -> None:
    assert parse_usd(typed) == cents * NANOS_PER_CENT


@pytest.mark.parametrize(
    ("typed", "expected_reading"),
    [
        ("-5", "cannot be negative"),
        ("$-5", "cannot be negative"),
        ("-$5", "cannot be negative"),
        ("\N{MINUS SIGN}5", "cannot be negative"),
        ("1e9", "Type digits only, like 25 or 25.50"),
        ("NaN", "Type digits only, like 25 or 25.50"),
        ("Infinity", "Type digits only, like 25 or 25.50"),
        ("0x19", "Type digits only, like 25 or 25.50"),
        ("25 euros", '"25 euros" is not an amount in US dollars'),
        ("twenty-five", "is not an amount in US dollars"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "Type it like 25 or 25.50"),
        ("\N{SUPERSCRIPT TWO}5", "Type it like 25 or 25.50"),
        ("\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT FIVE}", "Type it like 25 or 25.50"),
        ("\N{EURO SIGN}25", "Type it like 25 or 25.50"),
        ("1_000", "Type it like 25 or 25.50"),
        ("1.000", "Type it like 25 or 25.50"),
        ("1.000,50", "Type it like 25 or 25.50"),
        ("0,100", "Type it like 25 or 25.50"),
        ("10,00,000", "Type it like 25 or 25.50"),
        (".50", "Type it like 25 or 25.50"),
        ("25.", "Type it like 25 or 25.50"),
        ("25.505", "Type it like 25 or 25.50"),
        ("5/2", "Type it like 25 or 25.50"),
        ("25 30", "Type it like 25 or 25.50"),
        ("$", "No amount given"),
        ("", "No amount given"),
        ("25,50", "For dollars and cents use a point: 25.50"),
        ("$25,50", "For dollars and cents use a point: 25.50"),
        ("1,00", "For dollars and cents use a point: 1.00"),
        ("1,000,001", "$1,000,000.00 is the most in one go"),
        ("9999999999", "$1,000,000.00 is the most in one go"),
        ("9" * 200, "longer than any amount"),
    ],
)
def test_refuses_everything_else_and_says_how_to_type_it(typed: str, expected_reading: str) -> None:
    with pytest.raises(AmountNotUnderstood) as refused:
        parse_usd(typed)
    assert expected_reading in str(refused.value)


@given(st.text(max_size=30) | st.text(alphabet="$0123456789,. -", max_size=12))
def test_no_text_is_read_as_anything_but_an_amount(text: str) -> None:
    try:
        nanos = parse_usd(text)
    except AmountNotUnderstood:
        return
    typed = text.strip().removeprefix("$").strip().replace(",", "")
    assert Decimal(nanos) == Decimal(typed) * NANOS_PER_USD
    assert typed.isascii() and 0 <= nanos <= MAX_AMOUNT_NANOS


@given(CENTS)
def test_what_is_shown_in_cents_can_be_typed_again(cents: int) -> None:
    shown = format_usd(cents * NANOS_PER_CENT)
    assert parse_usd(shown) == cents * NANOS_PER_CENT


@given(AMOUNTS)
def test_dollars_and_cents_promise_less_than_a_cent_too_little_and_never_too_much(nanos: int) -> None:
    assert 0 <= nanos - parse_usd(format_usd(nanos)) < NANOS_PER_CENT


@given(st.integers(min_value=-MAX_AMOUNT_NANOS, max_value=MAX_AMOUNT_NANOS))
def test_an_exact_amount_is_exact(nanos: int) -> None:
    shown = format_exact(nanos).replace("$", "").replace(",", "")
    assert Decimal(shown) * NANOS_PER_USD == nanos


def nanos_shown(price: str) -> Decimal:
    """A price for people as the nano-dollars that it says."""
    if price.startswith("$"):
        return Decimal(price[1:].replace(",", "")) * NANOS_PER_USD
    return Decimal(price.partition(" ")[0]) * NANOS_PER_CENT


@given(st.integers(min_value=NANOS_PER_CENT // 1000, max_value=NANOS_PER_USD - 1))
def test_a_price_below_a_dollar_is_right_to_two_digits(nanos: int) -> None:
    off = abs(nanos_shown(format_price(nanos)) - nanos)
    assert off * 20 <= nanos  # half of the second digit, at most 5 % (of 10)


@given(AMOUNTS, AMOUNTS)
def test_what_costs_more_is_never_shown_as_less(one: int, other: int) -> None:
    least, most = sorted((one, other))
    shown = [format_price(nanos) for nanos in (least, most)]
    if all(price[0] in "$0123456789" for price in shown):
        assert nanos_shown(shown[0]) <= nanos_shown(shown[1])


@pytest.mark.parametrize(
    ("nanos", "shown"),
    [
        (0, "free"),
        (1, "under 0.001 cents"),
        (9_949, "under 0.001 cents"),
        (10_000, "0.001 cents"),
        (300_000, "0.03 cents"),
        (3_449_999, "0.34 cents"),
        (10_000_000, "1 cent"),
        (40_000_000, "4 cents"),
        (994_000_000, "99 cents"),
        (996_000_000, "$1.00"),
        (NANOS_PER_USD, "$1.00"),
        (1_259_999_999, "$1.25"),
    ],
)
def test_a_price_reads_as_people_say_it(nanos: int, shown: str) -> None:
    assert format_price(nanos) == shown


def test_a_debt_keeps_its_sign() -> None:
    assert (format_usd(-1_239_999_999), format_exact(-1)) == ("-$1.23", "-$0.000000001")


@given(st.decimals(min_value=0, max_value=10**15, places=9))
def test_a_priced_step_is_rounded_up_by_less_than_one(nanos: Decimal) -> None:
    assert 0 <= round_up(nanos) - nanos < 1


@pytest.mark.parametrize(
    ("nanos", "shown"),
    [(12_400_000_000, "$12.40"), (0, "$0.00"), (1_000, "$0.000001"), (-(10**13), "-$10,000.00"), (5, "$0.000000005")],
)
def test_finance_reads_every_nano_dollar_and_no_nought_that_says_nothing(nanos: int, shown: str) -> None:
    assert format_shortest(nanos) == shown
