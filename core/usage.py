"""What was asked and spent: by one member, by all of their accounts together, or for admins by the whole team."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from core.errors import NotAllowed
from core.people import Member, Team
from core.periods import Span
from core.ports import Clock, People, SpendBooks
from core.text import usage as words
from core.usage_asked import UsageAsked, Used, Whose
from core.usage_figures import used_in


class Usages:
    """Answers /usage. Money belongs to the moment at which an ask ended (core/spending.py)."""

    def __init__(self, spending: SpendBooks, people: People, clock: Clock) -> None:
        self._spending = spending
        self._people = people
        self._clock = clock

    async def of(self, member: Member, asked: UsageAsked | None = None) -> tuple[Used, ...]:
        """What they asked for; where an admin does not say whose, their own and then the team's.

        `NotAllowed` for who asks for the team's and is no admin.
        """
        asked, now = asked or UsageAsked(), self._clock.now()
        if asked.whose in (Whose.TEAM, Whose.MEMBERS):
            if not member.admin:
                raise NotAllowed(words.FOR_ADMINS)
            return (await self._used(member.team, asked, now),)
        mine = await self._used(member.team, asked, now, member.ids)
        if asked.whose is Whose.ME or not member.admin:
            return (mine,)
        return mine, await self._used(member.team, replace(asked, whose=Whose.TEAM), now)

    async def _used(self, team: Team, asked: UsageAsked, now: datetime, member_ids: Collection[str] = ()) -> Used:
        span = _span(team, asked, now)
        books, people = self._spending, self._people
        return await used_in(span, team, asked, now, spending=books, people=people, member_ids=member_ids)


def _span(team: Team, asked: UsageAsked, now: datetime) -> Span:
    calendar = team.calendar
    return calendar.before(asked.period, now) if asked.last else calendar.span(asked.period, now)
