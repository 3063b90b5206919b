"""What somebody may still use here and now: their limits with what was carried over and granted, and what is used.

Read for people to see. What counts is what the books find at the hold (core/ledger/in_force.py), by the same functions.
"""

from dataclasses import dataclass

from core.people import Member, Place
from core.periods import Moment
from core.policy import Ruling, counter_before, decide, limits_of, targets_of
from core.ports import Clock, Policies, Reports
from core.quota import UNLIMITED, Limit, Scope, Totals, in_force, lowest


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
        """The same with every limit, and what is used of it."""
        ruling, moment = await self.ruling(member, place), Moment(member.team.calendar, self._clock.now())
        limits = limits_of(ruling, moment, member.team.id)
        before = {limit: counter_before(limit, ruling, moment, joined_at=member.joined_at) for limit in limits}
        counters = await self._reports.counters({limit.counter_id for limit in limits} | set(before.values()))
        used = {limit.counter_id: counters.get(limit.counter_id, Totals()) for limit in limits}
        told = [
            in_force(
                limit,
                used[limit.counter_id],
                counters.get(counter),
                carry_at_most=ruling.carry_at_most(limit.scope) if counter else 0,
            )
            for limit, counter in before.items()
        ]
        return Allowance(ruling, tuple((limit, used[limit.counter_id]) for limit in lowest(told)))
