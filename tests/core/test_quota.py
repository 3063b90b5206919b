"""Limits and counters: what counts where, what goes on into the next period, and what ends with its own."""

import pytest

from core.periods import Period
from core.quota import (
    CARRIED_FOR,
    UNLIMITED,
    Limit,
    Measure,
    Scope,
    Totals,
    carried_over,
    counter_id_of,
    in_force,
    subject_of,
)

MONTH = Limit(Scope.MEMBER_MONTH, "mbr_1", "2026-11", 100)


def test_every_scope_says_what_it_counts_and_for_how_long() -> None:
    assert {scope: (scope.measure, scope.period) for scope in Scope} == {
        Scope.MEMBER_DAY: (Measure.SPEND, Period.DAY),
        Scope.MEMBER_WEEK: (Measure.SPEND, Period.WEEK),
        Scope.MEMBER_MONTH: (Measure.SPEND, Period.MONTH),
        Scope.CHANNEL_DAY: (Measure.SPEND, Period.DAY),
        Scope.CHANNEL_WEEK: (Measure.SPEND, Period.WEEK),
        Scope.CHANNEL_MONTH: (Measure.SPEND, Period.MONTH),
        Scope.THREAD: (Measure.SPEND, None),
        Scope.ASK: (Measure.EACH, None),
        Scope.MEMBER_IN_FLIGHT: (Measure.IN_FLIGHT, None),
        Scope.MEMBER_DAY_ABSORBED: (Measure.ABSORBED, Period.DAY),
        Scope.TEAM_MONTH_TOPPED_UP: (Measure.TOPPED_UP, Period.MONTH),
        Scope.TEAM_MONTH_REFILLED: (Measure.TOPPED_UP, Period.MONTH),
    }


def test_a_counters_id_tells_scope_subject_and_period() -> None:
    assert MONTH.counter_id == counter_id_of(Scope.MEMBER_MONTH, "mbr_1", "2026-11") == "member_month:mbr_1:2026-11"


def test_every_place_has_its_own_subject_that_a_hold_can_store() -> None:
    names = [("a", "b"), ("a/b",), ("a b",), ("a%20b",), ("a%2Fb",), ('a"b',), ("ä",), ("a", "b", ""), ("a", "", "b")]
    subjects = [subject_of(*each) for each in names]
    assert len(set(subjects)) == len(names)
    assert not any(mark in subject for subject in subjects for mark in ' "\\')


@pytest.mark.parametrize(
    ("last", "cap", "carried"),
    [
        (None, 40, 40),  # nothing was asked: the whole limit is left
        (None, 400, 100),
        (Totals(used=70, limited_to=100), 40, 30),
        (Totals(used=10, limited_to=100), 40, 40),  # never more than the cap
        (Totals(used=10, limited_to=100), 0, 0),
        (Totals(used=100, limited_to=100), 40, 0),
        (Totals(used=70, held=20, limited_to=100), 40, 10),  # what an open hold keeps is not left yet
        (Totals(used=70, held=30, limited_to=100), 40, 0),
        (Totals(used=120, held=0, granted=50, limited_to=100), 40, 0),  # what was granted ended with it
        (Totals(used=90, granted=50, limited_to=100), 40, 10),
        (Totals(used=30, limited_to=50), 40, 20),  # the limit was lower then
        (Totals(used=30, limited_to=200), 400, 170),  # or higher: what was left of it goes on
        (Totals(used=70, limited_to=UNLIMITED), 40, 30),  # there was none: told by the one there is now
        (Totals(used=170, limited_to=UNLIMITED), 40, 0),
        (Totals(granted=50), 40, 40),  # a grant without an ask
    ],
)
def test_what_is_left_goes_on_up_to_the_cap(last: Totals | None, cap: int, carried: int) -> None:
    assert carried_over(100, last, at_most=cap) == carried


def test_what_was_carried_and_what_was_granted_count_on_top_and_are_told_apart() -> None:
    told = in_force(MONTH, Totals(used=5, granted=7), Totals(used=70, limited_to=100), carry_at_most=40)
    assert (told.at_most, told.carried, told.granted) == (137, 30, 7)


def test_nothing_counts_on_top_of_no_limit() -> None:
    without = Limit(Scope.MEMBER_MONTH, "mbr_1", "2026-11", UNLIMITED)
    assert in_force(without, Totals(granted=7), Totals(used=70, limited_to=100), carry_at_most=40) == without


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope.measure is not Measure.SPEND])
def test_only_what_is_spent_can_be_granted(scope: Scope) -> None:
    limit = Limit(scope, "mbr_1", "", 3)
    assert in_force(limit, Totals(granted=7), None, carry_at_most=40) == limit


def test_what_is_carried_over_is_a_members() -> None:
    assert {scope.measure for scope in CARRIED_FOR} == {Measure.SPEND}
    assert all(scope.period is not None for scope in CARRIED_FOR)
