"""What a member is shown about money: their month, the team wallet, and how long it lasts."""

from datetime import timedelta

from core.people import Member
from core.ports import Clock, Reports
from core.quota import Limit, Scope, month_label, next_month_starts
from core.reports import Balance, CounterReport


class Balances:
    """Answers /balance."""

    def __init__(self, reports: Reports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def of(self, member: Member) -> Balance:
        """A member's balance now."""
        now, zone = self._clock.now(), member.team.zone
        limit_nanos = member.effective_month_limit_nanos
        month = Limit(Scope.MEMBER_MONTH, member.id, month_label(now, zone), limit_nanos)
        used: CounterReport = await self._reports.counter(month.counter_id)
        wallet = await self._reports.wallet(member.team.wallet_id)
        days_left = None
        if wallet.spending_since is not None and wallet.spent_nanos > 0:
            # A first day of use says little: a pace is told from a whole day at least.
            spending = max(now - wallet.spending_since, timedelta(days=1))
            days_left = wallet.balance_nanos * int(spending.total_seconds()) // (wallet.spent_nanos * 86_400)
        return Balance(
            month_used_nanos=used.used,
            month_held_nanos=used.held,
            month_limit_nanos=limit_nanos,
            renews_on=next_month_starts(now, zone),
            wallet=wallet,
            days_left=days_left,
            team_frozen=member.team.frozen,
            member_frozen=member.frozen,
        )
