"""An amount beside a bar is short, and rounded to the nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drawing.amounts import brief
from core.money import MAX_TOTAL_NANOS, NANOS_PER_CENT, NANOS_PER_USD

USD, CENT = NANOS_PER_USD, NANOS_PER_CENT


@pytest.mark.parametrize(
    ("nanos", "most", "said"),
    [
        (0, 0, "$0"),
        (12_400_000_000, 15 * USD, "$12"),
        (12_500_000_000, 15 * USD, "$13"),
        (499_999_999, 15 * USD, "<$1"),
        (500_000_000, 15 * USD, "$1"),
        (4_200_000_000, 9 * USD, "$4.20"),
        (42 * CENT, 9 * USD, "$0.42"),
        (42 * CENT, 99 * CENT, "42¢"),
        (1, 99 * CENT, "<1¢"),
        (1, 9 * USD, "<1¢"),
        (999_999_999, 999_999_999, "99¢"),
        (999_999_999, USD, "$0.99"),
        (3_918_644_100, 9 * USD, "$3.91"),
        (999 * USD + 499_999_999, 5_000 * USD, "$999"),
        (999 * USD + 500_000_000, 5_000 * USD, "$1.0k"),
        (9_949 * USD, 20_000 * USD, "$9.9k"),
        (9_950 * USD, 20_000 * USD, "$10k"),
        (999_500 * USD, 999_500 * USD, "$1.0M"),
        (MAX_TOTAL_NANOS, MAX_TOTAL_NANOS, "$1.0B"),
        (62 * MAX_TOTAL_NANOS, MAX_TOTAL_NANOS, "$62B"),
        (10**9 * MAX_TOTAL_NANOS, MAX_TOTAL_NANOS, "$1000000T"),
        (-4 * USD, 15 * USD, "-$4"),
    ],
)
def test_an_amount_in_few_letters(nanos: int, most: int, said: str) -> None:
    assert brief(nanos, most) == said


@given(st.integers(0, MAX_TOTAL_NANOS), st.integers(0, MAX_TOTAL_NANOS))
def test_no_amount_takes_more_than_five_letters(nanos: int, more: int) -> None:
    assert len(brief(nanos, nanos + more)) <= 5
