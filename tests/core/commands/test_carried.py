"""What waits for a press comes back as it was, and what is none of ours is nothing."""

from datetime import UTC, datetime

import pytest

from core.commands.carried import (
    Agreed,
    Typed,
    Wanted,
    agreed_from,
    agreed_value,
    typed_from,
    typed_value,
    wanted_from,
    wanted_value,
)
from core.commands.speaking import ForgetWaits, TopUpWaits
from core.events import Shortfall

MISSING = Shortfall("", "", None, 5, "ask_1.2")
MONTH = Shortfall("mbr_1:month", "2026-11", datetime(2026, 12, 1, tzinfo=UTC), 5, "ask_1.2")


def test_what_buttons_carry_comes_back() -> None:
    top_up, forget = Agreed(TopUpWaits("5", 'a "reason"', "k"), "U1"), Agreed(ForgetWaits("mbr_1"), "U2")
    assert [agreed_from(agreed_value(each.waits, each.user_id)) for each in (top_up, forget)] == [top_up, forget]
    for missing in (MISSING, MONTH):
        wanted = Wanted(missing, 10, "U1")
        assert wanted_from(wanted_value(wanted)) == wanted
    for typed in (Typed("why?", "auto", "k", "U1"), Typed("why?", "auto", "k", "U1", "launch")):
        assert typed_from(typed_value(typed)) == typed


@pytest.mark.parametrize("value", ["", "{}", "[]", "[1]", '["topup",1,2,3,4]', '["want","U1"]', "null", "[" * 9_999])
def test_what_no_button_of_ours_carries_is_nothing(value: str) -> None:
    assert (agreed_from(value), wanted_from(value), typed_from(value)) == (None, None, None)
