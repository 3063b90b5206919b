"""What is asked for where nobody says how much."""

import pytest

from core.events import Shortfall
from core.usual_amounts import sensible_nanos
from tests.bookkeeping import USD


@pytest.mark.parametrize(
    ("missing", "asked"),
    [(0, 5), (1, 5), (5 * USD, 5), (5 * USD + 1, 10), (10 * USD + 1, 20), (21 * USD, 50), (99 * USD, 100)],
)
def test_of_a_limit_enough_for_what_was_missing_and_a_round_sum(missing: int, asked: int) -> None:
    assert sensible_nanos(Shortfall("member_month:ben:2026-11", "2026-11", None, missing, "")) == asked * USD


@pytest.mark.parametrize(("missing", "asked"), [(1, 10), (10 * USD + 1, 25), (26 * USD, 50), (51 * USD, 100)])
def test_of_the_wallet_one_of_its_three_buttons_where_that_is_enough(missing: int, asked: int) -> None:
    assert sensible_nanos(Shortfall("", "", None, missing, "")) == asked * USD
