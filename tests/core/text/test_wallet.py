from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.periods import Period
from core.reports import Balance, PeriodUse, WalletReport
from core.text import wallet

CENT = 10_000_000
USD = 100 * CENT
WALLET = WalletReport(37_16 * CENT, 4 * CENT, 2, 30 * USD, datetime(2026, 11, 1, tzinfo=UTC))
BALANCE = Balance(192 * CENT, 0, 10 * USD, date(2026, 12, 1), WALLET, 19)


def test_month_and_wallet_as_in_the_design() -> None:
    assert wallet.balance_lines(BALANCE) == (
        "$1.92 of your $10.00 used, new month on 1 December.",
        "Team wallet: $37.20, of which 4 cents are held by 2 running asks; about 19 days at this pace.",
    )


def test_a_balance_can_be_checked_to_the_nano_dollar() -> None:
    told = replace(WALLET, available_nanos=9_998_531_200, held_nanos=0, running_asks=0)
    fresh = replace(BALANCE, month_used_nanos=1_468_800, wallet=told, days_left=None)
    assert wallet.balance_lines(fresh) == (
        "0.15 cents of your $10.00 used, new month on 1 December.",
        "Team wallet: $9.99 (exactly $9.998531200).",
    )


def test_nothing_used_and_held_by_oneself() -> None:
    month, _ = wallet.balance_lines(replace(BALANCE, month_used_nanos=0, month_held_nanos=CENT))
    assert month == "Nothing of your $10.00 used and 1 cent held, new month on 1 December."


def test_what_was_carried_over_and_granted_is_said_beside_the_limit_that_has_it() -> None:
    month, _ = wallet.balance_lines(replace(BALANCE, month_carried_nanos=2 * USD, month_granted_nanos=USD))
    assert month == "$1.92 of your $10.00 (with $2.00 carried over and $1.00 granted) used, new month on 1 December."


def test_a_month_without_a_limit_reads_as_one() -> None:
    month, _ = wallet.balance_lines(replace(BALANCE, month_limit_nanos=None))
    assert month == "$1.92 used this month, which has no limit, new month on 1 December."


def test_day_and_week_stand_between_the_month_and_the_wallet() -> None:
    day = PeriodUse(Period.DAY, 0, CENT, USD, 0, 0, date(2026, 11, 22))
    week = PeriodUse(Period.WEEK, USD, 0, 4 * USD, USD, 0, date(2026, 11, 23))
    _, today, this_week, _ = wallet.balance_lines(replace(BALANCE, beside=(day, week)))
    assert today == "Nothing of your $1.00 for today used and 1 cent held, new day on 22 November."
    assert this_week == "$1.00 of your $4.00 (with $1.00 carried over) for this week used, new week on 23 November."


def test_one_cent_held_by_one_ask() -> None:
    _, said = wallet.balance_lines(replace(BALANCE, wallet=replace(WALLET, held_nanos=CENT, running_asks=1)))
    assert ", of which 1 cent is held by 1 running ask;" in said


def test_says_first_that_asking_is_paused() -> None:
    (ours, *rest) = wallet.balance_lines(replace(BALANCE, team_frozen=True, member_frozen=True))
    (mine, *_) = wallet.balance_lines(replace(BALANCE, member_frozen=True))
    assert ours == "Asking is paused for this team by an admin; ask them when it goes on."
    assert mine == "Asking is paused for you by an admin; ask them when it goes on."
    assert tuple(rest) == wallet.balance_lines(BALANCE)
    (theirs, *_) = wallet.balance_lines(replace(BALANCE, member_frozen=True, paused_by_operator=True))
    assert theirs == "Asking is paused for you by whoever runs Chipin; only they can let it go on."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "less than a day"),
        (1, "about 1 day"),
        (365, "about 365 days"),
        (366, "more than a year"),
        (10**9, "more than a year"),
    ],
)
def test_the_pace_promises_no_more_than_it_knows(days: int, words: str) -> None:
    assert f"; {words} at this pace." in wallet.balance_lines(replace(BALANCE, days_left=days))[1]


def test_a_top_up_says_that_no_card_was_charged() -> None:
    told = {"amount_nanos": 25 * USD, "before_nanos": 3720 * CENT, "after_nanos": 6220 * CENT}
    said = wallet.recorded(**told, practice=False)
    assert said == (
        "Recorded $25.00 of budget: $37.20 -> $62.20. No card was charged; your company pays the providers. "
        "/undo takes it back for 10 minutes."
    )
    assert "It is practice money." in wallet.recorded(**told, practice=True)


def test_an_undo_says_how_much_came_back() -> None:
    whole = wallet.taken_back(amount_nanos=5 * USD, top_up_nanos=5 * USD, after_nanos=USD)
    assert whole == "The top-up of $5.00 is undone. The team wallet has $1.00 now."
    part = wallet.taken_back(amount_nanos=4_998_000_000, top_up_nanos=5 * USD, after_nanos=0)
    assert part.startswith("Took back $4.99 (exactly $4.998000000) of the $5.00; the rest is spent or held")
