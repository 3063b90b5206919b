"""Rights and ceilings in processes of their own: two that act at one instant leave what one after the other leaves."""

from functools import partial
from typing import Any

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.operations import Concluded, Moved
from core.rows import CounterRow, MemberRow, WalletRow
from tests.bookkeeping import USD, ceiling, enrol, rows_of, set_admin, top_up
from tests.end_to_end.replicas import Tell, results


async def apply(url: str, operation: Any, tell: Tell) -> Any:
    """One process that does one thing."""
    del tell
    async with open_store(url) as store:
        return await store.books.apply(operation)


async def test_two_admins_remove_each_other_and_one_of_them_stays(database_url: str) -> None:
    async with open_store(database_url) as store:
        for name in ("anna", "ben"):
            await store.books.apply(enrol(name, admin=True))
        removals = (set_admin("a", "ben", admin=False, actor="anna"), set_admin("b", "anna", admin=False, actor="ben"))
        done = await results(*(partial(apply, database_url, removal) for removal in removals))
        assert sorted(isinstance(each, Concluded) for each in done) == [False, True], done
        assert sum(row.admin for row in await rows_of(store, MemberRow)) == 1
        assert (await audit(store)).violations == ()


async def test_two_top_ups_do_not_pass_the_ceiling_together(database_url: str) -> None:
    async with open_store(database_url) as store:
        await store.books.apply(enrol("anna"))
        most = ceiling(30 * USD)
        both = (top_up(op_id, 20 * USD, limit=most) for op_id in ("one", "other"))
        done = await results(*(partial(apply, database_url, each) for each in both))
        assert sorted(isinstance(each, Moved) for each in done) == [False, True], done
        assert [row.available_nanos for row in await rows_of(store, WalletRow)] == [20 * USD]
        assert [row.used for row in await rows_of(store, CounterRow)] == [20 * USD]
        assert (await audit(store)).violations == ()
