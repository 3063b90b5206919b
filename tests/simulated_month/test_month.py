"""A month of 200 members: each alert once for what it is about, none missing; every figure is the books' own sum."""

import csv
import io
import json
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from core.announcement import WALLET_LOW
from core.csv_safe import BYTE_ORDER_MARK
from core.month_books import sums_of
from core.periods import Period
from core.provider_trouble import TROUBLE
from core.spending import SpendBy
from core.stale_prices import STALE
from core.text.statement_csv import statement_csv
from core.unusual_spending import UNUSUAL
from core.usage_asked import asked_from
from tests.simulated_month.month import DAYS, PAIR, PAIR_DAY, SPENDER, SPENDING_DAY, START, ZONE, Month
from tests.simulated_month.recount import Charge, Recount, Row

FIRST, AFTER = date(2026, 11, 1), date(2026, 12, 1)


async def adds_up(month: Month, store: Store) -> None:
    await month.play()
    pieces = [piece async for piece in export_json(store)]
    counted = Recount(json.loads("".join(pieces)), ZONE)
    assert (await audit(store)).violations == ()
    assert len(counted.requests) > month.asks
    each_was_told_once(month, counted.export["notices"])
    alerts_are_what_the_entries_say(counted)
    await the_month_is_what_the_entries_say(month, counted)
    await usage_is_what_the_entries_say(month, counted)
    await the_weeks_are_what_the_entries_say(month, counted)


def each_was_told_once(month: Month, posted: Iterable[Row]) -> None:
    """Whatever was posted reached the admins, and nothing of it twice, though two processes told it."""
    told = Tally(notice.id for notice in month.board.notices)
    assert set(told.values()) == {1}
    assert set(told) == {notice["id"] for notice in posted}


def alerts_are_what_the_entries_say(counted: Recount) -> None:
    ids: dict[str, list[str]] = {}
    for notice in counted.export["notices"]:
        ids.setdefault(notice["kind"], []).append(notice["id"])
    levels = counted.levels()
    assert sorted(ids[WALLET_LOW]) == sorted(f"{WALLET_LOW}:wal:{each}" for each in levels)
    assert len(set(levels)) == len(levels) >= 6
    unusual = counted.unusual_days()
    assert set(ids[UNUSUAL]) == {f"{UNUSUAL}:team:{each}" for each in unusual}
    assert {
        f"{SPENDER}:{FIRST + timedelta(days=SPENDING_DAY)}",
        f"{PAIR[0]}:{FIRST + timedelta(days=PAIR_DAY)}",
    } <= unusual
    words = [notice["words"] for notice in counted.export["notices"] if notice["kind"] == TROUBLE]
    assert sorted(each.partition(".")[0] for each in words) == [
        "Other Works answers again",
        "Other Works does not accept this bot's API key any more",
    ]
    assert sorted(ids[STALE]) == [f"{STALE}:team:2026-11", f"{STALE}:team:2026-12"]


async def the_month_is_what_the_entries_say(month: Month, counted: Recount) -> None:
    """The statement of November, to the nano-dollar: as a value, and as the file that finance opens."""
    books = await month.processes[0].use_cases.statements.month_of(await month.team(), "2026-11")
    sums = sums_of(books.movements)
    assert (sums.opening, sums.closing) == (counted.balance_before(FIRST), counted.balance_before(AFTER))
    assert sums.topped_up == counted.pool("top_up", FIRST, AFTER)
    assert sums.taken_back == -counted.pool("refund", FIRST, AFTER)
    assert sums.given_back == counted.pool("reverse", FIRST, AFTER)
    assert sums.spent == -counted.pool("settle", FIRST, AFTER)
    assert books.movements.absorbed_nanos == counted.operator(FIRST, AFTER)
    plain = counted.spent_by(lambda charge: f"{charge.provider} #{charge.tag}", FIRST, AFTER)
    by_both = {f"{each.provider} #{each.tag}": each.cost_nanos for each in books.movements.spent}
    assert by_both == {name: nanos for name, (_, nanos) in plain.items()}
    charges = (await month.processes[1].use_cases.statements.export_of(await month.team(), "2026-11")).charges
    assert sum(each.cost_nanos for each in charges if not each.given_back) == sums.spent
    assert -sum(each.cost_nanos for each in charges if each.given_back) == sums.given_back
    rows = list(csv.DictReader(io.StringIO(statement_csv(books).removeprefix(BYTE_ORDER_MARK))))
    in_sum = sum(Decimal(row["Amount in USD"]) for row in rows if row["In the sum"] == "yes")
    assert in_sum * 10**9 == counted.balance_before(AFTER)


