"""Every instant belongs to exactly one day, week and month, whatever clocks and zones do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import (
    Calendar,
    Moment,
    Period,
    Span,
    ZoneChange,
    calendar_from,
    first_day_of,
    history_of,
    instant_of,
    label_of,
    local_day,
    next_first_day,
)

MOMENT, MILLISECOND, HOUR, DAY = (
    timedelta(microseconds=1),
    timedelta(milliseconds=1),
    timedelta(hours=1),
    timedelta(days=1),
)
BERLIN, NEW_YORK, CAIRO, APIA, LORD_HOWE, KOLKATA = map(
    ZoneInfo,
    ("Europe/Berlin", "America/New_York", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"),
)
FIRST, LAST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")  # 26 hours apart
ODD_ZONES = (
    *(BERLIN, NEW_YORK, CAIRO, APIA, LORD_HOWE, KOLKATA, FIRST, LAST, ZoneInfo("UTC")),
    *map(ZoneInfo, ("America/St_Johns", "America/Havana", "Pacific/Kwajalein", "America/Nuuk", "Asia/Pyongyang")),
    *map(ZoneInfo, ("America/Sao_Paulo", "Antarctica/Casey", "Asia/Kathmandu", "America/Toronto", "Asia/Tehran")),
)
ZONES = st.sampled_from([ZoneInfo(name) for name in sorted(available_timezones() - {"localtime"})]) | st.sampled_from(
    ODD_ZONES
)
INSTANTS = st.integers(min_value=0, max_value=2_114_380_800_000).map(
    lambda at_ms: datetime(1970, 1, 1, tzinfo=UTC) + at_ms * MILLISECOND
)
PERIODS = st.sampled_from(Period)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def hours(span: Span) -> float:
    return (span.end - span.start) / HOUR


def spans_between(calendar: Calendar, period: Period, begin: datetime, end: datetime) -> list[Span]:
    """Every span from one instant to another, each found at the end of the one before."""
    spans = [calendar.span(period, begin)]
    while spans[-1].end <= end:
        spans.append(calendar.span(period, spans[-1].end))
    return spans


def assert_it_tiles(calendar: Calendar, period: Period, now: datetime) -> None:
    """The span of an instant, its neighbours, and that all of it is the same one."""
    span = calendar.span(period, now)
    assert span.start <= now < span.end
    before, after = calendar.span(period, span.start - MOMENT), calendar.span(period, span.end)
    assert (before.end, after.start) == (span.start, span.end)
    assert before.label < span.label < after.label
    assert calendar.before(period, now) == before
    for other in (span.start, span.start + (span.end - span.start) / 2, span.end - MOMENT):
        assert calendar.span(period, other) == span


# --- one zone ---


@given(ZONES, PERIODS, INSTANTS)
def test_periods_tile_time_in_every_zone(zone: ZoneInfo, period: Period, now: datetime) -> None:
    assert_it_tiles(Calendar(zone), period, now)


@pytest.mark.parametrize("zone", ODD_ZONES, ids=str)
def test_every_day_of_an_odd_zone_begins_once(zone: ZoneInfo) -> None:
    spans = spans_between(Calendar(zone), Period.DAY, utc(2007, 1, 1), utc(2012, 1, 3))
    for one, next_one in pairwise(spans):
        assert one.end == next_one.start < next_one.end
        assert one.label < next_one.label


@given(ZONES, INSTANTS)
def test_a_day_is_of_one_week_and_one_month(zone: ZoneInfo, now: datetime) -> None:
    calendar = Calendar(zone)
    day = calendar.span(Period.DAY, now)
    for period in (Period.WEEK, Period.MONTH):
        longer = calendar.span(period, now)
        assert longer.start <= day.start < day.end <= longer.end
        assert longer.label == label_of(period, first_day_of(period, day.first_day))


@given(ZONES, INSTANTS)
def test_what_the_clock_on_the_wall_says_is_the_day_unless_it_was_put_back(zone: ZoneInfo, now: datetime) -> None:
    on_the_wall, day = now.astimezone(zone).date(), local_day(now, zone)
    assert day >= on_the_wall
    if day > on_the_wall:
        assert (now - 26 * HOUR).astimezone(zone).utcoffset() != now.astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("UTC", date(2026, 12, 1), utc(2026, 12, 1)),
        ("Europe/Berlin", date(2026, 12, 1), utc(2026, 11, 30, 23)),
        ("Asia/Kolkata", date(2026, 12, 1), utc(2026, 11, 30, 18, 30)),
        ("Africa/Cairo", date(2026, 4, 24), utc(2026, 4, 23, 22)),  # Friday, no midnight: 00:00 is 01:00
        ("Africa/Cairo", date(2026, 10, 30), utc(2026, 10, 29, 22)),  # Thursday comes to midnight, is 23:00 once more
        ("America/Havana", date(2026, 3, 8), utc(2026, 3, 8, 5)),  # no midnight either
        ("America/Havana", date(2026, 11, 1), utc(2026, 11, 1, 4)),  # two midnights: the first
        ("America/St_Johns", date(2009, 11, 1), utc(2009, 11, 1, 2, 30)),  # put back at 00:01 to 23:01
        ("America/St_Johns", date(2010, 3, 14), utc(2010, 3, 14, 3, 30)),  # put on at 00:01 to 01:01
        ("Asia/Pyongyang", date(2018, 5, 5), utc(2018, 5, 4, 15)),  # 23:30 was midnight
        ("America/Toronto", date(1919, 3, 31), utc(1919, 3, 31, 4, 30)),  # 23:30 was 00:30: midnight in the gap
        ("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 10)),  # a day that never was
        ("Pacific/Apia", date(2011, 12, 31), utc(2011, 12, 30, 10)),
    ],
)
def test_a_day_begins_with_its_first_instant(zone: str, day: date, first: datetime) -> None:
    assert instant_of(day, ZoneInfo(zone)) == first


@pytest.mark.parametrize(
    ("zone", "period", "within", "label", "length"),
    [
        (BERLIN, Period.DAY, utc(2026, 3, 29, 12), "2026-03-29", 23),
        (BERLIN, Period.DAY, utc(2026, 10, 25, 12), "2026-10-25", 25),
        (BERLIN, Period.WEEK, utc(2026, 3, 25), "2026-W13", 167),
        (BERLIN, Period.WEEK, utc(2026, 10, 21), "2026-W43", 169),
        (BERLIN, Period.MONTH, utc(2026, 3, 15), "2026-03", 31 * 24 - 1),
        (BERLIN, Period.MONTH, utc(2026, 10, 15), "2026-10", 31 * 24 + 1),
        (NEW_YORK, Period.WEEK, utc(2026, 3, 5), "2026-W10", 167),
        (NEW_YORK, Period.WEEK, utc(2026, 10, 29), "2026-W44", 169),
        (LORD_HOWE, Period.DAY, utc(2026, 10, 3, 20), "2026-10-04", 23.5),
        (LORD_HOWE, Period.WEEK, utc(2026, 4, 1), "2026-W14", 168.5),
        (CAIRO, Period.DAY, utc(2026, 4, 24, 12), "2026-04-24", 23),
        (CAIRO, Period.DAY, utc(2026, 10, 29, 12), "2026-10-29", 25),
        (CAIRO, Period.DAY, utc(2026, 10, 29, 21, 30), "2026-10-29", 25),  # the hour before midnight, again
        (KOLKATA, Period.WEEK, utc(2026, 3, 25), "2026-W13", 168),
        (APIA, Period.DAY, utc(2011, 12, 30, 9, 59), "2011-12-29", 24),
        (APIA, Period.DAY, utc(2011, 12, 30, 10), "2011-12-31", 24),
        (APIA, Period.WEEK, utc(2011, 12, 30, 12), "2011-W52", 6 * 24),
        (APIA, Period.MONTH, utc(2011, 12, 30, 12), "2011-12", 30 * 24),
        (ZoneInfo("America/St_Johns"), Period.DAY, utc(2009, 10, 31, 12), "2009-10-31", 24),
        (ZoneInfo("America/St_Johns"), Period.DAY, utc(2009, 11, 1, 2, 31), "2009-11-01", 25),  # 23:01 on the wall
        (ZoneInfo("UTC"), Period.WEEK, utc(2027, 1, 1), "2026-W53", 168),
        (ZoneInfo("UTC"), Period.WEEK, utc(2024, 12, 30), "2025-W01", 168),
        (ZoneInfo("UTC"), Period.MONTH, utc(2028, 2, 29), "2028-02", 29 * 24),
    ],
)
def test_a_period_is_as_long_as_its_clocks_make_it(
    zone: ZoneInfo, period: Period, within: datetime, label: str, length: float
) -> None:
    span = Calendar(zone).span(period, within)
    assert (span.label, hours(span)) == (label, length)


def test_the_day_that_was_skipped_has_no_instant_and_the_day_before_it_is_the_one_before() -> None:
    assert Calendar(APIA).before(Period.DAY, utc(2011, 12, 30, 10)).label == "2011-12-29"


def test_what_never_begins_anew_has_no_label() -> None:
    assert Moment(Calendar(BERLIN), utc(2026, 11, 21)).label(None) == ""


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2036, 12, 31)), PERIODS)
def test_a_period_of_days_follows_on_another(day: date, period: Period) -> None:
    first = first_day_of(period, day)
    following = next_first_day(period, first)
    assert first <= day < following
    assert first_day_of(period, following) == following
    assert first_day_of(period, following - DAY) == first


# --- the zone changes ---


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar with up to five changes, some to the millisecond where a period begins, and an instant near them."""
    zones = st.sampled_from(ODD_ZONES)
    calendar = Calendar(draw(zones))
    at = draw(INSTANTS) + 400 * DAY
    for _ in range(draw(st.integers(min_value=1, max_value=5))):
        if draw(st.booleans()):
            at = calendar.span(draw(PERIODS), at).end + draw(st.sampled_from([-1, 0, 1])) * MILLISECOND
        else:
            at += draw(st.integers(min_value=1, max_value=40 * 3600)) * timedelta(seconds=1)
        calendar = Calendar(calendar.first_zone, (*calendar.changes, ZoneChange(at, draw(zones))))
    return calendar, at + draw(st.integers(min_value=-90 * 24, max_value=45 * 24)) * HOUR


