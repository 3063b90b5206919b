"""The sentences about asking for more: who did what, how long ago, and that nothing is said twice."""

import pytest

from core.operations import Decision, RequestedState
from core.people import OPERATOR
from core.quota import Measure, Scope
from core.text import budget_requests as words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (0.9, "just now"),
        (1, "1 second ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (7_200, "2 hours ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_how_long_ago_in_one_unit(seconds: float, said: str) -> None:
    assert words.ago(seconds) == said


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope.measure is Measure.SPEND])
def test_whatever_can_be_raised_has_words(scope: Scope) -> None:
    assert words.asked_for(2_500_000_000, scope).startswith("$2.50 more for ")


@pytest.mark.parametrize("state", [state for state in RequestedState if state is not RequestedState.OPEN])
def test_every_way_to_be_over_is_said(state: RequestedState) -> None:
    assert words.decided_already("Ben", state, 3, you=False).count("3 seconds ago") == 1


def test_the_operator_is_no_name_in_angle_brackets() -> None:
    assert words.denied(OPERATOR, "$5.00").startswith("The operator denied")


def test_half_of_a_cent_is_not_said_to_be_nothing() -> None:
    assert words.asked_for(5_000_000, Scope.MEMBER_MONTH) == "0.5 cents more for this month"


def test_who_decides_their_own_request_is_told_what_they_did_and_not_that_others_are_told() -> None:
    done = words.decision_done(
        Decision.APPROVE, "Ada", "$5.00 more for this month", state="approved", alone=True, own=True, above_nanos=0
    )
    assert done.startswith("Approved: $5.00 more for this month for you. It was your own request;")
    assert words.granted("mbr_1", "$5.00", "$5.00", "", own=True) == "You approved $5.00 for yourself."
