"""What a member is shown about money: their month, the team wallet, and how long it lasts."""

from datetime import datetime

from core.allowance import Allowance, Allowances
from core.people import Member, Place
from core.periods import Calendar, Period
from core.ports import Clock, Reports
from core.quota import UNLIMITED, Limit, Scope, Totals
from core.reports import Balance, PeriodUse
from core.runway import days_left


class Balances:
    """Answers /balance."""

    def __init__(self, allowances: Allowances, reports: Reports, clock: Clock) -> None:
        self._allowances = allowances
        self._reports = reports
        self._clock = clock

    async def of(self, member: Member, place: Place) -> Balance:
        """A member's balance now, for what they ask there."""
        now, calendar = self._clock.now(), member.team.calendar
        allowance = await self._allowances.of(member, place)
        month, used = _month(allowance)
        wallet = await self._reports.wallet(member.team.wallet_id)
        return Balance(
            month_used_nanos=used.used,
            month_held_nanos=used.held,
            month_limit_nanos=None if month.at_most == UNLIMITED else month.at_most,
            renews_on=calendar.span(Period.MONTH, now).end.astimezone(calendar.zone).date(),
            wallet=wallet,
            days_left=days_left(wallet, now),
            team_frozen=member.team.frozen,
            member_frozen=member.frozen,
            paused_by_operator=member.team.frozen_by_operator if member.team.frozen else member.frozen_by_operator,
            month_carried_nanos=month.carried,
            month_granted_nanos=month.granted,
            beside=_beside(allowance, calendar, now),
        )


def _beside(allowance: Allowance, calendar: Calendar, now: datetime) -> tuple[PeriodUse, ...]:
    """The member's day and week, as far as they are limited."""
    both = ((Period.DAY, Scope.MEMBER_DAY), (Period.WEEK, Scope.MEMBER_WEEK))
    return tuple(
        PeriodUse(
            period,
            used_nanos=used.used,
            held_nanos=used.held,
            limit_nanos=limit.at_most,
            carried_nanos=limit.carried,
            granted_nanos=limit.granted,
            renews_on=calendar.span(period, now).end.astimezone(calendar.zone).date(),
        )
        for period, scope in both
        for limit, used in [found for found in [allowance.of(scope)] if found is not None]
    )


def _month(allowance: Allowance) -> tuple[Limit, Totals]:
    """The month is always counted (core/policy)."""
    month = allowance.of(Scope.MEMBER_MONTH)
    assert month is not None  # noqa: S101 - see above
    return month
