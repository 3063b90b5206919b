"""The export: one JSON object of whole numbers and strings, in which the money adds up."""

import json
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.store.database import Store
from adapters.store.export import export_json
from adapters.store.spending import StoreSpending
from adapters.store.walk import CHUNK_ROWS
from core.spending import SpendBy
from tests.adapters.store.full_books import AVAILABLE, HELD
from tests.adapters.store.raw import execute
from tests.bookkeeping import ask_settled, enrol, top_up
from tests.databases import short_on_sqlite

SECTIONS = {
    "entries": "id transfer_id account amount_nanos team request_key kind reverses actor at",
    "balances": "team available_nanos held_nanos",
    "holds": "id team request_key state amount_nanos charged_nanos absorbed_nanos reversed_nanos opened_at closed_at",
    "requests": "request_key team member platform channel tag model provider state ending input_tokens output_tokens "
    "cost_nanos estimated why at finished",
    "lines": "id request_key step provider model cost_nanos charged_nanos estimated",
    "quotas": "scope subject label used held granted limited_to",
    "notices": "id team kind words at delivered_at tries",
    "budget_requests": "id team member counter amount_nanos granted_nanos state confirmed_by decided_by asked_at "
    "expires_at decided_at",
    "members": "id team same_as counts_with created_at",
    "links": "kind team member state typed_by typed_team made_at",
    "digests": "id team label start end weeks at",
    "bills": "provider month total_nanos at",
}


def no_float(text: str) -> float:
    raise AssertionError(f"{text} is a float")


async def exported(store: Store, page_rows: int = CHUNK_ROWS) -> dict[str, list[dict[str, Any]]]:
    text = "".join([piece async for piece in export_json(store, page_rows=page_rows)])
    whole: dict[str, list[dict[str, Any]]] = json.loads(text, parse_float=no_float, parse_constant=no_float)
    return whole


async def test_every_section_is_there_even_of_empty_books(store: Store) -> None:
    empty = await exported(store)
    assert list(empty) == [*SECTIONS]
    assert empty["balances"] == [{"team": "team", "available_nanos": 0, "held_nanos": 0}]
    assert {section for section, rows in empty.items() if rows} == {"balances", "members"}


async def test_every_row_has_its_columns(full: Store) -> None:
    whole = await exported(full)
    for section, columns in SECTIONS.items():
        assert {tuple(row) for row in whole[section]} == {tuple(columns.split())}


async def test_holds_whole_numbers_and_strings_only(full: Store) -> None:
    whole = await exported(full)
    kinds = {type(value) for rows in whole.values() for row in rows for value in row.values()}
    assert kinds == {int, str}


async def test_what_was_spent_can_be_added_up_from_it(full: Store) -> None:
    """By provider and by model, as `SpendBooks` tells it, and what was given back beside it."""
    whole, always = await exported(full), (datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC))
    asks = {row["request_key"]: row for row in whole["requests"] if row["state"] == "settled" and row["finished"]}
    by_provider, by_model = Counter[str](), Counter[str]()
    for line in whole["lines"]:
        ask = asks.get(line["request_key"])
        if ask is not None and ask["team"] == "team" and line["charged_nanos"]:
            by_provider[line["provider"]] += line["charged_nanos"]
            by_model[ask["model"]] += line["charged_nanos"]
    moved = await StoreSpending(full).movements("wal", *always)
    assert by_provider == {each.provider: each.cost_nanos for each in moved.spent} == {"acme": 80, "other": 20}
    spent = await StoreSpending(full).spent("team", *always, SpendBy.MODEL)
    assert by_model == {each.name: each.cost_nanos for each in spent}
    given_back = {row["reverses"]: row["amount_nanos"] for row in pool_sides(whole) if row["kind"] == "reverse"}
    assert given_back == {"undelivered.1.close": 20}
    assert [each.cost_nanos for each in moved.given_back] == [20]


def pool_sides(whole: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The entries that moved a pool."""
    return [row for row in whole["entries"] if row["account"] == "pool"]


async def test_the_money_adds_up(full: Store) -> None:
    whole = await exported(full)
    pools, transfers = Counter[str](), Counter[str]()
    for entry in whole["entries"]:
        transfers[entry["transfer_id"]] += entry["amount_nanos"]
        pools[entry["team"]] += entry["amount_nanos"] if entry["account"] == "pool" else 0
    assert set(transfers.values()) == {0}
    assert pools == {row["team"]: row["available_nanos"] + row["held_nanos"] for row in whole["balances"]}
    assert pools["team"] == AVAILABLE + HELD
    assert sum(row["cost_nanos"] for row in whole["requests"]) == sum(
        row["charged_nanos"] - row["reversed_nanos"] for row in whole["holds"]
    )


async def test_names_the_accounts_and_states_that_the_design_names(full: Store) -> None:
    whole = await exported(full)
    accounts = {entry["account"] for entry in whole["entries"]}
    assert accounts == {"pool", "funding", "operator", "spend:acme", "spend:other"}
    assert {row["state"] for row in whole["holds"]} == {"open", "settled", "released", "expired"}


async def test_times_are_in_utc_and_empty_while_they_have_not_come(full: Store) -> None:
    holds = {row["id"]: row for row in (await exported(full))["holds"]}
    assert holds["running.1.hold"]["closed_at"] == ""
    assert holds["answered.1.hold"]["closed_at"].endswith("Z")


async def test_holds_no_text_of_asks_and_no_names(full: Store) -> None:
    text = "".join([piece async for piece in export_json(full)])
    assert "sealed" not in text and "Anna" not in text


async def test_a_wallet_that_teams_share_is_told_once(full: Store) -> None:
    alone = await exported(full)
    await full.books.apply(enrol("kim", team="zz-shares", wallet="wal"))
    shared = await exported(full)
    assert (shared["entries"], shared["balances"]) == (alone["entries"], alone["balances"])


@pytest.mark.parametrize("page_rows", [1, 2, 3, 7])
async def test_no_row_is_lost_or_doubled_where_a_page_ends(full: Store, page_rows: int) -> None:
    assert await exported(full, page_rows=page_rows) == await exported(full)


async def test_comes_in_pieces_of_one_moment_while_others_go_on_writing(full: Store) -> None:
    pieces = export_json(full, page_rows=2)
    text = "".join([await anext(pieces) for _ in range(4)])
    await full.books.apply(top_up("meanwhile", 5))
    await ask_settled(full.books, "meanwhile", 5, 5)
    text += "".join([piece async for piece in pieces])
    assert json.loads(text)["balances"][0] == {"team": "team", "available_nanos": AVAILABLE, "held_nanos": HELD}
    assert "meanwhile" not in text


@short_on_sqlite
async def test_memory_does_not_grow_with_the_books(store: Store, database_url: str) -> None:
    """At its height it holds a page, not the books: with three times the rows it is the same."""
    await exported(store)  # what SQLAlchemy keeps of statements it sees for the first time is more than any page
    peaks = []
    for first in (0, 1_000):
        numbers = range(first, first + 1_000 + 2 * first)
        rows = ", ".join(
            f"('c{number:06}', 'wal', 'member_month', 'anna', 'c{number}', 1, 0, 0, 0)" for number in numbers
        )
        await execute(database_url, f"INSERT INTO counter VALUES {rows}")
        tracemalloc.start()
        async for piece in export_json(store, page_rows=200):
            assert len(piece) < 1_000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
