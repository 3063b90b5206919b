"""A member who spends far more in a day than they usually do: told to the team's admins, once for each such day."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from core.defaults import UNUSUAL_FROM_NANOS, UNUSUAL_TIMES, USUAL_NEEDS_DAYS, USUAL_OF_DAYS
from core.people import Member, Team
from core.periods import Period, Span
from core.ports import Clock, Notifier, People, SpendBooks
from core.spending import SpendBy
from core.text.alerts import unusual_day

UNUSUAL = "unusual-day"
_SURELY_OVER = timedelta(hours=1)
"""How long after midnight nothing is added to the day before: clocks may differ, and an answer is written down late."""
_MISSED_DAYS = 7
"""So far back a process looks that was not there: over a weekend, and a few days more. What is older helps nobody."""


Spending = Mapping[str, int]
"""What members spent on one day, by id, in nano-dollars."""


class UnusualSpending:
    """One round is `run`; something like a scheduler calls it again and again.

    The accounts of one person count as one. A usual day is the average of those, of the 30 before, on which they asked:
    who asks once a week is not alarming each time, and a newcomer has no usual day yet. docs/decisions/0040.
    """

    def __init__(self, spending: SpendBooks, people: People, notifier: Notifier, clock: Clock) -> None:
        self._spending = spending
        self._people = people
        self._notifier = notifier
        self._clock = clock
        self._over: dict[str, str] = {}
        self._known: dict[str, dict[str, Spending]] = {}
        """Days that are over, by team and label: nothing is added to them any more."""

    async def run(self) -> None:
        """Look at each team's day, and at those before it not done yet: what was spent before a stop is told after it.

        A `BooksFailed` ends the round; the next one looks again.
        """
        now = self._clock.now()
        for team in await self._people.teams():
            today, yesterday = team.calendar.span(Period.DAY, now), team.calendar.before(Period.DAY, now)
            if self._over.get(team.id) != yesterday.label:
                for day in self._not_done(team, yesterday):
                    await self._look_at(team, day, so_far=False)
                if now - today.start >= _SURELY_OVER:
                    self._over[team.id] = yesterday.label
            await self._look_at(team, today, so_far=True)

    def _not_done(self, team: Team, yesterday: Span) -> Sequence[Span]:
        """Days up to yesterday that this process has not done with, the oldest first."""
        days, done = [yesterday], self._over.get(team.id)
        while len(days) < _MISSED_DAYS:
            before = team.calendar.before(Period.DAY, days[0].start)
            if before.label == done:
                break
            days.insert(0, before)
        return days

    async def _look_at(self, team: Team, day: Span, *, so_far: bool) -> None:
        spent = await self._spent_on(team, day)
        if all(nanos < UNUSUAL_FROM_NANOS for nanos in spent.values()):
            return
        before = await self._days_before(team, day)
        for member in await self._people.members(team):  # who is forgotten is none of them, and is not named
            asked = [nanos for each in before if (nanos := sum(each.get(one, 0) for one in _accounts(member)))]
            nanos = spent.get(member.id, 0)
            if nanos < UNUSUAL_FROM_NANOS or len(asked) < USUAL_NEEDS_DAYS:
                continue
            if nanos * len(asked) >= UNUSUAL_TIMES * sum(asked):
                usual = sum(asked) // len(asked)
                words = unusual_day(
                    member.id, day.first_day, spent_nanos=nanos, usual_nanos=usual, days=len(asked), so_far=so_far
                )
                await self._notifier.post(team, UNUSUAL, f"{member.id}:{day.label}", words)

    async def _days_before(self, team: Team, day: Span) -> Sequence[Spending]:
        """What was spent on each of the days before one, from midnight to midnight there. Asked for once a day."""
        known, found = self._known.get(team.id, {}), {}
        over_by, spans = self._clock.now() - _SURELY_OVER, [day]
        for _ in range(USUAL_OF_DAYS):
            spans.append(team.calendar.before(Period.DAY, spans[-1].start))
        for span in spans[1:]:
            found[span.label] = known[span.label] if span.label in known else await self._spent_on(team, span)
        self._known[team.id] = {span.label: found[span.label] for span in spans[1:] if span.end <= over_by}
        return tuple(found.values())

    async def _spent_on(self, team: Team, day: Span) -> Spending:
        spent = await self._spending.spent(team.id, day.start, day.end, SpendBy.MEMBER)
        return {each.name: each.cost_nanos for each in spent}


def _accounts(member: Member) -> tuple[str, ...]:
    """All of one person. A day that was read before they came together has them apart."""
    return member.id, *(each.member_id for each in member.counts_with if not each.until_ms)
