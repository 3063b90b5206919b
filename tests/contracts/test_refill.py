"""The refill rule on both real stores, with two processes on one database: asked once, added once, and it adds up."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.notices import StoreNotices
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from core.errors import BadInput
from core.notices import Notices
from core.people import Identity, Member
from core.refill import Refills
from core.rows import CounterRow, NoticeRow, TopUpRow
from core.topup import TopUps
from tests.bookkeeping import USD, rows_of, top_up
from tests.fakes import FakeClock, Noticeboard
from tests.requesting import team_on


async def test_two_processes_ask_once_and_add_once_and_what_is_undone_counts_no_more(database_url: str) -> None:
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(database_url)) for _ in range(2)]
        await team_on(stores[0])
        await stores[0].books.apply(top_up("budget", 4 * USD, actor="mbr_anna"))
        clock = FakeClock(datetime.fromtimestamp(await stores[0].now_ms() / 1000, UTC))
        anna, cleo = [await _member(stores[0], name) for name in ("anna", "cleo")]
        processes = [_refills(store, clock) for store in stores]
        await processes[0].set(anna, "below 5 add 25 at most 30")
        assert sum(await asyncio.gather(*(each.run() for each in processes))) == 1
        board = Noticeboard(workspaces=("team",))
        people = StorePeople(stores[1])
        reports, preferred = StoreReports(stores[1], clock), StorePreferences(stores[1])
        told = Notices(stores[1].books, StoreNotices(stores[1]), people, clock, preferred=preferred, reports=reports)
        await told.run(board)
        (notice,) = board.notices
        assert notice.refill_nanos == 25 * USD
        presses = [(processes[number % 2], (anna, cleo)[number // 2]) for number in range(4)]
        done = await asyncio.gather(*(refills.press(who, notice.refill) for refills, who in presses))
        assert sorted(each.again for each in done) == [False, True, True, True]
        assert await _refilled(stores[0]) == 25 * USD
        undone = await TopUps(stores[1].books, StoreReports(stores[1], clock), clock).undo(anna, done[0].top_up_id)
        assert undone.balance_nanos == 4 * USD and await _refilled(stores[0]) == 0
        assert sum([await each.run() for each in processes]) == 0
        assert len([row for row in await rows_of(stores[0], NoticeRow) if row.kind == "refill"]) == 1
        assert (await audit(stores[0])).violations == ()


async def test_a_press_after_another_rule_leaves_no_trace(database_url: str) -> None:
    async with open_store(database_url) as store:
        await team_on(store)
        clock = FakeClock(datetime.fromtimestamp(await store.now_ms() / 1000, UTC))
        anna, refills = await _member(store, "anna"), _refills(store, clock)
        await refills.set(anna, "below 5 add 25 at most 30")
        assert await refills.run() == 1
        (notice,) = [row for row in await rows_of(store, NoticeRow) if row.kind == "refill"]
        await refills.set(anna, "below 5 add 2 at most 30")
        with pytest.raises(BadInput, match="the rule was changed"):
            await refills.press(anna, notice.id.removeprefix("refill:team:"))
        assert await rows_of(store, TopUpRow) == [] and await _refilled(store) == 0


def _refills(store: Store, clock: FakeClock) -> Refills:
    reports, people = StoreReports(store, clock), StorePeople(store)
    return Refills(store.books, reports, people, preferred=StorePreferences(store), clock=clock)


async def _member(store: Store, name: str) -> Member:
    found = await StorePeople(store).find(Identity("test", "team", name, name))
    assert found is not None
    return found


async def _refilled(store: Store) -> int:
    return sum(row.used for row in await rows_of(store, CounterRow) if row.scope == "team_month_refilled")
