"""How low a wallet runs, on both databases: told once by whoever's round it is, with how long it lasts."""

import asyncio
from datetime import UTC, datetime

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.notices import StoreNotices
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from core.announcement import WALLET_LOW
from core.notices import Notices
from core.rows import NoticeRow
from tests.bookkeeping import USD, ask_settled, enrol, refund, reverse, rows_of, top_up
from tests.fakes import FakeClock, Noticeboard

DAY_MS = 86_400_000


async def notices_on(store: Store) -> Notices:
    clock = FakeClock(datetime.fromtimestamp(await store.now_ms() / 1000, UTC))
    people, preferred = StorePeople(store), StorePreferences(store)
    reports = StoreReports(store, clock)
    return Notices(store.books, StoreNotices(store), people, clock, preferred=preferred, reports=reports)


async def told(store: Store) -> list[str]:
    """What the team's admins read by now that they had not read."""
    board = Noticeboard(workspaces=("team",))
    await (await notices_on(store)).run(board)
    return [notice.words for notice in board.notices if notice.kind == WALLET_LOW]


async def test_says_what_is_left_how_long_it_lasts_and_what_to_do(database_url: str) -> None:
    async with open_store(database_url) as store:
        await store.books.apply(enrol(member_month_limit_nanos=1_000 * USD))
        await store.books.apply(top_up("budget", 100 * USD))
        store.driver.clock_offset_ms += 10 * DAY_MS
        await ask_settled(store.books, "a", 60 * USD, 50 * USD)
        assert await told(store) == [
            "The team wallet is down to 50%: $50.00 is left of $100.00. At this pace that lasts about 10 days. "
            "To add budget: /topup 25."
        ]
        assert await told(store) == []
        await ask_settled(store.books, "b", 50 * USD, 50 * USD)
        assert await told(store) == [
            "The team wallet is empty: nobody can ask before budget is added. To add budget: /topup 25."
        ]
        assert (await audit(store)).violations == ()


async def test_two_processes_that_charge_at_once_tell_each_level_once(database_url: str) -> None:
    async with open_store(database_url) as one, open_store(database_url) as another:
        await one.books.apply(enrol(member_month_limit_nanos=1_000 * USD))
        await one.books.apply(top_up("budget", 100 * USD))
        both = [store.books for store in (one, another)]
        await asyncio.gather(*(ask_settled(both[number % 2], f"a{number}", USD, USD) for number in range(96)))
        await asyncio.gather(*(one.books.apply(reverse(f"a{number}")) for number in range(80)))
        await asyncio.gather(*(ask_settled(both[number % 2], f"b{number}", USD, USD) for number in range(80)))
        for name in ("mistake", "another"):
            await one.books.apply(top_up(name, 100 * USD))
        for name in ("mistake", "another"):
            await another.books.apply(refund(f"undo {name}", name))
        await ask_settled(another.books, "last", USD, USD)
        ids = [row.id for row in await rows_of(one, NoticeRow) if row.kind == WALLET_LOW]
        assert ids == [f"wallet-low:wal:budget:{level}" for level in (20, 5, 50)]
        assert (await audit(one)).violations == ()
