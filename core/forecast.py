"""What a team's month will come to, from what its days came to: simple enough to be said in a sentence.

A day to come is taken for a usual one: the mean of the whole days there are, of four weeks at most; from two weeks on
the mean of the same weekday. Today is a usual day, or what it has come to already if that is more. Whole nano-dollars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.people import Team
from core.periods import Calendar, Period, Span
from core.ports import Clock, SpendBooks

LEAST_DAYS = 3
"""Whole days that a forecast rests on at least: one or two of them say nothing of a month."""
DAYS_OF_WEEKDAYS = 14
"""From so many on each weekday is its own: it was there twice at least."""
MOST_DAYS = 28
"""Each weekday four times; what was before says little of how a team asks now."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A team's month: `spent_nanos` so far, and what it will come to; None where too few days are known.

    `days_left` are those of the month that are not over, today with them. `days_known` whole days bear it out, each
    weekday by itself where `by_weekday`.
    """

    month: Span
    spent_nanos: int
    forecast_nanos: int | None
    days_left: int
    days_known: int
    by_weekday: bool = False


class Forecasts:
    """Reads what days came to, and reckons the month."""

    def __init__(self, books: SpendBooks, clock: Clock) -> None:
        self._books = books
        self._clock = clock

    async def of(self, team: Team) -> Forecast:
        """The month that runs, by the team's calendar; what was charged, without what was given back later."""
        return await forecast_at(self._books, team, self._clock.now())


async def forecast_at(books: SpendBooks, team: Team, now: datetime, until: datetime | None = None) -> Forecast:
    """The month that runs at a moment. What was asked from `until` on is not counted: for a moment that is past."""
    calendar = team.calendar
    month, today = calendar.span(Period.MONTH, now), calendar.span(Period.DAY, now)
    first_ask_at = await books.first_ask_at(team.id)
    whole = _whole_days(calendar, today, first_ask_at)
    so_far = today.end if until is None else min(today.end, until)
    spans = [(month.start, today.start), (today.start, so_far), *((day.start, day.end) for day in whole)]
    before, of_today, *known = [spent.cost_nanos for spent in await books.totals(team.id, spans)]
    to_come = calendar.days(today.start, month.end)
    return forecast(month, to_come, before, of_today, tuple(zip(whole, known, strict=True)))


def forecast(
    month: Span, to_come: Sequence[Span], before_nanos: int, today_nanos: int, known: Sequence[tuple[Span, int]]
) -> Forecast:
    """Reckon it. `to_come` are the days from today on, `known` the whole days before today, the newest first.

    `before_nanos` was spent in this month before today.
    """
    spent, by_weekday = before_nanos + today_nanos, len(known) >= DAYS_OF_WEEKDAYS
    if len(known) < LEAST_DAYS:
        return Forecast(month, spent, None, len(to_come), len(known))
    used = known[: len(known) // 7 * 7] if by_weekday else known
    today, *later = [_usual(day, used, by_weekday=by_weekday) for day in to_come]
    most = before_nanos + max(today_nanos, today) + sum(later)
    return Forecast(month, spent, most, len(to_come), len(used), by_weekday)


def _usual(day: Span, known: Sequence[tuple[Span, int]], *, by_weekday: bool) -> int:
    weekday = day.first_day.weekday()
    like = [nanos for each, nanos in known if not by_weekday or each.first_day.weekday() == weekday]
    return sum(like) // len(like) if like else 0


def _whole_days(calendar: Calendar, today: Span, first_ask_at: datetime | None) -> tuple[Span, ...]:
    """Those before today, the newest first; that of the first ask of all is none, for it began some time in it."""
    days: list[Span] = []
    day = calendar.span(Period.DAY, today.start - timedelta(microseconds=1))
    while first_ask_at is not None and len(days) < MOST_DAYS and day.start > first_ask_at:
        days.append(day)
        day = calendar.span(Period.DAY, day.start - timedelta(microseconds=1))
    return tuple(days)
