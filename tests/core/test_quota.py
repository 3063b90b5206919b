"""Local days and months: every instant has one label, and a period begins when its first instant exists."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quota import Limit, Measure, Scope, day_label, instant_of, month_label, next_month_starts

ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
INSTANTS = st.integers(min_value=946_684_800, max_value=2_114_380_800).map(lambda at: datetime.fromtimestamp(at, UTC))
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2037, 1, 1))
MOMENT = timedelta(microseconds=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "instant", "label"),
    [
        ("UTC", utc(2026, 11, 30, 23, 59, 59), "2026-11-30"),
        ("Europe/Berlin", utc(2026, 11, 30, 22, 59, 59), "2026-11-30"),
        ("Europe/Berlin", utc(2026, 11, 30, 23), "2026-12-01"),
        ("Pacific/Kiritimati", utc(2026, 11, 30, 10), "2026-12-01"),  # 14 hours ahead
        ("Pacific/Pago_Pago", utc(2026, 12, 1, 10, 59), "2026-11-30"),  # 11 hours behind
        ("Asia/Kathmandu", utc(2026, 11, 30, 18, 15), "2026-12-01"),  # a quarter of an hour off
        ("America/New_York", utc(2026, 11, 1, 4, 30), "2026-11-01"),  # the night with 25 hours
    ],
)
def test_an_instant_falls_on_the_teams_own_day(zone: str, instant: datetime, label: str) -> None:
    assert day_label(instant, ZoneInfo(zone)) == label
    assert month_label(instant, ZoneInfo(zone)) == label[:7]


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("UTC", date(2026, 12, 1), utc(2026, 12, 1)),
        ("Europe/Berlin", date(2026, 12, 1), utc(2026, 11, 30, 23)),
        ("Europe/Berlin", date(2026, 3, 29), utc(2026, 3, 28, 23)),  # a day of 23 hours
        ("America/Havana", date(2026, 3, 8), utc(2026, 3, 8, 5)),  # no midnight: 00:00 is 01:00
        ("America/Sao_Paulo", date(2018, 11, 4), utc(2018, 11, 4, 3)),  # no midnight either
        ("America/Havana", date(2026, 11, 1), utc(2026, 11, 1, 4)),  # two midnights: the first
        ("Africa/Cairo", date(2026, 4, 24), utc(2026, 4, 23, 22)),  # Friday, no midnight
        ("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 10)),  # a day that never was
    ],
)
def test_a_day_begins_with_its_first_instant(zone: str, day: date, first: datetime) -> None:
    assert instant_of(day, ZoneInfo(zone)) == first


@given(ZONES, DAYS)
def test_before_a_day_begins_it_is_an_earlier_day(zone: ZoneInfo, day: date) -> None:
    first = instant_of(day, zone)
    assert day_label(first, zone) >= day.isoformat()
    assert day_label(first - MOMENT, zone) < day.isoformat()


@given(ZONES, INSTANTS)
def test_a_new_month_is_in_the_future_and_not_far(zone: ZoneInfo, now: datetime) -> None:
    starts = next_month_starts(now, zone)
    assert starts.day == 1
    assert now < instant_of(starts, zone) <= now + timedelta(days=32)
    assert month_label(now, zone) < month_label(instant_of(starts, zone), zone)


@pytest.mark.parametrize(
    ("now", "starts"),
    [
        (utc(2026, 11, 21), date(2026, 12, 1)),
        (utc(2026, 12, 31, 23, 59), date(2027, 1, 1)),
        (utc(2028, 1, 31), date(2028, 2, 1)),
        (utc(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_a_month_is_followed_by_the_next(now: datetime, starts: date) -> None:
    assert next_month_starts(now, ZoneInfo("UTC")) == starts


def test_the_last_evening_of_a_month_in_one_zone_is_the_next_month_in_another() -> None:
    now = utc(2026, 11, 30, 23, 30)
    assert next_month_starts(now, ZoneInfo("America/New_York")) == date(2026, 12, 1)
    assert next_month_starts(now, ZoneInfo("Europe/Berlin")) == date(2027, 1, 1)


def test_every_scope_says_what_it_counts() -> None:
    assert {scope: scope.measure for scope in Scope} == {
        Scope.MEMBER_MONTH: Measure.SPEND,
        Scope.MEMBER_IN_FLIGHT: Measure.IN_FLIGHT,
        Scope.MEMBER_DAY_ABSORBED: Measure.ABSORBED,
    }


def test_a_counters_id_tells_scope_subject_and_period() -> None:
    limit = Limit(Scope.MEMBER_MONTH, "mbr_1", "2026-11", 5)
    assert limit.counter_id == "member_month:mbr_1:2026-11"
