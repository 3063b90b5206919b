"""What the product is compared with keeps its promises too, otherwise the comparison would be worth nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.store.audit import audit
from adapters.store.database import open_store
from benchmarks.session_books import open_session_books
from benchmarks.team import HELD_NANOS, Latencies, book_one_ask, claim_of, hold_of, make_team
from core.columns import COLUMNS
from core.errors import OperationConflict
from core.ids import new_id
from core.operations import AlreadyClaimed, Claimed, Held, Reason, Refused
from core.rows import CounterRow, EntryRow, HoldRow, RequestRow, WalletRow
from tests.bookkeeping import rows_of


async def test_twenty_asks_at_once_with_money_for_one_get_one_hold(database_url: str) -> None:
    async with open_store(database_url) as store, open_session_books(database_url) as books:
        team = await make_team(store.books, members=20, budget_nanos=2 * HELD_NANOS - 1)
        asks = [(new_id("ask", datetime.now(UTC)), member_id) for member_id in team.member_ids]
        await asyncio.gather(*(books.apply(claim_of(ask_id, team, member_id)) for ask_id, member_id in asks))
        outcomes = await asyncio.gather(*(books.apply(hold_of(ask_id, team, member_id)) for ask_id, member_id in asks))
        assert sum(isinstance(outcome, Held) for outcome in outcomes) == 1
        refused = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
        assert refused == [Reason.WALLET_EMPTY] * 19
        (wallet,) = await rows_of(store, WalletRow)
        assert (wallet.available_nanos, wallet.held_nanos) == (HELD_NANOS - 1, HELD_NANOS)
        assert (await audit(store)).violations == ()


async def test_it_writes_the_rows_that_the_product_writes(database_url: str) -> None:
    async with open_store(database_url) as store, open_session_books(database_url) as session:
        team = await make_team(store.books, members=1)
        for books in (store.books, session):
            await book_one_ask(books, team, team.member_ids[0], Latencies())
        for kind, different in (
            (HoldRow, {"id", "request_id", "transfer_id", "opened_at_ms", "deadline_ms", "closed_at_ms"}),
            (RequestRow, {"id", "hold_id", "lease_until_ms", "started_at_ms", "finished_at_ms", "delivered_at_ms"}),
        ):
            one, other = await rows_of(store, kind)
            names = [name for name in COLUMNS[kind].names if name not in different]
            assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
        assert len(await rows_of(store, EntryRow)) == 2 * 3  # the top-up's and each ask's
        assert {row.held for row in await rows_of(store, CounterRow)} == {0}
        assert (await audit(store)).violations == ()


async def test_a_second_copy_of_an_ask_is_not_claimed_again(database_url: str) -> None:
    async with open_store(database_url) as store, open_session_books(database_url) as books:
        team = await make_team(store.books, members=1)
        (member_id,) = team.member_ids
        assert isinstance(await books.apply(claim_of("ask_1", team, member_id)), Claimed)
        with pytest.raises(OperationConflict):
            await books.apply(claim_of("ask_1", team, member_id))
        again = replace(claim_of("ask_1", team, member_id), id="another.claim")
        assert isinstance(await books.apply(again), AlreadyClaimed)