@given(calendars(), PERIODS)
@settings(max_examples=200)
def test_periods_tile_time_whenever_the_zone_changes(drawn: tuple[Calendar, datetime], period: Period) -> None:
    calendar, now = drawn
    assert_it_tiles(calendar, period, now)
    for change in calendar.changes:
        for at in (change.at - MILLISECOND, change.at, change.at + MILLISECOND, change.at + 30 * HOUR):
            assert_it_tiles(calendar, period, at)


@given(calendars(), PERIODS)
def test_a_change_leaves_the_period_that_runs_and_all_before_it(
    drawn: tuple[Calendar, datetime], period: Period
) -> None:
    """What was counted under a label stays there: the label of an instant never depends on what is set later."""
    calendar, now = drawn
    for count, change in enumerate(calendar.changes):
        known_then = Calendar(calendar.first_zone, calendar.changes[:count])
        for at in (change.at, change.at - 26 * HOUR, min(now, change.at)):
            assert calendar.label(period, at) == known_then.label(period, at)


@given(calendars(), PERIODS)
def test_after_the_period_of_the_last_change_its_zone_counts(drawn: tuple[Calendar, datetime], period: Period) -> None:
    calendar, _ = drawn
    settled = calendar.span(period, calendar.span(period, calendar.changes[-1].at).end).end
    for at in (settled, settled + 30 * DAY):
        assert calendar.span(period, at) == Calendar(calendar.zone).span(period, at)


