"""What was asked this month: by one member, or by the whole team."""

from core.people import Member
from core.ports import Clock, Reports
from core.quota import instant_of
from core.reports import MonthUsage


class Usages:
    """Answers /usage."""

    def __init__(self, reports: Reports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def of(self, member: Member) -> MonthUsage:
        """A member's month; an admin sees the team's too, without names."""
        zone = member.team.zone
        first = self._clock.now().astimezone(zone).date().replace(day=1)
        since = instant_of(first, zone)
        mine = await self._reports.spending(member.team.id, member.id, since)
        team = await self._reports.spending(member.team.id, "", since) if member.admin else None
        return MonthUsage(first, mine, team)
