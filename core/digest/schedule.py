"""When a team reads its digest: a day of the week and a time, in the team's zone."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.errors import BadInput
from core.periods import Calendar, Period, Span, instant_at

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFF = "off"
BOOKED_WITHIN = timedelta(minutes=1)
"""A week is told no sooner after its end: what was booked in its last moment stands in the books by then, and a clock
that is a little ahead of the database's loses nothing."""

_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2}))? ?(?P<half>am|pm)?")
_EXAMPLE = "Type a day and a time, like: friday 17:00. Or off, for none. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day (Monday is 0) and a time of it."""

    weekday: int = 0
    at: time = time(9)

    def __str__(self) -> str:
        return f"{DAYS[self.weekday]} {self.at:%H:%M}"


MONDAY_MORNING = Schedule()
"""What applies where admins set nothing else."""


def parse_schedule(typed: str) -> Schedule | None:
    """A day, a time or both, as people type them: "friday 17:00", "mon 9", "5pm"; None for "off". `BadInput` else.

    Without a day it is Monday's, without a time it is at nine.
    """
    words = " ".join(typed.casefold().replace(",", " ").split())
    if words == OFF:
        return None
    first, _, rest = words.partition(" ")
    weekday = _weekday(first)
    said = (words if weekday is None else rest).removeprefix("at ")
    if weekday is None and not said:
        raise BadInput(_EXAMPLE)
    return Schedule(weekday or 0, _time(said) if said else MONDAY_MORNING.at)


def schedule_of(kept: str) -> Schedule | None:
    """What a team's preferences keep (`str` of it, or OFF); what nobody can read any more is as if it were not set."""
    try:
        return parse_schedule(kept) if kept else MONDAY_MORNING
    except BadInput:
        return MONDAY_MORNING


def due_at(calendar: Calendar, week: Span, schedule: Schedule) -> datetime:
    """The instant in `week` at which the week before it is told.

    It is the first existing instant of that local time or after it, and the first of two. Times are read in the zone
    that was set last, a week is as long as it was counted (core/periods): where that puts the instant outside of the
    week, it is told at the week's edge.
    """
    day = week.first_day + timedelta(days=schedule.weekday)
    earliest, latest = week.start + BOOKED_WITHIN, week.end - BOOKED_WITHIN
    return max(earliest, min(instant_at(day, schedule.at, calendar.zone), latest))


def newest_due(calendar: Calendar, now: datetime, schedule: Schedule) -> Span:
    """The newest week that is to be told by now."""
    running = calendar.span(Period.WEEK, now)
    last = calendar.before(Period.WEEK, now)
    return last if now >= due_at(calendar, running, schedule) else calendar.before(Period.WEEK, last.start)


def next_due(calendar: Calendar, now: datetime, schedule: Schedule) -> datetime:
    """When the next one is told after now."""
    running = calendar.span(Period.WEEK, now)
    due = due_at(calendar, running, schedule)
    return due if now < due else due_at(calendar, calendar.span(Period.WEEK, running.end), schedule)


def _weekday(word: str) -> int | None:
    """Which day a word begins, from two letters on: "mo", "thurs", "fridays"."""
    word = word.removesuffix("s") if word.endswith("days") else word
    found = [place for place, day in enumerate(DAYS) if len(word) > 1 and day.casefold().startswith(word)]
    return found[0] if len(found) == 1 else None


def _time(words: str) -> time:
    if words == "noon":
        return time(12)
    found = _TIME.fullmatch(words)
    if found is None:
        raise BadInput(_EXAMPLE)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] is not None:
        if not 1 <= hour <= 12:
            raise BadInput(_EXAMPLE)
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise BadInput(_EXAMPLE)
    return time(hour, minute)