@given(calendars(), PERIODS)
def test_what_is_left_out_of_the_history_changes_nothing_that_can_be_asked(
    drawn: tuple[Calendar, datetime], period: Period
) -> None:
    calendar, _ = drawn
    short = Calendar(calendar.first_zone)
    for count, change in enumerate(calendar.changes, 1):
        short, whole = short.with_zone(change.zone, change.at), Calendar(calendar.first_zone, calendar.changes[:count])
        for at in (change.at, change.at + 26 * HOUR, change.at + 33 * DAY):
            assert short.span(period, at) == whole.span(period, at)
            assert short.before(period, at) == whole.before(period, at)


@pytest.mark.parametrize(
    ("was", "becomes", "period", "length", "following"),
    [
        (BERLIN, NEW_YORK, Period.DAY, 24 + 6, "2026-11-22"),  # west: until midnight there
        (NEW_YORK, BERLIN, Period.DAY, 24, "2026-11-22"),  # east: until midnight here
        (FIRST, LAST, Period.DAY, 24 + 26, "2026-11-23"),
        (LAST, FIRST, Period.DAY, 24, "2026-11-23"),  # there it is two days later by then
        (BERLIN, KOLKATA, Period.WEEK, 168, "2026-W48"),
        (FIRST, LAST, Period.MONTH, 30 * 24 + 26, "2026-12"),
        (LAST, FIRST, Period.MONTH, 30 * 24, "2026-12"),
    ],
)
def test_the_period_that_runs_is_counted_to_its_end(
    was: ZoneInfo, becomes: ZoneInfo, period: Period, length: float, following: str
) -> None:
    noon = utc(2026, 11, 21, 12)
    calendar = Calendar(was).with_zone(becomes, noon)
    running = calendar.span(period, noon)
    assert running.start == Calendar(was).span(period, noon).start
    assert (running.label, hours(running)) == (Calendar(was).label(period, noon), length)
    assert calendar.label(period, running.end) == following


