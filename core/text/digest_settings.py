"""What admins read of how their digest is set."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.digest.settings import DigestSettings, DigestStanding
from core.digest.weeks import ToldWeek
from core.money import format_usd
from core.text.wording import clock_time, period_in_words

HOW = (
    "/admin digest preview shows you the last week, /admin digest now posts the one that runs; "
    "schedule friday 17:00, channel #NAME and seats 20 set it (each also: off)."
)
NO_SUCH = "Type /admin digest, and after it: now, preview, schedule, channel or seats. Nothing was changed."


def standing_lines(standing: DigestStanding, channel: str, zone: ZoneInfo) -> tuple[str, ...]:
    """All that is set, when the next digest comes, and the last one. `channel` is the name of the one it is for."""
    settings = standing.settings
    return (
        when_line(standing, zone),
        where_line(channel),
        seats_line(settings),
        _last(standing.last, zone),
        HOW,
    )


def when_line(standing: DigestStanding, zone: ZoneInfo) -> str:
    """When it comes."""
    schedule = standing.settings.schedule
    if schedule is None:
        return "The weekly digest is off."
    comes = f"The weekly digest comes every {schedule} ({zone.key})"
    if not standing.asked:
        return f"{comes}; the first one after a week in which somebody asked something."
    return f"{comes}; {_next(standing.next_at, zone)}."


def where_line(channel: str) -> str:
    """Who reads it."""
    if not channel:
        return "It is told to the admins, each alone."
    return f"It is posted in {channel}; where Chipin may not write there, the admins read it, each alone."


def on_its_way(channel: str) -> str:
    """The week so far was posted just now."""
    return f"The week so far is on its way to {channel or 'the admins, each alone'}: it is there within a minute."


def seats_line(settings: DigestSettings) -> str:
    """What a seat is taken to cost."""
    if not settings.seat_nanos:
        return "It compares with no seats."
    return f"It compares with seats at {format_usd(settings.seat_nanos)} a member and month."


def _next(at: datetime | None, zone: ZoneInfo) -> str:
    return "the next one now" if at is None else f"the next one on {clock_time(at, zone)}"


def _last(last: ToldWeek | None, zone: ZoneInfo) -> str:
    if last is None:
        return "None was posted yet."
    if last.delivered_at is None:
        return f"The last one, of {_week(last, zone)}, is on its way since {clock_time(last.at, zone)}."
    return f"The last one, of {_week(last, zone)}, was posted on {clock_time(last.delivered_at, zone)}."


def _week(told: ToldWeek, zone: ZoneInfo) -> str:
    sunday = (told.end - timedelta(microseconds=1)).astimezone(zone).date()
    return period_in_words(sunday - timedelta(days=6), sunday)
