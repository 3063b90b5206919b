"""A period in parts, and beside the one before it: nothing of it is counted twice, and nothing is left out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import Calendar, Period

HOUR = timedelta(hours=1)
ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12")
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # mypy cannot count them


@settings(max_examples=50, deadline=None)  # zones are read from files the first time
@given(
    st.sampled_from(ZONES),
    st.lists(st.tuples(st.integers(0, 24 * 60), st.sampled_from(ZONES)), max_size=3),
    st.integers(0, 24 * 80),
)
def test_days_follow_one_another_from_the_weeks_start_to_its_end(
    first: str, changes: list[tuple[int, str]], hours: int
) -> None:
    calendar = Calendar(ZoneInfo(first))
    for at, zone in sorted(changes):
        calendar = calendar.with_zone(ZoneInfo(zone), utc(2026, 9, 1) + at * HOUR)
    week = calendar.span(Period.WEEK, utc(2026, 9, 1) + hours * HOUR)
    days = calendar.days(week.start, week.end)
    assert [day.start for day in days] == [week.start, *(day.end for day in days[:-1])]
    assert days[-1].end == week.end
    assert 5 <= len(days) <= 9


def test_a_stretch_that_begins_within_a_day_has_only_the_rest_of_that_day() -> None:
    first, second = BERLIN.days(utc(2026, 11, 10, 12), utc(2026, 11, 11, 1))
    assert (first.label, first.start, first.end) == ("2026-11-10", utc(2026, 11, 10, 12), utc(2026, 11, 10, 23))
    assert (second.label, second.start, second.end) == ("2026-11-11", utc(2026, 11, 10, 23), utc(2026, 11, 11, 1))
    assert BERLIN.days(utc(2026, 11, 10), utc(2026, 11, 10)) == ()


def test_a_period_that_runs_is_put_beside_as_much_of_the_one_before_it() -> None:
    week = BERLIN.span(Period.WEEK, utc(2026, 11, 18))
    before = BERLIN.as_far_before(Period.WEEK, week, week.start + 60 * HOUR)
    assert (before.label, before.end - before.start) == ("2026-W46", 60 * HOUR)


def test_a_period_that_is_over_is_put_beside_the_whole_one_before_it_however_long_that_was() -> None:
    after_the_change = BERLIN.span(Period.WEEK, utc(2026, 10, 27))
    before = BERLIN.as_far_before(Period.WEEK, after_the_change, after_the_change.end)
    assert before.end - before.start == 169 * HOUR


def test_the_31st_of_march_is_put_beside_no_more_than_february_had() -> None:
    march = BERLIN.span(Period.MONTH, utc(2026, 3, 31))
    assert BERLIN.as_far_before(Period.MONTH, march, utc(2026, 3, 31)).end == march.start
    assert BERLIN.last_day(march) == date(2026, 3, 31)
