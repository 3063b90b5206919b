"""`reverse`: what an ask cost is given back to its team's wallet, beside a running process."""

import argparse

from adapters.store.acts import StoreWhoseAsks
from adapters.store.database import open_store
from adapters.store.notices import StoreNotices
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from bot.clock import SystemClock
from bot.console import Console
from bot.settings import Settings
from core.money import format_exact, format_usd
from core.notices import Notices
from core.reversals import Reversals


async def reverse(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Give it back, and say what the wallet has now."""
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        clock = SystemClock()
        notices = Notices(
            store.books,
            StoreNotices(store),
            StorePeople(store),
            clock,
            preferred=StorePreferences(store),
            reports=StoreReports(store, clock),
        )
        reversals = Reversals(store.books, StoreWhoseAsks(store), notices)
        done = await reversals.reverse(arguments.ask, " ".join(arguments.reason))
    before = " (it was given back before)" if done.replayed else ""
    console.say(f"Given back: {format_exact(done.amount_nanos)}{before}. You pay it; the provider keeps its money.")
    console.say(f"The wallet: {format_usd(done.balance_before_nanos)} -> {format_usd(done.balance_nanos)}.")
    return True
