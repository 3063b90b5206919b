"""Days, weeks and months in a team's time zone: every instant belongs to exactly one of each.

A period is a half-open interval of instants that begins at the first existing instant of its first local day. Where a
team changes its zone, the period that runs is counted to its end; the next one begins in the new zone, and no period
begins twice. docs/decisions/0018.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.moments import from_ms, to_ms

_MOMENT, _MILLISECOND = timedelta(microseconds=1), timedelta(milliseconds=1)
REMEMBERED = timedelta(days=100)
"""How long a change of zone is kept: it bears on the month in which it was made and on the next one, and what is left
of a month is asked for until the one after it is over. (31 + 31 + 31 days, and the hours between zones.)"""


class Period(StrEnum):
    """How long what is used counts against a limit."""

    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """At this moment somebody set this zone."""

    at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, the local day it is named after, and its instants from `start` until before `end`."""

    label: str
    first_day: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """A team's periods. `first_zone` is where it began; `changes` are in the order in which they were made."""

    first_zone: ZoneInfo
    changes: tuple[ZoneChange, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that was set last: the one in which people read times."""
        return self.changes[-1].zone if self.changes else self.first_zone

    def span(self, period: Period, now: datetime) -> Span:
        """The period that an instant belongs to. Labels ("2026-11-21", "2026-W47", "2026-11") grow with time."""
        return _span_of_second(self, period, now.replace(microsecond=0))

    def before(self, period: Period, now: datetime) -> Span:
        """The period before the one that an instant belongs to."""
        return self.span(period, self.span(period, now).start - _MOMENT)

    def as_far_before(self, period: Period, span: Span, now: datetime) -> Span:
        """The period before one; while that one runs, as much of it as there is of that one by now."""
        whole = self.before(period, span.start)
        return whole if span.end <= now else replace(whole, end=min(whole.end, whole.start + (now - span.start)))

    def days(self, start: datetime, end: datetime) -> tuple[Span, ...]:
        """The days of a stretch, together all of it: of the first and the last only what is in it."""
        days: list[Span] = []
        while start < end:
            day = self.span(Period.DAY, start)
            days.append(replace(day, start=start, end=min(day.end, end)))
            start = day.end
        return tuple(days)

    def last_day(self, span: Span) -> date:
        """The local day of a period's last instant."""
        return self.span(Period.DAY, span.end - _MOMENT).first_day

    def label(self, period: Period, now: datetime) -> str:
        """The name of the period that an instant belongs to."""
        return self.span(period, now).label

    def with_zone(self, zone: ZoneInfo, now: datetime) -> "Calendar":
        """This calendar with a zone that is set now. It stays short: what bears on no period any more is left out."""
        first, changes = self.first_zone, self.changes
        now = max([now, *(change.at for change in changes)])  # a clock may have been ahead
        if changes and _never_counted(self, now):
            changes = changes[:-1]
        while changes and now - changes[0].at > REMEMBERED:
            first, changes = changes[0].zone, changes[1:]
        return Calendar(first, (*changes, ZoneChange(now, zone)))


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in a team's calendar."""

    calendar: Calendar
    at: datetime

    def label(self, period: Period | None) -> str:
        """The name of the period that runs; empty for what never begins anew."""
        return self.calendar.label(period, self.at) if period is not None else ""

    def span(self, period: Period) -> Span:
        """The period that runs."""
        return self.calendar.span(period, self.at)

    def before(self, period: Period) -> Span:
        """The period before it."""
        return self.calendar.before(period, self.at)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From `since` on (None: always) periods are those of this zone.

    The period before it is named after the day `after`, and by the zone it was counted in it is over at `was_over`.
    """

    zone: ZoneInfo
    since: datetime | None = None
    after: date = date.min
    was_over: datetime | None = None


@lru_cache(maxsize=1024)
def _stretches(calendar: Calendar, period: Period) -> tuple[_Stretch, ...]:
    """Which zone counts from when: each from the end of the period that it was set in."""
    stretches: tuple[_Stretch, ...] = (_Stretch(calendar.first_zone),)
    for change in calendar.changes:
        running, over, last = _span(period, change.at, stretches), None, stretches[-1]
        if last.since is not None and last.was_over is not None and last.since > change.at:
            # Set again before it counted: as if it had not been set, unless the period goes on for it already.
            over = last.was_over if change.at < last.was_over else last.since
            stretches = stretches[:-1]
        over = over or running.end
        since = over
        if first_day_of(period, local_day(over, change.zone)) <= running.first_day:  # there it is still the same period
            since = instant_of(next_first_day(period, running.first_day), change.zone)
        stretches += (_Stretch(change.zone, since, running.first_day, over),)
    return stretches


@lru_cache(maxsize=4096)
def _span_of_second(calendar: Calendar, period: Period, second: datetime) -> Span:
    """All of a second is in one period: they begin on whole seconds. Many holds ask for the same one."""
    return _span(period, second, _stretches(calendar, period))


def _span(period: Period, now: datetime, stretches: tuple[_Stretch, ...]) -> Span:
    place = len(stretches) - 1
    while (since := stretches[place].since) is not None and since > now:
        place -= 1
    zone, following = stretches[place].zone, stretches[place + 1 : place + 2]
    first = first_day_of(period, local_day(now, zone))
    if following and following[0].since is not None and first >= following[0].after:  # the last one before a new zone
        first, end = following[0].after, following[0].since
    else:
        end = instant_of(next_first_day(period, first), zone)
    start = instant_of(first, zone)
    return Span(label_of(period, first), first, start if since is None else max(start, since), end)


def _never_counted(calendar: Calendar, now: datetime) -> bool:
    """Whether no period has been over since the last change."""
    last = (_stretches(calendar, period)[-1] for period in Period)
    return all(stretch.was_over is not None and now < stretch.was_over for stretch in last)


def first_day_of(period: Period, day: date) -> date:
    """The first day of the period that a day belongs to."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)


def next_first_day(period: Period, first: date) -> date:
    """The first day of the period after the one that begins on `first`."""
    match period:
        case Period.DAY:
            return first + timedelta(days=1)
        case Period.WEEK:
            return first + timedelta(days=7)
        case Period.MONTH:
            return (first + timedelta(days=32)).replace(day=1)


def label_of(period: Period, first: date) -> str:
    """The name of the period that begins on a day: "2026-11-21", "2026-W47" (ISO 8601) or "2026-11"."""
    match period:
        case Period.DAY:
            return first.isoformat()
        case Period.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        case Period.MONTH:
            return first.isoformat()[:7]


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The local day that an instant belongs to. Where clocks go back over midnight, the day that has begun goes on."""
    day = now.astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    return tomorrow if now >= instant_of(tomorrow, zone) else day


@lru_cache(maxsize=4096)
def instant_of(day: date, zone: ZoneInfo) -> datetime:
    """The first existing instant of a local day, in UTC: of two midnights the first.

    Where clocks skip midnight, it is the instant at which they do (a day that is skipped whole begins and ends there).
    """
    return instant_at(day, time.min, zone)


def instant_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first existing instant at which clocks show this local time or a later one, in UTC: of two the first."""
    local = datetime.combine(day, at, tzinfo=zone)
    first = local.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    # It is skipped. Read by the offset after the change, it is before it; by the offset before, at it or after it.
    early, late = local.replace(fold=1).astimezone(UTC), first
    while late - early > _MILLISECOND:
        middle = early + (late - early) // 2
        reached = middle.astimezone(zone).replace(tzinfo=None) >= local.replace(tzinfo=None)
        early, late = (early, middle) if reached else (middle, late)
    return late.replace(microsecond=0)


@lru_cache(maxsize=1024)
def calendar_from(zone: str, zones: str) -> Calendar:
    """A team's calendar as its row keeps it: the zone that was set last, and the history that `history_of` wrote."""
    first, *rest = zones.split() or [zone]
    changes = zip(rest[::2], rest[1::2], strict=True)
    return Calendar(
        ZoneInfo(first),
        tuple(ZoneChange(from_ms(int(at_ms)), ZoneInfo(name)) for at_ms, name in changes),
    )


def history_of(calendar: Calendar) -> str:
    """The zones of a calendar in one text, with the milliseconds at which they were set; empty where none was."""
    if not calendar.changes:
        return ""
    said = (f"{to_ms(change.at)} {change.zone.key}" for change in calendar.changes)
    return " ".join((calendar.first_zone.key, *said))
