"""Seats beside pay-per-use, in the seats' favour where it is a question of counting."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest.seats import COMPARED_DAYS, seats_beside
from core.money import NANOS_PER_USD as USD
from core.spending import Spent

DAY = timedelta(days=1)


def members(*dollars: int) -> list[Spent]:
    return [Spent(f"m{number}", 1, cost * USD) for number, cost in enumerate(dollars)]


def test_a_seat_for_everybody_who_asked_stands_beside_what_they_paid() -> None:
    beside = seats_beside(members(40, 26, 25, 1, 0), 25 * USD, 90 * DAY)
    assert beside is not None
    assert (beside.members, beside.seats_nanos, beside.paid_nanos) == (5, 125 * USD, 92 * USD)
    assert beside.cheaper_for == 2  # 25 is as dear as a seat, not dearer


def test_a_young_team_is_counted_up_to_a_month_and_a_week_old_one_at_least() -> None:
    beside = seats_beside(members(10, 5), 25 * USD, 10 * DAY + timedelta(hours=23))
    assert beside is not None
    assert (beside.days, beside.paid_nanos, beside.cheaper_for) == (10, 45 * USD, 1)
    assert seats_beside(members(10), 25 * USD, 6 * DAY) is None
    assert seats_beside([], 25 * USD, 90 * DAY) is None


@given(st.lists(st.integers(0, 10**12), min_size=1), st.integers(1, 10**12), st.integers(7, 100))
def test_nobody_is_counted_down_and_no_more_are_better_off_than_there_are(
    nanos: list[int], seat: int, days: int
) -> None:
    beside = seats_beside([Spent(str(place), 1, cost) for place, cost in enumerate(nanos)], seat, days * DAY)
    assert beside is not None
    assert beside.paid_nanos >= sum(nanos)
    assert beside.paid_nanos <= sum(nanos) * COMPARED_DAYS // min(days, COMPARED_DAYS) + len(nanos)
    assert beside.cheaper_for <= beside.members == len(nanos)


@pytest.mark.parametrize("days", [30, 31, 400])
def test_a_whole_month_is_exact(days: int) -> None:
    beside = seats_beside(members(3, 4), 25 * USD, days * DAY)
    assert beside is not None and (beside.paid_nanos, beside.days) == (7 * USD, 30)
