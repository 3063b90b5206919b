"""Requests for more in processes of their own: two that press at one instant, and one that dies after it paid in."""

import asyncio
import os
import signal
from functools import partial

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.rows import BudgetRequestRow, TopUpRow
from tests.bookkeeping import USD, rows_of, top_up
from tests.end_to_end.replicas import Tell, replicas, results
from tests.requesting import house_on, team_on, wallet_empty


async def press(url: str, name: str, request: str, tell: Tell) -> str:
    """One admin's process."""
    del tell
    async with open_store(url) as store:
        return await (await house_on(store)).said(name, request)


async def pay_in_and_hang(url: str, tell: Tell) -> None:
    """Budget is recorded, and the process is gone before anybody is told."""
    async with open_store(url) as store:
        await store.books.apply(top_up("funds", 10 * USD))
        tell("paid in")
        await asyncio.sleep(600)


async def test_two_processes_press_at_the_same_instant(database_url: str) -> None:
    async with open_store(database_url) as store:
        await team_on(store)
        house = await house_on(store)
        for shortfall, typed in ((None, "5"), (wallet_empty(), "25")):
            await house.ask("ben", typed, "", shortfall)
        for request in await house.open():
            said = await results(*(partial(press, database_url, name, request) for name in ("anna", "cleo")))
            assert sorted(words.startswith("Approved:") for words in said) == [False, True], said
            assert any("approved this" in words for words in said), said
        assert await house.granted() == {"member_month": 5 * USD}
        assert [row.amount_nanos for row in await rows_of(store, TopUpRow)] == [25 * USD]
        assert (await audit(store)).violations == ()


async def test_whoever_waits_is_told_although_the_process_that_paid_in_was_killed(database_url: str) -> None:
    async with open_store(database_url) as store:
        await team_on(store)
        house = await house_on(store)
        for name in ("ben", "cleo"):
            await house.ask(name, "10", "", wallet_empty())
        await asyncio.sleep(0.002)  # the budget comes after, also by a clock of milliseconds
        async with replicas(partial(pay_in_and_hang, database_url)) as (dying,):
            assert await dying.told() == "paid in"
            os.kill(dying.process.pid or 0, signal.SIGKILL)
        assert await house.budget_requests.run() == 2
        assert await house.budget_requests.run() == 0
        assert {row.state for row in await rows_of(store, BudgetRequestRow)} == {"funded"}
        told = [notice.words for notice in await house.read() if notice.to is not None]
        assert told == ["The team wallet has budget again."] * 2
