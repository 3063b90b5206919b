"""What a member is shown about money: their month, the team wallet, and how long it lasts."""

from datetime import timedelta

from core.allowance import Allowance, Allowances
from core.people import Member, Place
from core.periods import Period
from core.ports import Clock, Reports
from core.quota import UNLIMITED, Limit, Scope, Totals
from core.reports import Balance


class Balances:
    """Answers /balance."""

    def __init__(self, allowances: Allowances, reports: Reports, clock: Clock) -> None:
        self._allowances = allowances
        self._reports = reports
        self._clock = clock

    async def of(self, member: Member, place: Place) -> Balance:
        """A member's balance now, for what they ask there."""
        now, calendar = self._clock.now(), member.team.calendar
        month, used = _month(await self._allowances.of(member, place))
        wallet = await self._reports.wallet(member.team.wallet_id)
        days_left = None
        if wallet.spending_since is not None and wallet.spent_nanos > 0:
            # A first day of use says little: a pace is told from a whole day at least.
            spending = max(now - wallet.spending_since, timedelta(days=1))
            days_left = wallet.balance_nanos * int(spending.total_seconds()) // (wallet.spent_nanos * 86_400)
        return Balance(
            month_used_nanos=used.used,
            month_held_nanos=used.held,
            month_limit_nanos=None if month.at_most == UNLIMITED else month.at_most,
            renews_on=calendar.span(Period.MONTH, now).end.astimezone(calendar.zone).date(),
            wallet=wallet,
            days_left=days_left,
            team_frozen=member.team.frozen,
            member_frozen=member.frozen,
        )


def _month(allowance: Allowance) -> tuple[Limit, Totals]:
    """The month is always counted (core/policy.py)."""
    month = allowance.of(Scope.MEMBER_MONTH)
    assert month is not None  # noqa: S101
    return month
