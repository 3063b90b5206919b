"""Every local week is told once, after its end, whatever clocks and zones do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.digest.schedule import (
    BOOKED_WITHIN,
    DAYS,
    MONDAY_MORNING,
    Schedule,
    due_at,
    newest_due,
    next_due,
    parse_schedule,
    schedule_of,
)
from core.errors import BadInput
from core.periods import Calendar, Period, Span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY_MIDNIGHT = Schedule(4, time(0))
ZONES = (
    *("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Lord_Howe", "Africa/Cairo"),
    *("Asia/Kolkata", "Pacific/Apia", "UTC"),
)
FAR = (*ZONES, "Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns", "Asia/Tehran")
SCHEDULES = st.builds(Schedule, st.integers(0, 6), st.times().map(lambda at: at.replace(second=0, microsecond=0)))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def ticks(begin: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    now = begin
    while now < end:
        yield now
        now += every


def told_by_a_clock(
    calendar: Calendar, schedule: Schedule, begin: datetime, end: datetime, every: timedelta = 5 * HOUR
) -> list[tuple[datetime, Span]]:
    """What a process tells that looks again and again: a week that it told it never tells twice."""
    told: dict[str, tuple[datetime, Span]] = {}
    for now in ticks(begin, end, every):
        week = newest_due(calendar, now, schedule)
        told.setdefault(week.label, (now, week))
    return list(told.values())


@pytest.mark.parametrize("schedule", [MONDAY_MORNING, FRIDAY_MIDNIGHT, Schedule(6, time(2, 30))], ids=str)
@pytest.mark.parametrize("zone", ZONES)
def test_every_local_week_of_years_is_told_once_in_the_week_after_it(zone: str, schedule: Schedule) -> None:
    begin = utc(2010, 6, 1) if zone == "Pacific/Apia" else utc(2024, 1, 1)
    calendar = Calendar(ZoneInfo(zone))
    told = told_by_a_clock(calendar, schedule, begin, begin + 2 * 366 * DAY)
    for (_, one), (at, following) in pairwise(told):
        assert one.end == following.start
        assert following.first_day - one.first_day == 7 * DAY
        running = calendar.span(Period.WEEK, at)
        assert running.start == following.end <= due_at(calendar, running, schedule) <= at < running.end
    assert len(told) in (105, 106)


def test_a_week_with_a_change_of_clocks_is_told_once_with_all_of_its_hours() -> None:
    lengths = {
        (zone, (week.end - week.start) / HOUR)
        for zone in ZONES
        for _, week in told_by_a_clock(Calendar(ZoneInfo(zone)), MONDAY_MORNING, utc(2026, 1, 1), utc(2027, 1, 1), DAY)
    }
    both = {"Europe/Berlin", "America/New_York", "America/Los_Angeles", "Africa/Cairo"}
    assert {zone for zone, hours in lengths if hours == 167} == both == {zone for zone, h in lengths if h == 169}
    assert {hours for zone, hours in lengths if zone == "Australia/Lord_Howe"} == {167.5, 168, 168.5}
    assert {hours for zone, hours in lengths if zone in ("Asia/Kolkata", "UTC")} == {168}


def test_the_friday_that_was_never_in_apia_is_told_at_the_first_moment_after_it() -> None:
    calendar = Calendar(ZoneInfo("Pacific/Apia"))
    running = calendar.span(Period.WEEK, utc(2011, 12, 28))
    assert (running.end - running.start) / HOUR == 144
    assert due_at(calendar, running, Schedule(4, time(17))) == utc(2011, 12, 30, 10)  # Saturday, 0:00


@pytest.mark.parametrize(
    ("zone", "schedule", "within", "due"),
    [
        ("Europe/Berlin", MONDAY_MORNING, utc(2026, 11, 24), utc(2026, 11, 23, 8)),
        ("Europe/Berlin", MONDAY_MORNING, utc(2026, 6, 24), utc(2026, 6, 22, 7)),
        ("Europe/Berlin", Schedule(6, time(2, 30)), utc(2026, 3, 25), utc(2026, 3, 29, 1)),  # there is no 2:30: at 3:00
        ("Europe/Berlin", Schedule(6, time(2, 30)), utc(2026, 10, 21), utc(2026, 10, 25, 0, 30)),  # the first of two
        ("America/New_York", Schedule(6, time(1, 30)), utc(2026, 10, 29), utc(2026, 11, 1, 5, 30)),
        ("America/Los_Angeles", Schedule(6, time(2)), utc(2026, 3, 5), utc(2026, 3, 8, 10)),
        (
            "Australia/Lord_Howe",
            Schedule(6, time(2, 15)),
            utc(2026, 10, 1),
            utc(2026, 10, 3, 15, 30),
        ),  # 2:30, half an h
        ("Africa/Cairo", FRIDAY_MIDNIGHT, utc(2026, 4, 22), utc(2026, 4, 23, 22)),  # there is no midnight: at 1:00
        ("Africa/Cairo", FRIDAY_MIDNIGHT, utc(2026, 10, 28), utc(2026, 10, 29, 22)),
        ("Asia/Kolkata", MONDAY_MORNING, utc(2026, 11, 24), utc(2026, 11, 23, 3, 30)),
        ("UTC", Schedule(0, time(0)), utc(2026, 11, 24), utc(2026, 11, 23, 0, 1)),  # a minute after what it tells of
    ],
)
def test_it_is_due_at_that_local_time_or_the_first_there_is_after_it(
    zone: str, schedule: Schedule, within: datetime, due: datetime
) -> None:
    calendar = Calendar(ZoneInfo(zone))
    assert due_at(calendar, calendar.span(Period.WEEK, within), schedule) == due


@settings(max_examples=25, deadline=None)  # each example drives a clock over months
@given(
    st.sampled_from(FAR),
    st.lists(st.tuples(st.integers(0, 60 * 24), st.sampled_from(FAR)), max_size=4),
    SCHEDULES,
)
def test_admins_who_change_the_zone_and_the_time_still_read_each_week_once(
    first: str, changes: list[tuple[int, str]], schedule: Schedule
) -> None:
    begin, end = utc(2026, 9, 1), utc(2026, 12, 1)
    calendar, told = Calendar(ZoneInfo(first)), dict[str, Span]()
    waiting = sorted((begin + 7 * DAY + hours * HOUR, zone) for hours, zone in changes)
    for now in ticks(begin, end, 7 * HOUR):
        while waiting and waiting[0][0] <= now:
            at, zone = waiting.pop(0)
            calendar = calendar.with_zone(ZoneInfo(zone), at)
        week = newest_due(calendar, now, schedule)
        assert week.end + BOOKED_WITHIN <= now
        if not told or week.start >= list(told.values())[-1].end:  # what was told is not told again
            told[week.label] = week
    for one, following in pairwise(told.values()):
        assert one.end == following.start
        assert following.first_day - one.first_day == 7 * DAY


@given(st.sampled_from(FAR), SCHEDULES, st.integers(0, 400 * 24 * 60))
def test_the_next_one_comes_within_two_weeks_and_not_before_it_is_due(
    zone: str, schedule: Schedule, minute: int
) -> None:
    calendar, now = Calendar(ZoneInfo(zone)), utc(2026, 1, 1) + timedelta(minutes=minute)
    due = next_due(calendar, now, schedule)
    assert now < due <= now + 15 * DAY
    before, after = (newest_due(calendar, at, schedule) for at in (due - timedelta(seconds=1), due))
    assert before.label < after.label
    assert newest_due(calendar, now, schedule) == before


@pytest.mark.parametrize(
    ("typed", "schedule"),
    [
        ("friday 17:00", Schedule(4, time(17))),
        ("mon 9", MONDAY_MORNING),
        ("Mondays at 9:00", MONDAY_MORNING),
        ("TUE, 08.15", Schedule(1, time(8, 15))),
        ("thurs 5 pm", Schedule(3, time(17))),
        ("su 12am", Schedule(6, time(0))),
        ("wed noon", Schedule(2, time(12))),
        ("sat", Schedule(5, time(9))),
        ("7:30", Schedule(0, time(7, 30))),
        ("off", None),
    ],
)
def test_days_and_times_are_read_as_people_type_them(typed: str, schedule: Schedule | None) -> None:
    assert parse_schedule(typed) == schedule


@pytest.mark.parametrize(
    "typed",
    ["", "t 9", "s", "someday 9", "fri 25:00", "fri 9:60", "fri 13pm", "fri 0am", "fri -1", "fri 9 o'clock", "٣"],
)
def test_what_may_mean_something_else_is_not_guessed(typed: str) -> None:
    with pytest.raises(BadInput, match="friday 17:00"):
        parse_schedule(typed)


@given(SCHEDULES)
def test_what_is_kept_is_read_back(schedule: Schedule) -> None:
    assert schedule_of(str(schedule)) == schedule


def test_nothing_kept_and_nothing_readable_is_monday_morning() -> None:
    assert schedule_of("") == schedule_of("whenever") == Schedule(DAYS.index("Monday"), time(9))
    assert schedule_of("off") is None
    assert due_at(
        Calendar(ZoneInfo("UTC")), Calendar(ZoneInfo("UTC")).span(Period.WEEK, utc(2026, 11, 24)), MONDAY_MORNING
    ) == utc(2026, 11, 23, 9)
    assert date(2026, 11, 23).weekday() == 0
