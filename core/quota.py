"""Limits that a hold carries, the counters they bound, and the local periods that the counters run over."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Measure(StrEnum):
    """What a counter counts: how a hold takes from it, and what stays when the hold is closed."""

    SPEND = "spend"  # takes the held nanos; the charged nanos stay
    IN_FLIGHT = "in_flight"  # takes one; nothing stays
    ABSORBED = "absorbed"  # takes nothing; what the operator paid for it stays


class Scope(StrEnum):
    """Whose counter it is, and over which period its label runs."""

    MEMBER_MONTH = "member_month"
    MEMBER_IN_FLIGHT = "member_in_flight"
    MEMBER_DAY_ABSORBED = "member_day_absorbed"

    @property
    def measure(self) -> Measure:
        """What counters of this scope count."""
        return _MEASURES[self]


_MEASURES = {
    Scope.MEMBER_MONTH: Measure.SPEND,
    Scope.MEMBER_IN_FLIGHT: Measure.IN_FLIGHT,
    Scope.MEMBER_DAY_ABSORBED: Measure.ABSORBED,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so much on one counter: `subject` is whose, `label` which period ("2026-11", "" for none).

    `at_most` is in nano-dollars, or in asks where the scope counts asks. Equality is allowed.
    """

    scope: Scope
    subject: str
    label: str
    at_most: int

    @property
    def counter_id(self) -> str:
        """The counter's id. It holds no space: a hold stores the ids of its counters with spaces between."""
        return f"{self.scope}:{self.subject}:{self.label}"


def day_label(now: datetime, zone: ZoneInfo) -> str:
    """The team's local day that an instant falls on: "2026-11-21"."""
    return now.astimezone(zone).date().isoformat()


def month_label(now: datetime, zone: ZoneInfo) -> str:
    """The team's local month that an instant falls in: "2026-11"."""
    return day_label(now, zone)[:7]


def next_month_starts(now: datetime, zone: ZoneInfo) -> date:
    """The local day on which a used-up monthly limit is whole again."""
    today = now.astimezone(zone).date()
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def instant_of(day: date, zone: ZoneInfo) -> datetime:
    """The first existing instant of a local day, in UTC.

    Some zones skip midnight when their clocks change: read by the offset before, it is the instant of the change.
    Of two midnights it is the first. (Both are what Python's `fold=0` means.)
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
