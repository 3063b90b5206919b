"""Which month somebody typed: one of a team's calendar, or one of UTC, as providers bill them."""

import re
from datetime import UTC, datetime

from core.errors import BadInput
from core.periods import Calendar, Period, Span

LAST = "last"
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
"""Years before 2000 are typing mistakes; and calendars of long ago have no such months."""
_MID = 15
"""A day of every month that is in no other one, wherever its zone puts its ends."""


def month_called(calendar: Calendar, typed: str, now: datetime) -> Span:
    """The month that was typed: "2026-11", "last", or nothing for the one that runs. `BadInput` says how to type it."""
    name = typed.strip().casefold()
    running = calendar.span(Period.MONTH, now)
    if not name:
        return running
    if name == LAST:
        return calendar.before(Period.MONTH, now)
    if _MONTH.fullmatch(name) is None:
        raise BadInput(f'"{typed.strip()[:40]}" is not a month. Type one like {running.label}, or last.')
    if name > running.label:
        raise BadInput(f"{name} has not begun yet: {running.label} runs.")
    return calendar.span(Period.MONTH, datetime(*_parts(name), _MID, tzinfo=UTC))


def utc_month_called(typed: str, now: datetime) -> str:
    """The month of UTC that was typed, one that runs or is over: "2026-11". `BadInput` says how to type it."""
    name, running = typed.strip(), f"{now:%Y-%m}"
    if _MONTH.fullmatch(name) is None:
        raise BadInput(f'"{typed[:40]}" is not a month. Type one like {running}. Nothing was recorded.')
    if name > running:
        raise BadInput(f"{name} has not begun yet, in UTC. Nothing was recorded.")
    return name


def utc_month(label: str) -> tuple[datetime, datetime]:
    """A month of UTC: from its first instant until before the next one's."""
    year, month = _parts(label)
    return datetime(year, month, 1, tzinfo=UTC), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _parts(label: str) -> tuple[int, int]:
    year, _, month = label.partition("-")
    return int(year), int(month)