async def usage_is_what_the_entries_say(month: Month, counted: Recount) -> None:
    """What an admin reads in December of November: by model, tag and member, and of the one with two accounts."""
    process, team = month.processes[1], await month.team()
    members = await process.ports.asks.people.members(team)
    (admin,) = (member for member in members if member.admin)
    (both,) = (member for member in members if member.id == PAIR[0])
    keys: dict[str, tuple[SpendBy, Callable[[Charge], str]]] = {
        "team models": (SpendBy.MODEL, lambda charge: charge.model),
        "team tags": (SpendBy.TAG, lambda charge: charge.tag),
        "members": (SpendBy.MEMBER, lambda charge: charge.person),
    }
    for typed, (by, key) in keys.items():
        (used,) = await process.use_cases.usages.of(admin, asked_from(f"{typed} last month"))
        plain = counted.spent_by(key, FIRST, AFTER)
        assert {each.name: (each.asks, each.cost_nanos) for each in used.parts[by]} == plain
        assert (used.total.asks, used.total.cost_nanos) == (len(counted.november), sum(n for _, n in plain.values()))
    person = replace(both, accounts=PAIR[1:])  # as whoever speaks is found
    (mine,) = await process.use_cases.usages.of(person, asked_from("me last month"))
    assert (mine.total.asks, mine.total.cost_nanos) == plain[PAIR[0]]


async def the_weeks_are_what_the_entries_say(month: Month, counted: Recount) -> None:
    """Every digest of the month, and what its figures are."""
    process, team = month.processes[1], await month.team()
    weeks = [team.calendar.span(Period.WEEK, START + timedelta(days=day, hours=12)) for day in range(0, DAYS, 7)]
    posted = [notice.id for notice in month.board.notices if notice.kind == "digest"]
    assert posted == [f"digest:team:{week.label}" for week in weeks]
    for week in weeks:
        digests = process.use_cases.digests
        told = await digests._gathering.of(team, week, month.clock.now(), seat_nanos=0)
        figures, first = told.figures, week.first_day
        after = first + timedelta(days=7)
        people = counted.spent_by(lambda charge: charge.person, first, after)
        models = counted.spent_by(lambda charge: charge.model, first, after)
        asks, nanos = sum(asks for asks, _ in people.values()), sum(nanos for _, nanos in people.values())
        assert (figures.week.asks, figures.week.cost_nanos, figures.week.members) == (asks, nanos, len(people))
        assert {each.name: (each.asks, each.cost_nanos) for each in figures.models} == models
        tags = counted.spent_by(lambda charge: charge.tag, first, after)
        assert {each.name: (each.asks, each.cost_nanos) for each in figures.tags} == tags
        assert figures.given_back_nanos == counted.pool("reverse", first, after)
        assert figures.absorbed_nanos == counted.operator(first, after)


async def test_a_small_month_adds_up(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        await adds_up(Month(store, members=12, asks=300, step_hours=48), store)


@pytest.mark.soak
async def test_a_month_of_two_hundred_members_adds_up(database_url: str) -> None:
    async with open_store(database_url) as store:
        await adds_up(Month(store, members=12, asks=300, step_hours=48), store)
