"""Every query of the product is answered by an index: none reads a table that grows from end to end."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event, text

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from adapters.store.notices import StoreNotices
from adapters.store.overdue import StoreOverdue, StoreUndelivered
from adapters.store.policies import StorePolicies
from adapters.store.receipts import StoreReceipts
from adapters.store.reports import StorePeople, StoreReports, StoreRequests
from adapters.store.spending import StoreSpending
from adapters.store.threads import StoreThreads
from adapters.store.walk import read_by_index
from benchmarks.grown_books import GrownBooks, grow
from core.moments import from_ms
from core.people import Identity, Place
from core.spending import SpendBy
from tests.adapters.store.raw import look
from tests.fakes import FakeClock

ENTRIES = 2_000
SMALL = {"wallet", "team", "workspace", "member", "identity", "top_up", "policy"}
"""Tables that do not grow with what is asked."""
SOME_ROWS_ONLY = ("ix_hold_open", "ix_kept_erase", "ix_notice_untold", "ix_request_untold", "ix_transfer_reverses")
"""Indexes over the few rows that are still to be looked after: reading one of them whole is what it is for."""
NOT_TABLES = {"tried", "ranked", "routed", "bettered", "told", "taken", "broken", "named", "CONSTANT"}
"""What queries call their own intermediate rows: of the audit one chunk at most, of a report one team's asks."""


@dataclass(frozen=True, slots=True)
class Grown:
    """Books of some size, and what reads them."""

    store: Store
    books: GrownBooks
    clock: FakeClock
    an_ask: str


