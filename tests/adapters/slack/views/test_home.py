"""Home stays within Slack's limits whatever there is to show, and says in words what its bar shows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.slack.views.home import (
    MOST_REQUESTS,
    NOBODY_WAITS,
    NOTHING_ASKED,
    AdminsShown,
    HomeShown,
    home_view,
    sentence_view,
    window,
)
from adapters.slack.views.shown import Json, lines_shown
from core.models import AUTO
from core.people import Place
from core.receipt import BookedAsk, RecentAsk
from core.reports import Balance, WalletReport
from core.routing.offered import Listed, ModelOverview
from core.routing.rules import Rules
from core.spending import SpendBy, Spent
from core.usage_asked import UsageAsked, Used, Whose
from tests.fakes import a_model, a_price
from tests.slack.blocks import check_view
from tests.slack.reading import text_of_blocks

AT = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
BALANCE = Balance(
    month_used_nanos=1_920_000_000,
    month_held_nanos=0,
    month_limit_nanos=10_000_000_000,
    renews_on=date(2026, 12, 1),
    wallet=WalletReport(37_160_000_000, 40_000_000, 2, 30_000_000_000, AT),
    days_left=19,
)
ASK = BookedAsk("a", "m", Place("slack", "T1", "C1"), AT, "settled", "answered", "acme", "m", "x", 3_000_000, False)
OVERVIEW = ModelOverview((Listed(a_model(), a_price(), 3_000_000),), Rules(), paused=False)
USED = Used(
    UsageAsked(Whose.ME),
    date(2026, 11, 1),
    date(2026, 11, 30),
    Spent("", 3, 30_000_000),
    Spent("", 1, 10_000_000),
    {SpendBy.MODEL: (Spent("test-model", 3, 30_000_000),), SpendBy.TAG: ()},
)
MINE = HomeShown(BALANCE, (RecentAsk(ASK, "Test Model"),), OVERVIEW, AUTO, ZoneInfo("UTC"), USED)
NOTHING_WAITS = AdminsShown((), "", ())


def read(view: Json) -> str:
    assert check_view(view).found == []
    return text_of_blocks(view["blocks"])


def test_a_member_sees_their_month_as_bar_and_number_their_asks_and_their_model() -> None:
    text = read(home_view(MINE))
    assert "▓▓▓░░░░░░░░░░░░░░░░░ 19% used" in text
    assert "$1.92 of your $10.00 used, new month on 1 December." in text
    assert "You, since 1 November: 3 asks for 3 cents. By then last month: 1 ask for 1 cent." in text
    assert "Test Model: 3 asks, 3 cents ████████████████" in text
    assert "21 November, 13:05 · 0.3 cents · Test Model · Slack" in text
    assert "The cheapest model that is good enough" in text
    assert "Team wallet" not in text and "Add budget" not in text and NOBODY_WAITS not in text


def test_an_admin_sees_the_wallet_and_what_waits_too() -> None:
    text = read(
        home_view(replace(MINE, admins=AdminsShown((("more_1", "1. Ben asks for $5.00"),), "C2", ("C1", "C3"))))
    )
    assert "Team wallet\n$37.20, of which 4 cents are held by 2 running asks; about 19 days at this pace." in text
    assert "1. Ben asks for $5.00" in text and "Approve" in text and "Tell admins alone" in text


def test_nothing_yet_is_said_in_words() -> None:
    nothing = replace(
        MINE, recent=(), balance=replace(BALANCE, month_used_nanos=0, month_limit_nanos=None), admins=NOTHING_WAITS
    )
    text = read(home_view(nothing))
    assert NOTHING_ASKED in text and NOBODY_WAITS in text
    assert "░" not in text  # there is no limit to show a share of
    assert "Nothing used this month, which has no limit" in text


@pytest.mark.parametrize(
    ("balance", "days_left", "hint"),
    [(0, None, "nobody can ask"), (1, 0, "less than a day"), (1, 5, "about 5 days"), (1, 6, ""), (1, None, "")],
)
def test_a_low_wallet_is_said_to_admins(balance: int, days_left: int | None, hint: str) -> None:
    low = replace(BALANCE, wallet=WalletReport(balance, 0, 0, 0, None), days_left=days_left)
    text = read(home_view(replace(MINE, balance=low, admins=NOTHING_WAITS)))
    assert hint in text
    assert ("The wallet is empty" in text or "The wallet runs low" in text) == bool(hint)
    assert hint == "" or hint not in read(home_view(replace(MINE, balance=low)))


@pytest.mark.parametrize(
    ("used", "bar"), [(0, "░" * 20 + " 0%"), (1, "▓" + "░" * 19 + " less than 1%"), (99, "▓" * 20 + " 100%")]
)
def test_the_bar_shows_that_there_is_something_and_never_more_than_all(used: int, bar: str) -> None:
    balance = replace(BALANCE, month_used_nanos=used, month_limit_nanos=90 if used == 99 else 10_000)
    assert bar in read(home_view(replace(MINE, balance=balance)))


def test_however_much_there_is_it_fits() -> None:
    models = tuple(
        Listed(a_model(id=f"model-{number}", title="M" * 200), a_price(), 3_000_000) for number in range(300)
    )
    much = replace(
        MINE,
        overview=ModelOverview(models, Rules(), paused=False),
        model="model-299",
        recent=tuple(RecentAsk(ASK, "<!channel> " * 100) for _ in range(5)),
        admins=AdminsShown(
            tuple((f"more_{number}", "<@U1> " + "word " * 2_000) for number in range(500)),
            "C1",
            tuple(f"C{number}" for number in range(200)),
        ),
    )
    text = read(home_view(much))
    assert f"{500 - MOST_REQUESTS} more wait behind these." in text


def test_what_is_said_beside_home_fits_too() -> None:
    assert "and nothing else" in read(sentence_view("This and nothing else."))
    assert read(window(lines_shown(["word " * 2_000] * 20)))
