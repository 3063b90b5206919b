"""The bars of a week are all of it, whatever a day of it was like."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.digest.chart_of import chart_of
from core.periods import Calendar, Period, Span


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_week_without_its_friday_has_six_bars() -> None:
    calendar = Calendar(ZoneInfo("Pacific/Apia"))
    week = calendar.span(Period.WEEK, utc(2011, 12, 28))
    before = calendar.before(Period.WEEK, week.start)
    days, days_before = calendar.days(week.start, week.end), calendar.days(before.start, before.end)
    chart = chart_of([(day, 1) for day in days], [(day, 2) for day in days_before], running=False)
    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["Mon", "Tue", "Wed", "Thu", "Sat", "Sun"]
    assert [bar.before_nanos for bar in chart.bars] == [2] * 6


def day(number: int, month: int = 11) -> Span:
    first = date(2026, month, number)
    start = datetime(2026, month, number, tzinfo=UTC)
    return Span(first.isoformat(), first, start, start + timedelta(days=1))


def test_each_day_stands_beside_the_same_day_of_the_week_before() -> None:
    now, before = [(day(16 + n), n * 10**9) for n in range(7)], [(day(9 + n), (7 - n) * 10**9) for n in range(7)]
    chart = chart_of(now, before, running=False)
    assert chart is not None
    assert [(bar.label, bar.nanos // 10**9, bar.before_nanos // 10**9) for bar in chart.bars] == [
        *(("Mon", 0, 7), ("Tue", 1, 6), ("Wed", 2, 5), ("Thu", 3, 4)),
        *(("Fri", 4, 3), ("Sat", 5, 2), ("Sun", 6, 1)),
    ]
    assert chart.alt == (
        "Spent by day: Mon $0.00, Tue $1.00, Wed $2.00, Thu $3.00, Fri $4.00, Sat $5.00, Sun $6.00; "
        "in all $21.00, the week before $28.00."
    )


@pytest.mark.parametrize("running", [True, False])
def test_where_nothing_was_spent_in_both_weeks_nothing_is_drawn(running: bool) -> None:
    assert chart_of([(day(16), 0)], [(day(9), 0)], running=running) is None
    assert chart_of([(day(16), 0)], [(day(9), 1)], running=running) is not None
