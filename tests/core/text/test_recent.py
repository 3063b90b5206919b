"""A member's recent asks, a line each: when, price, model and platform, and how those stand that have no price."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.models import PRACTICE
from core.operations import RequestState
from core.people import Place
from core.receipt import BookedAsk, RecentAsk
from core.text.receipts import recent_line

AT = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ASK = BookedAsk(
    "ask",
    "anna",
    Place("slack", "T1", "C1"),
    AT,
    RequestState.SETTLED,
    "answered",
    "acme",
    "one",
    "x",
    3_000_000,
    False,
)


def test_a_line_has_the_local_time_the_price_the_model_and_the_platform() -> None:
    assert recent_line(RecentAsk(ASK, "Acme One"), BERLIN) == "21 November, 14:05 · 0.3 cents · Acme One · Slack"


@pytest.mark.parametrize(
    ("changed", "price"),
    [
        ({"estimated": True}, "about 0.3 cents · Acme One"),
        ({"provider": PRACTICE}, "0.3 cents · Acme One · practice money"),
        ({"state": RequestState.RELEASED}, "not charged"),
        ({"state": RequestState.REFUSED}, "not charged"),
        ({"state": RequestState.RUNNING}, "being answered"),
        ({"state": RequestState.AWAITING}, "not asked yet: it waits for your choice"),
    ],
)
def test_each_state_is_said_as_it_is(changed: dict[str, object], price: str) -> None:
    line = recent_line(RecentAsk(replace(ASK, **changed), "Acme One"), BERLIN)  # type: ignore[arg-type]  # by name
    assert line == f"21 November, 14:05 · {price} · Slack"
