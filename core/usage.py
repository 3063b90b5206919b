"""What was asked this month: by one member, or by the whole team."""

from core.people import Member
from core.periods import Period
from core.ports import Clock, Reports
from core.reports import MonthUsage


class Usages:
    """Answers /usage."""

    def __init__(self, reports: Reports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def of(self, member: Member) -> MonthUsage:
        """A member's month; an admin sees the team's too, without names."""
        month = member.team.calendar.span(Period.MONTH, self._clock.now())
        first, since = month.first_day, month.start
        mine = await self._reports.spending(member.team.id, member.ids, since)
        team = await self._reports.spending(member.team.id, (), since) if member.admin else None
        return MonthUsage(first, mine, team)
