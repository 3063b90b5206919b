"""A month as it is printed adds up, and each amount is less than a cent from what it is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import NANOS_PER_CENT
from core.month_books import BilledMonth, Sums, by_provider, by_tag, in_cents, nearest_cents, sums_in_cents
from core.spending import SpentOn

NANOS = st.integers(min_value=0, max_value=10**15)
SMALL = st.integers(min_value=0, max_value=3 * NANOS_PER_CENT)
AMOUNTS = NANOS | SMALL


@st.composite
def months(draw: st.DrawFn) -> Sums:
    opening, topped_up, taken_back, given_back = (draw(AMOUNTS) for _ in range(4))
    there = opening + topped_up + given_back
    taken_back = min(taken_back, there)
    spent = draw(st.integers(min_value=0, max_value=there - taken_back))
    return Sums(opening, topped_up, taken_back, spent, given_back, there - taken_back - spent)


@given(months())
def test_what_is_printed_adds_up_and_is_less_than_a_cent_off(exact: Sums) -> None:
    printed = sums_in_cents(exact)
    assert printed.opening + printed.topped_up - printed.taken_back + printed.given_back - printed.spent == (
        printed.closing
    )
    for name in ("opening", "topped_up", "taken_back", "spent", "given_back", "closing"):
        assert abs(getattr(printed, name) * NANOS_PER_CENT - getattr(exact, name)) < NANOS_PER_CENT


@given(months(), months())
def test_a_month_opens_as_the_one_before_it_closed(before: Sums, after: Sums) -> None:
    after = replace(after, opening=before.closing)
    assert sums_in_cents(after).opening == sums_in_cents(before).closing


@given(st.lists(AMOUNTS, max_size=8), st.booleans())
def test_parts_add_up_to_their_whole_whichever_way_it_was_rounded(parts: list[int], up: bool) -> None:
    whole = -(-sum(parts) // NANOS_PER_CENT) if up else sum(parts) // NANOS_PER_CENT
    printed = in_cents(parts, whole)
    assert sum(printed) == whole
    assert all(abs(cents * NANOS_PER_CENT - part) < NANOS_PER_CENT for cents, part in zip(printed, parts, strict=True))
    assert all(cents >= 0 for cents in printed)


@given(months(), st.data())
def test_the_parts_of_what_was_spent_add_up_to_it_as_printed(exact: Sums, data: st.DataObject) -> None:
    cut = data.draw(st.integers(min_value=0, max_value=exact.spent))
    printed = in_cents([cut, exact.spent - cut], sums_in_cents(exact).spent)
    assert sum(printed) == sums_in_cents(exact).spent


def test_a_balance_is_rounded_to_the_nearest_cent() -> None:
    assert [nearest_cents(nanos) for nanos in (0, 4_999_999, 5_000_000, 14_999_999)] == [0, 0, 1, 1]


def test_providers_and_tags_stand_dearest_first() -> None:
    spent = (SpentOn("a", "x", 5), SpentOn("b", "", 9), SpentOn("a", "", 6), SpentOn("c", "x", 1))
    assert {name: [each.cost_nanos for each in parts] for name, parts in by_provider(spent).items()} == {
        "a": [6, 5],
        "b": [9],
        "c": [1],
    }
    assert list(by_provider(spent)) == ["a", "b", "c"]
    assert by_tag(spent) == {"": 15, "x": 6}


@pytest.mark.parametrize(
    ("billed", "booked", "drift", "permille"),
    [(110, 100, 10, 100), (90, 100, -10, -100), (100, 100, 0, 0), (10_001, 10_000, 1, 1), (5, 0, 5, None)],
)
def test_a_drift_is_told_in_money_and_in_tenths_of_a_per_cent(
    billed: int, booked: int, drift: int, permille: int | None
) -> None:
    bill = BilledMonth("openai", "2026-11", billed, booked)
    assert (bill.drift_nanos, bill.drift_permille) == (drift, permille)
