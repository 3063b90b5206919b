"""What somebody may still use here and now: their limits with what was carried over and granted, and what is used.

Read for people to see. What counts is what the books find at the hold (core/ledger/in_force.py), by the same functions.
"""

from dataclasses import dataclass

from core.people import Member, Place
from core.periods import Moment
from core.policy import Ruling, counter_before, decide, limits_of, targets_of
from core.ports import Clock, Policies, Reports
from core.quota import UNLIMITED, Limit, Scope, Totals, in_force, lowest
from core.together import added_up, counters_beside


@dataclass(frozen=True, slots=True)
class Allowance:
    """What applies to a member in a place, and how much of each limit is used."""

    ruling: Ruling
    limits: tuple[tuple[Limit, Totals], ...]

    def of(self, scope: Scope) -> tuple[Limit, Totals] | None:
        """One limit and what is used of it; None where there is none."""
        return next((each for each in self.limits if each[0].scope is scope), None)

    @property
    def month_left_nanos(self) -> int | None:
        """What is left of the member's month; None where nothing limits it."""
        month = self.of(Scope.MEMBER_MONTH)
        if month is None or month[0].at_most == UNLIMITED:
            return None
        limit, used = month
        return max(0, limit.at_most - used.used)


class Allowances:
    """Reads what members may use."""

    def __init__(self, policies: Policies, reports: Reports, clock: Clock) -> None:
        self._policies = policies
        self._reports = reports
        self._clock = clock

    async def ruling(self, member: Member, place: Place) -> Ruling:
        """What applies to a member who asks there now."""
        policies = await self._policies.of(member.team.id, targets_of(member.id, member.asker, place))
        return decide(member.id, member.asker, place, policies)

    async def of(self, member: Member, place: Place) -> Allowance:
        """The same with every limit, and what is used of it: by all accounts that share the member's quota."""
        ruling, moment = await self.ruling(member, place), Moment(member.team.calendar, self._clock.now())
        limits = limits_of(ruling, moment, member.team.id)
        counted = {limit: _counters_of(limit, ruling, moment, member) for limit in limits}
        read = await self._reports.counters({each for now, last in counted.values() for each in (*now, *last)})
        told = []
        for limit, (now, last) in counted.items():
            most = ruling.carry_at_most(limit.scope) if last else 0
            used, before = added_up(map(read.get, now)), added_up(map(read.get, last))
            told.append((in_force(limit, used or Totals(), before, carry_at_most=most), used or Totals()))
        bounds = lowest(limit for limit, _ in told)
        return Allowance(ruling, tuple((limit, next(u for each, u in told if each == limit)) for limit in bounds))


def _counters_of(
    limit: Limit, ruling: Ruling, moment: Moment, member: Member
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The counters that bear on a limit: of the period that runs, and of the one before where something goes on."""
    others, period = member.counts_with, limit.scope.period
    start = moment.at if period is None else moment.span(period).start
    beside = counters_beside(limit.scope, limit.subject, limit.label, own=member.id, accounts=others, start=start)
    before = counter_before(limit, ruling, moment, joined_at=member.joined_at, accounts=others)
    if not before or period is None:
        return (limit.counter_id, *beside), ()
    last = moment.before(period)
    beside_before = counters_beside(
        limit.scope, limit.subject, last.label, own=member.id, accounts=others, start=last.start
    )
    return (limit.counter_id, *beside), (before, *beside_before)