def test_a_change_at_the_last_millisecond_of_a_day_counts_from_its_end_and_one_at_the_first_a_day_later() -> None:
    midnight = utc(2026, 11, 21, 23)  # in Berlin
    early, late = (Calendar(BERLIN).with_zone(KOLKATA, at) for at in (midnight - MILLISECOND, midnight))
    assert early.span(Period.DAY, midnight).end == utc(2026, 11, 22, 18, 30)
    assert late.span(Period.DAY, midnight).end == utc(2026, 11, 22, 23)


def test_to_and_fro_within_a_day_is_as_if_nothing_had_been_set() -> None:
    noon = utc(2026, 11, 21, 12)
    calendar = Calendar(BERLIN).with_zone(FIRST, noon).with_zone(LAST, noon + HOUR).with_zone(BERLIN, noon + 2 * HOUR)
    for period in Period:
        assert calendar.span(period, noon + 3 * HOUR) == Calendar(BERLIN).span(period, noon + 3 * HOUR)


def test_a_day_that_goes_on_for_a_new_zone_is_not_cut_by_the_next_one() -> None:
    """At 3 in the morning of the 22nd in Berlin the 21st still runs, for New York; then Berlin is set again."""
    calendar = Calendar(BERLIN).with_zone(NEW_YORK, utc(2026, 11, 21, 12)).with_zone(BERLIN, utc(2026, 11, 22, 2))
    assert calendar.span(Period.DAY, utc(2026, 11, 22, 2)).end == utc(2026, 11, 22, 5)
    assert calendar.span(Period.DAY, utc(2026, 11, 22, 5)).end == utc(2026, 11, 22, 23)


# --- as a row keeps it ---


@given(calendars())
def test_a_calendar_is_kept_to_the_millisecond(drawn: tuple[Calendar, datetime]) -> None:
    calendar, _ = drawn
    assert calendar_from(calendar.zone.key, history_of(calendar)) == calendar


def test_a_zone_that_was_never_changed_has_no_history() -> None:
    assert (history_of(Calendar(BERLIN)), calendar_from("Europe/Berlin", "")) == ("", Calendar(BERLIN))


def test_a_history_stays_short_however_often_the_zone_is_set() -> None:
    calendar, at = Calendar(BERLIN), utc(2026, 1, 1)
    for count in range(300):
        at += timedelta(hours=12)
        calendar = calendar.with_zone(ODD_ZONES[count % 7], at)
    assert len(calendar.changes) <= 201
    assert len(history_of(calendar)) < 10_000


def test_a_clock_that_was_ahead_does_not_put_changes_out_of_order() -> None:
    calendar = Calendar(BERLIN).with_zone(KOLKATA, utc(2026, 11, 21)).with_zone(NEW_YORK, utc(2026, 11, 19))
    assert [change.at for change in calendar.changes] == sorted(change.at for change in calendar.changes)
    assert calendar.zone is NEW_YORK
