"""Books made by SQL are books like others: the audit passes, nothing is missing, and work goes on in them."""

from datetime import datetime

import pytest

from adapters.store.audit import audit
from adapters.store.database import open_store
from benchmarks.grown_books import grow
from benchmarks.grown_rows import GROWING
from core.money import MAX_AMOUNT_NANOS
from core.operations import Held, Settled
from core.quota import Scope
from core.rows import CounterRow
from tests.adapters.store.raw import look
from tests.bookkeeping import claim, hold, line, rows_of, settle


@pytest.mark.parametrize("entries", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
async def test_the_audit_passes_on_grown_books(database_url: str, entries: int) -> None:
    grown = await grow(database_url, entries=entries)
    async with open_store(database_url) as store:
        report = await audit(store)
    assert (report.violations, report.notices) == ((), ())
    (of_asks,) = await look(database_url, "SELECT count(*) FROM entry WHERE id NOT LIKE 'grown.topup%'")
    assert of_asks == (entries,)
    (spent,) = await look(
        database_url, "SELECT CAST(sum(amount_nanos) AS BIGINT) FROM entry WHERE account = 'spend:bench'"
    )
    assert await look(
        database_url, f"SELECT available_nanos, held_nanos FROM wallet WHERE id = '{grown.wallet_id}'"
    ) == [(MAX_AMOUNT_NANOS - spent[0], 0)]


async def test_every_growing_table_has_grown(database_url: str) -> None:
    grown = await grow(database_url, entries=1_000)
    counts = {kind: (await look(database_url, f'SELECT count(*) FROM "{kind.table}"'))[0][0] for kind in GROWING}
    assert all(count >= 500 for count in counts.values()), counts
    assert grown.asks == 526  # one in twenty failed


async def test_the_next_ask_of_grown_books_goes_on_from_their_totals(database_url: str) -> None:
    grown = await grow(database_url, entries=1_000)
    anna, wallet = grown.member_ids[0], grown.wallet_id
    async with open_store(database_url) as store:
        months = [row for row in await rows_of(store, CounterRow) if row.scope == Scope.MEMBER_MONTH]
        last = max((row for row in months if row.subject == anna), key=lambda row: row.label)
        await store.books.apply(claim("ask", member=anna, team_id=grown.team_id, wallet_id=wallet))
        then = int(datetime.fromisoformat(f"{last.label}-15T12:00:00+00:00").timestamp() * 1000)
        assert isinstance(await store.books.apply(hold("ask", 900, wallet_id=wallet, at_ms=then)), Held)
        settled = await store.books.apply(settle("ask", line(700), wallet_id=wallet))
        assert isinstance(settled, Settled)
        assert settled.used_by_counter == ((last.id, last.used + 700),)
        assert (await audit(store)).violations == ()


async def test_growing_leaves_the_schema_as_it_was(database_url: str) -> None:
    async with open_store(database_url):
        pass
    before = await look(database_url, _INDEXES[database_url[:6]])
    await grow(database_url, entries=1_000)
    assert await look(database_url, _INDEXES[database_url[:6]]) == before


_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name",
    "postgr": "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
}
