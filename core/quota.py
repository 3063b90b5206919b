"""Limits that a hold carries, and the counters they bound."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from core.money import MAX_TOTAL_NANOS
from core.periods import Period

UNLIMITED = MAX_TOTAL_NANOS
"""`Limit.at_most` where nothing is set: what is used is counted all the same."""


class Measure(StrEnum):
    """What a counter counts: how a hold takes from it, and what stays when the hold is closed."""

    SPEND = "spend"  # takes the held nanos; the charged nanos stay
    IN_FLIGHT = "in_flight"  # takes one; nothing stays
    ABSORBED = "absorbed"  # takes nothing; what the operator paid for it stays
    EACH = "each"  # bounds one hold alone: there is no counter
    TOPPED_UP = "topped_up"  # no hold touches it: what top-ups recorded stays


class Scope(StrEnum):
    """Whose counter it is, and over which period its label runs."""

    MEMBER_DAY = "member_day"
    MEMBER_WEEK = "member_week"
    MEMBER_MONTH = "member_month"
    CHANNEL_DAY = "channel_day"
    CHANNEL_WEEK = "channel_week"
    CHANNEL_MONTH = "channel_month"
    THREAD = "thread"
    ASK = "ask"
    MEMBER_IN_FLIGHT = "member_in_flight"
    MEMBER_DAY_ABSORBED = "member_day_absorbed"
    TEAM_MONTH_TOPPED_UP = "team_month_topped_up"
    TEAM_MONTH_REFILLED = "team_month_refilled"

    @property
    def measure(self) -> Measure:
        """What counters of this scope count."""
        return _MEASURES.get(self, Measure.SPEND)

    @property
    def period(self) -> Period | None:
        """The period after which it is counted anew; None where it never is."""
        return _PERIODS.get(self)


_MEASURES = {
    Scope.ASK: Measure.EACH,
    Scope.MEMBER_IN_FLIGHT: Measure.IN_FLIGHT,
    Scope.MEMBER_DAY_ABSORBED: Measure.ABSORBED,
    Scope.TEAM_MONTH_TOPPED_UP: Measure.TOPPED_UP,
    Scope.TEAM_MONTH_REFILLED: Measure.TOPPED_UP,
}
_PERIODS = {
    Scope.MEMBER_DAY: Period.DAY,
    Scope.MEMBER_WEEK: Period.WEEK,
    Scope.MEMBER_MONTH: Period.MONTH,
    Scope.CHANNEL_DAY: Period.DAY,
    Scope.CHANNEL_WEEK: Period.WEEK,
    Scope.CHANNEL_MONTH: Period.MONTH,
    Scope.MEMBER_DAY_ABSORBED: Period.DAY,
    Scope.TEAM_MONTH_TOPPED_UP: Period.MONTH,
    Scope.TEAM_MONTH_REFILLED: Period.MONTH,
}


@dataclass(frozen=True, slots=True)
class SetBy:
    """Who set something, for whom, and when (UTC milliseconds). `target` is one of core/policy; `by` may be empty:
    not known, or nobody but the defaults."""

    target: str
    by: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so much on one counter: `subject` is whose, `label` which period ("2026-11", "" for none).

    `at_most` is in nano-dollars, or in asks where the scope counts asks. Equality is allowed. It has in it what was
    `carried` over from the period before and what admins `granted` on top. Nothing of that comes on a `final` one: it
    is a member's own.
    """

    scope: Scope
    subject: str
    label: str
    at_most: int
    carried: int = 0
    granted: int = 0
    set_by: SetBy | None = field(default=None, compare=False)
    final: bool = False

    @property
    def counter_id(self) -> str:
        """The counter's id. It holds no space: a hold stores the ids of its counters with spaces between."""
        return counter_id_of(self.scope, self.subject, self.label)


def counter_id_of(scope: Scope, subject: str, label: str) -> str:
    """The id of a counter; a subject comes from `subject_of` where a platform named it."""
    return f"{scope}:{subject}:{label}"


@lru_cache(maxsize=1024)
def subject_of(team_id: str, *names: str) -> str:
    """A counter's subject from what a platform calls a place of a team: one for each place, without spaces or quotes.

    It holds a hash of the names: the channel of a direct message is a person, and counters stay when that one is
    forgotten.
    """
    team = quote(team_id, safe="-._~:")
    if not names:
        return team
    place = "\n".join(f"{len(name)} {name}" for name in (team_id, *names))
    return f"{team}/{hashlib.sha256(place.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


CARRIED_FOR = (Scope.MEMBER_DAY, Scope.MEMBER_WEEK, Scope.MEMBER_MONTH)
"""Of which limits something can be carried over."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a counter says, in nano-dollars or asks.

    `granted` was given on top by admins; `limited_to` is the limit at its last hold without that, 0 without one.
    """

    used: int = 0
    held: int = 0
    granted: int = 0
    limited_to: int = 0


def carried_over(limit_now: int, last: Totals | None, *, at_most: int) -> int:
    """What is left of the period before, as far as it may go on; `last` is its counter, None where nothing was asked.

    What its open holds keep aside is not left yet, and what was granted ended with it. Of a period without an ask, or
    without a limit, what is left is told by the limit as it is now.
    """
    if last is None:
        return max(0, min(at_most, limit_now))
    limit_then = limit_now if last.limited_to in (0, UNLIMITED) else last.limited_to
    return max(0, min(at_most, limit_then - last.used - last.held))


def in_force(limit: Limit, counter: Totals, last: Totals | None, *, carry_at_most: int) -> Limit:
    """A limit with what counts on top of it now: what was carried over, at most so much, and what was granted."""
    if limit.final or limit.scope.measure is not Measure.SPEND or limit.at_most == UNLIMITED:
        return limit
    carried = carried_over(limit.at_most, last, at_most=carry_at_most)
    return replace(limit, at_most=limit.at_most + carried + counter.granted, carried=carried, granted=counter.granted)


def lowest(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """One limit a counter: where several bound it, the lowest; of equal ones the first."""
    by_counter: dict[str, Limit] = {}
    for limit in limits:
        known = by_counter.get(limit.counter_id)
        if known is None or limit.at_most < known.at_most:
            by_counter[limit.counter_id] = limit
    return tuple(by_counter.values())
