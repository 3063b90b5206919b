"""A member who spends far more in a day than they usually do: told to the team's admins, once for each such day."""

from datetime import datetime, timedelta

from core.defaults import UNUSUAL_FROM_NANOS, UNUSUAL_TIMES, USUAL_NEEDS_DAYS, USUAL_OF_DAYS
from core.people import Member, Team
from core.periods import Period, Span
from core.ports import Clock, Notifier, People, SpendBooks
from core.spending import SpendBy
from core.text.alerts import unusual_day

UNUSUAL = "unusual-day"
_SURELY_OVER = timedelta(hours=1)
"""How long after midnight nothing is added to the day before: clocks may differ, and an answer is written down late."""


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

    async def run(self) -> None:
        """Look at each team's day, and at the one before it: what was spent just before a stop is told after it.

        A `BooksFailed` ends the round; the next one looks again.
        """
        now = self._clock.now()
        for team in await self._people.teams():
            today = team.calendar.span(Period.DAY, now)
            yesterday = team.calendar.before(Period.DAY, now)
            if self._over.get(team.id) != yesterday.label:
                await self._look_at(team, yesterday, so_far=False)
                if now - today.start >= _SURELY_OVER:
                    self._over[team.id] = yesterday.label
            await self._look_at(team, today, so_far=True)

    async def _look_at(self, team: Team, day: Span, *, so_far: bool) -> None:
        spent = await self._spending.spent(team.id, day.start, day.end, SpendBy.MEMBER)
        much = {each.name: each.cost_nanos for each in spent if each.cost_nanos >= UNUSUAL_FROM_NANOS}
        if not much:
            return
        for member in await self._people.members(team):  # who is forgotten is none of them, and is not named
            if member.id in much:
                await self._compare(member, day, much[member.id], so_far=so_far)

    async def _compare(self, member: Member, day: Span, spent_nanos: int, *, so_far: bool) -> None:
        team = member.team
        before = await self._spending.totals(team.id, _days_before(team, day), _accounts(member))
        asked = [each.cost_nanos for each in before if each.cost_nanos]
        if len(asked) < USUAL_NEEDS_DAYS or spent_nanos * len(asked) < UNUSUAL_TIMES * sum(asked):
            return
        words = unusual_day(
            member.id,
            day.first_day,
            spent_nanos=spent_nanos,
            usual_nanos=sum(asked) // len(asked),
            days=len(asked),
            so_far=so_far,
        )
        await self._notifier.post(team, UNUSUAL, f"{member.id}:{day.label}", words)


def _accounts(member: Member) -> tuple[str, ...]:
    return member.id, *(each.member_id for each in member.counts_with if not each.until_ms)


def _days_before(team: Team, day: Span) -> tuple[tuple[datetime, datetime], ...]:
    """The team's days before one, from midnight to midnight there: as long as each of them was."""
    spans = []
    for _ in range(USUAL_OF_DAYS):
        day = team.calendar.before(Period.DAY, day.start)
        spans.append((day.start, day.end))
    return tuple(spans)