@pytest_asyncio.fixture
async def grown(database_url: str) -> AsyncIterator[Grown]:
    books = await grow(database_url, entries=ENTRIES)
    ((an_ask,),) = await look(database_url, "SELECT min(id) FROM request")
    async with open_store(database_url) as store:
        yield Grown(store, books, FakeClock(from_ms(await store.now_ms())), an_ask)


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every query that is sent meanwhile, with its values."""
    sent: list[tuple[str, Any]] = []

    def remember(_: object, __: object, statement: str, values: Any, ___: object, ____: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    event.listen(store.read_engine.sync_engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(store.read_engine.sync_engine, "before_cursor_execute", remember)


async def reads_whole_tables(store: Store, sent: list[tuple[str, Any]], *, walked: bool = False) -> list[str]:
    """Where the plans of these queries go from end to end, each with its query. `walked`: as walks are planned."""
    found = []
    async with store.snapshot() as session:
        connection = await session.connection()
        on_postgres = connection.dialect.name == "postgresql"
        if on_postgres:  # books of this size it may rightly read whole: asked is whether an index could answer
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        if walked:
            await read_by_index(connection)
        for statement, values in dict(sent).items():
            explain = "EXPLAIN (FORMAT JSON) " if on_postgres else "EXPLAIN QUERY PLAN "
            rows: Any = (await connection.exec_driver_sql(explain + statement, values)).all()
            faults = _postgres_scans(rows[0][0]) if on_postgres else _sqlite_scans(row[3] for row in rows)
            found += [f"{fault}: {statement}" for fault in faults]
    return found


def _sqlite_scans(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        scanned = re.match(r"SCAN (?!\(subquery-)(\S+)", line)  # a subquery is rows that were found before
        if scanned and scanned[1] not in SMALL | NOT_TABLES and not any(index in line for index in SOME_ROWS_ONLY):
            yield line


def _postgres_scans(plan: Any) -> Iterator[str]:
    (whole,) = json.loads(plan) if isinstance(plan, str) else plan
    waiting = [whole["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", ())
        kind, table, index = node["Node Type"], node.get("Relation Name", ""), node.get("Index Name", "")
        if kind == "Seq Scan" and table not in SMALL:
            yield f"{kind} of {table}"
        whole_index = kind.startswith(("Index", "Bitmap Index")) and "Index Cond" not in node
        if whole_index and table not in SMALL and index not in SOME_ROWS_ONLY:
            yield f"{kind} of all of {index}"


async def test_what_people_and_running_asks_are_told_is_found_by_an_index(grown: Grown) -> None:
    store, books, an_ask = grown.store, grown.books, grown.an_ask
    reports, requests, people = StoreReports(store, grown.clock), StoreRequests(store), StorePeople(store)
    receipts, since = StoreReceipts(store), grown.clock.now() - timedelta(days=30)
    with statements(store) as sent:
        wallet = await reports.wallet(books.wallet_id)
        await reports.counters(["nobody's"])
        await StorePolicies(store).of(books.team_id, ["everyone"])
        await StorePolicies(store).all(books.team_id)
        await reports.top_ups(books.wallet_id, 5)
        assert await receipts.one(books.team_id, an_ask) is not None
        assert len(await receipts.newest(books.team_id, books.member_ids[:1], 5)) == 5
        await reports.variants(books.team_id, since)
        await reports.routing(books.team_id, since)
        await requests.stop_requested(an_ask)
        await requests.kept_question(an_ask)
        await StoreThreads(store).answered_for(Place("bench", "grown", "general", "a thread"))
        await StoreThreads(store).running(Place("bench", "grown", "general", "a thread"))
        member = await people.find(Identity("bench", "grown", books.member_ids[0], "?"))
        assert member is not None
        await people.members(member.team)
        assert await people.workspaces_of("bench", books.member_ids[0]) == ("grown",)
    assert wallet.spent_nanos > 0
    assert len(sent) > 10
    assert await reads_whole_tables(store, sent) == []


async def test_what_was_spent_is_found_by_an_index(grown: Grown) -> None:
    spending, team_id, now = StoreSpending(grown.store), grown.books.team_id, grown.clock.now()
    span = (now - timedelta(days=30), now)
    with statements(grown.store) as sent:
        spent = [await spending.spent(team_id, *span, by) for by in SpendBy]
        await spending.spent(team_id, *span, SpendBy.TAG, grown.books.member_ids[:1])
        (total,) = await spending.totals(team_id, [span])
        moved = await spending.movements(grown.books.wallet_id, *span)
        assert await spending.first_ask_at(team_id) is not None
    assert {sum(each.asks for each in by) for by in spent} == {total.asks}
    assert total.cost_nanos == sum(each.cost_nanos for each in moved.spent) > 0
    assert len(sent) > 15
    assert await reads_whole_tables(grown.store, sent) == []


async def test_what_the_sweep_looks_for_is_found_by_an_index(grown: Grown) -> None:
    overdue, undelivered = StoreOverdue(grown.store), StoreUndelivered(grown.store)
    notices = StoreNotices(grown.store)
    with statements(grown.store) as sent:
        await overdue.holds()
        await overdue.abandoned()
        await overdue.kept()
        await overdue.presses()
        await undelivered.due("bench", ("grown",))
        await undelivered.end_of(grown.an_ask)
        await notices.due("bench", ("grown",))
        await notices.told(grown.books.team_id)
    assert len(sent) == 9
    assert await reads_whole_tables(grown.store, sent) == []


async def test_a_chunk_of_the_audit_and_a_page_of_the_export_are_found_by_an_index(grown: Grown) -> None:
    with statements(grown.store) as sent:
        assert (await audit(grown.store, chunk_rows=300)).violations == ()
        async for _ in export_json(grown.store, page_rows=300):
            pass
    assert len(sent) > 100
    assert await reads_whole_tables(grown.store, sent, walked=True) == []


@pytest.mark.parametrize("query", ["SELECT * FROM entry WHERE account = 'pool'", "SELECT count(*) FROM hold"])
async def test_a_query_without_an_index_would_be_seen(grown: Grown, query: str) -> None:
    assert await reads_whole_tables(grown.store, [(query, ())])
