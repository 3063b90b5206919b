"""Days, weeks and months in a team's time zone: every instant belongs to exactly one of each.

A period is a half-open interval of instants that begins at the first existing instant of its first local day. Where a
team changes its zone, the period that runs is counted to its end; the next one begins in the new zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_MOMENT = timedelta(microseconds=1)


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
class _Stretch:
    """From `since` on (None: always) periods are those of this zone."""

    since: datetime | None
    zone: ZoneInfo


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
        return _span(period, now, self._stretches(period, now))

    def before(self, period: Period, now: datetime) -> Span:
        """The period before the one that an instant belongs to."""
        return self.span(period, self.span(period, now).start - _MOMENT)

    def label(self, period: Period, now: datetime) -> str:
        """The name of the period that an instant belongs to."""
        return self.span(period, now).label

    def _stretches(self, period: Period, now: datetime) -> list[_Stretch]:
        """Which zone counts from when, as far as it was set by now: each from the end of the period it was set in."""
        stretches = [_Stretch(None, self.first_zone)]
        for change in self.changes:
            if change.at > now:
                break
            while (since := stretches[-1].since) is not None and since > change.at:
                stretches.pop()  # set again before it counted
            stretches.append(_Stretch(_span(period, change.at, stretches).end, change.zone))
        return stretches


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


def _span(period: Period, now: datetime, stretches: list[_Stretch]) -> Span:
    """A period never begins twice: where a new zone is still in one that is over, the one that runs goes on."""
    place = max(n for n, stretch in enumerate(stretches) if stretch.since is None or stretch.since <= now)
    zone, since = stretches[place].zone, stretches[place].since
    first = first_day_of(period, local_day(now, zone))
    start = instant_of(first, zone)
    if since is not None:
        last = _span(period, since - _MOMENT, stretches[:place])
        start = max(start, since)
        if first <= last.first_day:
            first, start = last.first_day, last.start
    end = instant_of(next_first_day(period, first), zone)
    if place + 1 < len(stretches):
        end = _end_before(period, first, stretches[place + 1])
    return Span(label_of(period, first), first, start, end)


def _end_before(period: Period, first: date, following: _Stretch) -> datetime:
    """When a period is over that another zone follows on: at its end, or later if the new zone is not so far."""
    assert following.since is not None  # noqa: S101 - only the first stretch has none
    there = first_day_of(period, local_day(following.since, following.zone))
    return following.since if there > first else instant_of(next_first_day(period, first), following.zone)


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
    if now >= instant_of(day + timedelta(days=1), zone):
        return day + timedelta(days=1)
    return day if now >= instant_of(day, zone) else day - timedelta(days=1)


def instant_of(day: date, zone: ZoneInfo) -> datetime:
    """The first existing instant of a local day, in UTC.

    Some zones skip midnight when their clocks change: read by the offset before, it is the instant of the change.
    Of two midnights it is the first. (Both are what Python's `fold=0` means.)
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def calendar_from(zone: str, zones: str) -> Calendar:
    """A team's calendar as its row keeps it: the zone that was set last, and the history that `history_of` wrote."""
    first, *rest = zones.split() or [zone]
    changes = zip(rest[::2], rest[1::2], strict=True)
    return Calendar(
        ZoneInfo(first),
        tuple(ZoneChange(datetime.fromtimestamp(int(at_ms) / 1000, UTC), ZoneInfo(name)) for at_ms, name in changes),
    )


def history_of(calendar: Calendar) -> str:
    """The zones of a calendar in one text, with the milliseconds at which they were set; empty where none was."""
    if not calendar.changes:
        return ""
    said = (f"{int(change.at.timestamp() * 1000)} {change.zone.key}" for change in calendar.changes)
    return " ".join((calendar.first_zone.key, *said))
