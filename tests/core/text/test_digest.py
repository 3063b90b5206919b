"""A week in at most twelve short lines; every number with what it compares with."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest.figures import Earlier, Figures, MonthFigures, Purse, Stretch
from core.digest.savings import Savings
from core.digest.seats import SeatsBeside
from core.money import NANOS_PER_USD as USD
from core.reports import Arm, VariantReport
from core.spending import Spent
from core.text.digest import MOST_LINES, compared, digest_lines
from core.text.wording import period_in_words

TITLES = {"small": "Small", "large": "Large"}


def arm(variant: str, answers: int, *, failed: int = 0) -> Arm:
    report = VariantReport(variant, answers + failed, answers * 4_000_000, 900, 3_000, 12, 3, failed)
    return Arm(report, enough=answers >= 100)


FULL = Figures(
    first_day=date(2026, 11, 16),
    last_day=date(2026, 11, 22),
    running=False,
    week=Stretch(214, 1_240 * USD // 100, 17),
    before=Stretch(198, 1_148 * USD // 100, 15),
    given_back_nanos=30 * USD // 100,
    absorbed_nanos=12 * USD // 100,
    models=(Spent("large", 14, 620 * USD // 100), Spent("small", 200, 620 * USD // 100)),
    tags=(Spent("launch", 100, 800 * USD // 100), Spent("", 114, 440 * USD // 100)),
    purse=Purse(3_720 * USD // 100, 19),
    month=MonthFigures(date(2026, 11, 1), 48 * USD, over=False, forecast_nanos=61 * USD),
    saved=Savings("large", 150, 6 * USD, 1_120 * USD // 100),
    seats=SeatsBeside(25 * USD, 17, 48 * USD, 2, 30),
    arms=(arm("control:trial", 138), arm("trial", 140), arm("control:two", 50), arm("two", 0), arm("three", 1)),
    earlier=Earlier(2, 150, 910 * USD // 100),
)


def lines(**fields: Any) -> tuple[str, ...]:
    return digest_lines(replace(FULL, **fields), TITLES)


def test_a_week_in_which_everything_happened_is_twelve_lines() -> None:
    assert lines() == (
        "Week of 16 to 22 November: $12.40 spent, 8% more than the week before ($11.48).",
        "214 asks by 17 members, 5.8 cents each (before: 198 by 15).",
        "Team wallet: $37.20, enough for about 19 days.",
        "November so far: $48.00; about $61.00 by its end.",
        "By model: Large 50%, Small 50%.",
        "By tag: #launch 65%, no tag 35%.",
        "Automatic choice saved about $5.20 (estimate: Large for everything $11.20, paid $6.00).",
        "17 seats at $25 would be $425 a month; you paid $48.00. A seat would be cheaper for 2 of 17 members.",
        "Not charged to the team, absorbed by the operator: $0.12. Given back to the team: $0.30.",
        "Trial trial: with it 0.4 cents an answer (140, 12 liked, 3 not); "
        "without 0.4 cents an answer (138, 12 liked, 3 not).",
        "Trial two: with it only 0 of 100 answers yet; without only 50 of 100 answers yet.",
        "2 earlier weeks that no digest told of: $9.10, 150 asks.",
    )


def test_an_empty_week_is_one_line() -> None:
    empty = {"week": Stretch(0, 0, 0), "models": (), "tags": (), "given_back_nanos": 0, "absorbed_nanos": 0}
    empty |= {"saved": None, "earlier": None}
    assert lines(**empty) == (
        "Week of 16 to 22 November: nothing was asked (the week before: 198 asks for $11.48). "
        "Team wallet: $37.20, enough for about 19 days.",
    )
    assert lines(**empty, before=None)[0].startswith("Week of 16 to 22 November: nothing was asked. Team wallet")
    assert len(lines(**(empty | {"earlier": FULL.earlier}))) == 2
    assert len(lines(**(empty | {"earlier": Earlier(3, 0, 0)}))) == 1


def test_the_first_week_is_compared_with_nothing() -> None:
    first = lines(before=None)
    assert first[0] == "Week of 16 to 22 November: $12.40 spent, in your first week."
    assert first[1] == "214 asks by 17 members, 5.8 cents each."


def test_a_week_that_runs_says_so_and_is_compared_with_as_much_of_the_last_one() -> None:
    running = lines(running=True)
    assert (
        running[0] == "This week so far, since 16 November: $12.40 spent, 8% more than by this time last week ($11.48)."
    )
    assert running[1].endswith("(by then: 198 by 15).")


def test_practice_money_is_called_that() -> None:
    assert "$12.40 of practice money spent" in lines(practice=True)[0]


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (1_240, 1_148, "8% more than then ($11.48)"),
        (1_148, 1_240, "7% less than then ($12.40)"),
        (1_000, 1_000, "about as much as then ($10.00)"),
        (1_010, 1_000, "about as much as then ($10.00)"),
        (9_990, 1_000, "899% more than then ($10.00)"),
        (10_000, 1_000, "10 times as much as then ($10.00)"),
        (5, 0, "nothing then"),
        (0, 0, "as then"),
        (0, 500, "100% less than then ($5.00)"),
    ],
)
def test_what_is_more_and_what_is_less(now: int, before: int, words: str) -> None:
    assert compared(now * USD // 100, before * USD // 100, "then") == words


@pytest.mark.parametrize(
    ("purse", "words"),
    [
        (Purse(0, None), "The team wallet is empty: nobody can ask before budget is added."),
        (Purse(5 * USD, None), "Team wallet: $5.00."),
        (Purse(5 * USD, 0), "Team wallet: $5.00, enough for less than a day. Add budget soon."),
        (Purse(5 * USD, 5), "Team wallet: $5.00, enough for about 5 days. Add budget soon."),
        (Purse(5 * USD, 400), "Team wallet: $5.00, enough for more than a year."),
    ],
)
def test_a_wallet_that_runs_low_says_what_to_do(purse: Purse, words: str) -> None:
    assert lines(purse=purse)[2] == words


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (SeatsBeside(25 * USD, 3, 80 * USD, 0, 30), "A seat would be cheaper for nobody."),
        (SeatsBeside(25 * USD, 1, 80 * USD, 1, 30), "1 seat at $25 would be $25 a month; you paid $80.00."),
        (SeatsBeside(2_050 * USD // 100, 2, USD, 1, 30), "2 seats at $20.50 would be $41 a month; you paid $1.00."),
        (SeatsBeside(25 * USD, 3, 80 * USD, 1, 9), "you pay about $80.00, by your first 9 days."),
    ],
)
def test_seats_are_said_honestly(seats: SeatsBeside, words: str) -> None:
    assert words in lines(seats=seats)[7]


def test_a_month_that_is_over_is_whole_and_a_new_team_has_no_forecast() -> None:
    month = MonthFigures(date(2026, 10, 1), 48 * USD, over=True, forecast_nanos=None)
    assert lines(month=month)[3] == "October: $48.00 in all."
    assert lines(month=replace(month, over=False))[3] == "October so far: $48.00."


def test_many_models_and_tags_are_told_as_a_few_and_the_others() -> None:
    models = tuple(Spent(f"m{n}", 1, (9 - n) * USD) for n in range(9))
    said = lines(models=models, tags=models, week=Stretch(9, 45 * USD, 3))
    assert said[4] == "By model: m0 20%, m1 18%, 7 others 62%."
    assert said[5] == "By tag: #m0 20%, #m1 18%, #m2 16%, 6 others 47%."
    assert lines(models=models[:3], week=Stretch(9, 24 * USD, 3))[4] == "By model: m0 38%, m1 33%, m2 29%."
    assert not any(line.startswith("By tag") for line in lines(tags=(Spent("", 5, USD),)))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 November"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November to 6 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December to 3 January"),
    ],
)
def test_a_week_is_named_by_its_days(first: date, last: date, words: str) -> None:
    assert period_in_words(first, last) == words


NANOS = st.integers(0, 10**15)
STRETCHES = st.builds(Stretch, st.integers(0, 10**6), NANOS, st.integers(0, 500))


@given(
    week=STRETCHES,
    before=st.none() | STRETCHES,
    models=st.lists(st.builds(Spent, st.sampled_from(["small", "large", "x"]), st.integers(0, 9), NANOS), max_size=5),
    arms=st.lists(
        st.builds(arm, st.sampled_from(["a", "control:a", "b", "control:c"]), st.integers(0, 300)), max_size=5
    ),
    purse=st.builds(Purse, NANOS, st.none() | st.integers(0, 1_000)),
    running=st.booleans(),
)
def test_whatever_happened_it_is_said_in_twelve_lines_without_names(**fields: Any) -> None:
    said = lines(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})
    assert 1 <= len(said) <= MOST_LINES
    assert all(line.strip() == line and "\n" not in line and len(line) <= 200 for line in said)
