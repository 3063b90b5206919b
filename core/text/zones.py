"""The team's time zone, in words."""

from core.people import TeamZone
from core.periods import Period
from core.text.wording import clock_time


def zone_lines(told: TeamZone) -> tuple[str, ...]:
    """The zone, and when limits begin anew."""
    return (f"The team's time zone is {told.zone.key}.", _begins(told))


def zone_set_lines(told: TeamZone) -> tuple[str, ...]:
    """What setting it did."""
    if not told.changed:
        return (f"The team's time zone is {told.zone.key} already; nothing was changed.", _begins(told))
    return (
        f"The team's time zone is {told.zone.key} now. What runs is counted to its end: no limit begins twice.",
        _begins(told),
    )


def _begins(told: TeamZone) -> str:
    day, week, month = (clock_time(told.begins[period], told.zone) for period in Period)
    return f"Limits begin anew: a day's on {day}; a week's on {week}; a month's on {month}."
