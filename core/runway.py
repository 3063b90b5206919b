"""How long a wallet lasts."""

from datetime import datetime, timedelta

from core.reports import WalletReport


def days_left(wallet: WalletReport, now: datetime) -> int | None:
    """Whole days at the pace of its spending so far; None while there is no pace to tell it from.

    A first day of use says little: a pace is told from a whole day at least.
    """
    if wallet.spending_since is None or wallet.spent_nanos <= 0:
        return None
    spending = max(now - wallet.spending_since, timedelta(days=1))
    return wallet.balance_nanos * int(spending.total_seconds()) // (wallet.spent_nanos * 86_400)
