"""A month of 200 members: each alert once for what it is about, none missing; every figure is the books' own sum."""

import json
from collections import Counter as Tally
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from core.announcement import WALLET_LOW
from core.month_books import sums_of
from core.periods import Period
from core.provider_trouble import TROUBLE
from core.spending import SpendBy
from core.stale_prices import STALE
from core.unusual_spending import UNUSUAL
from tests.simulated_month.month import DAYS, PAIR, PAIR_DAY, SPENDER, SPENDING_DAY, START, ZONE, Month
from tests.simulated_month.recount import Recount, Row

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
    """What the statement of November is made of, to the nano-dollar."""
    team, spending = await month.team(), month.processes[0].ports.spending
    span = team.calendar.span(Period.MONTH, START + timedelta(days=DAYS / 2))
    moved = await spending.movements("wal", span.start, span.end)
    sums = sums_of(moved)
    assert (sums.opening, sums.closing) == (counted.balance_before(FIRST), counted.balance_before(AFTER))
    assert sums.topped_up == counted.pool("top_up", FIRST, AFTER)
    assert sums.taken_back == -counted.pool("refund", FIRST, AFTER)
    assert sums.given_back == counted.pool("reverse", FIRST, AFTER)
    assert sums.spent == -counted.pool("settle", FIRST, AFTER)
    assert moved.absorbed_nanos == counted.operator(FIRST, AFTER)
    by_provider = Tally[str]()
    for each in moved.spent:
        by_provider[each.provider] += each.cost_nanos
    plain = counted.spent_by(lambda charge: charge.provider, FIRST, AFTER)
    assert dict(by_provider) == {name: nanos for name, (_, nanos) in plain.items()}


async def usage_is_what_the_entries_say(month: Month, counted: Recount) -> None:
    """What /usage, the digest and the statement tell November's spending by."""
    team, spending = await month.team(), month.processes[0].ports.spending
    span = team.calendar.span(Period.MONTH, START + timedelta(days=DAYS / 2))
    plain = {
        SpendBy.MODEL: counted.spent_by(lambda charge: charge.model, FIRST, AFTER),
        SpendBy.TAG: counted.spent_by(lambda charge: charge.tag, FIRST, AFTER),
        SpendBy.MEMBER: counted.spent_by(lambda charge: charge.person, FIRST, AFTER),
    }
    for by, expected in plain.items():
        spent = await spending.spent(team.id, span.start, span.end, by)
        assert {each.name: (each.asks, each.cost_nanos) for each in spent} == expected
    (anyone,) = await spending.totals(team.id, [(span.start, span.end)], PAIR)
    assert (anyone.asks, anyone.cost_nanos) == plain[SpendBy.MEMBER][PAIR[0]]
    assert set(plain[SpendBy.TAG]) == {"", "launch", "support"}


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
        await adds_up(Month(store, members=30, asks=1_000, step_hours=12, steps_a_round=2), store)


@pytest.mark.soak
async def test_a_month_of_two_hundred_members_adds_up(database_url: str) -> None:
    async with open_store(database_url) as store:
        await adds_up(Month(store, members=200, asks=20_000, step_hours=1), store)
