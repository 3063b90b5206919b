"""Charges and bills on the fake and on both real stores: the fake reads row by row, the stores by their indexes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from adapters.store.bills import StoreBills
from adapters.store.charges import StoreCharges
from adapters.store.database import open_store
from adapters.store.spending import StoreSpending
from core.charges import Charge
from core.month_books import sums_of
from core.operations import BillRecorded
from core.ports import BillBooks, Books, ChargeBooks, SpendBooks
from core.rows import BillActRow, BillRow
from tests.billing import bill
from tests.bookkeeping import (
    ask_with_hold,
    claim,
    enrol,
    hold,
    line,
    refund,
    release,
    reverse,
    rows_of,
    settle,
    top_up,
)
from tests.fakes import FakeClock, MemoryBooks
from tests.memory_charges import MemoryBills, MemoryCharges
from tests.memory_spending import MemorySpending

MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Span = tuple[datetime, datetime]


@dataclass
class House:
    """Books of one kind with a team of two, and another team."""

    books: Books
    charges: ChargeBooks
    bills: BillBooks
    spending: SpendBooks
    now: Callable[[], Awaitable[datetime]]
    advance: Callable[[timedelta], None]

    async def border(self) -> datetime:
        """What came before is before it, what comes now is after it."""
        self.advance(MINUTE)
        border = await self.now()
        self.advance(MINUTE)
        return border

    async def charged(self, *spans: Span, at_most: int = 100) -> list[Charge]:
        found = await self.charges.charges("team", spans, at_most=at_most)
        assert found is not None
        return list(found)


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        clock = FakeClock()
        memory = MemoryBooks(clock)

        async def now() -> datetime:
            return clock.now()

        charges, bills, spending = MemoryCharges(memory), MemoryBills(memory), MemorySpending(memory)
        made = House(memory, charges, bills, spending, now, lambda span: clock.advance(span.total_seconds()))
        await _teams(memory)
        yield made
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await _teams(store.books)

        async def its_now() -> datetime:
            return datetime.fromtimestamp(await store.now_ms() / 1000, UTC)

        def advance(span: timedelta) -> None:
            store.driver.clock_offset_ms += span // timedelta(milliseconds=1)

        reads = StoreCharges(store), StoreBills(store), StoreSpending(store)
        yield House(store.books, *reads, its_now, advance)


async def _teams(books: Books) -> None:
    await books.apply(enrol("anna"))
    await books.apply(enrol("ben"))
    await books.apply(enrol("zoe", team="others", wallet="wal2"))
    await books.apply(top_up("budget", 10_000))
    await books.apply(top_up("theirs", 10_000, team_id="others", wallet_id="wal2", actor="zoe"))


async def ask(house: House, name: str, cost: int, **fields: Any) -> None:
    where = {"wallet_id": fields.pop("wallet_id")} if "wallet_id" in fields else {}
    await house.books.apply(claim(name, **fields, **where))
    await house.books.apply(hold(name, cost or 1, **where))
    await house.books.apply(settle(name, line(cost), **where))


def money(charges: list[Charge]) -> list[tuple[str, str, int, int, bool, bool]]:
    return [
        (each.member_id, each.provider, each.asks, each.cost_nanos, each.given_back, each.of_earlier)
        for each in charges
    ]


async def test_charges_stand_by_member_provider_model_and_tag_in_their_stretch(house: House) -> None:
    await ask(house, "one", 30)
    await ask(house, "two", 20)
    await ask(house, "bens", 5, member="ben")
    middle = await house.border()
    await ask(house, "three", 7)
    await ask(house, "zoes", 99, team_id="others", member="zoe", wallet_id="wal2")
    end = await house.border()
    first, second = (LONG_AGO, middle), (middle, end)
    found = await house.charged(first, second)
    assert money(found) == [
        ("anna", "acme", 2, 50, False, False),
        ("ben", "acme", 1, 5, False, False),
        ("anna", "acme", 1, 7, False, False),
    ]
    assert [(each.start, each.end) for each in found] == [first, first, second]
    used = line(1).usage
    assert found[0].input_tokens == 2 * (used.input_tokens + used.cache_read_tokens + used.cache_write_tokens)
    assert found[0].output_tokens == 2 * used.output_tokens


async def test_an_answer_that_cost_nothing_is_there_and_a_failed_call_is_not(house: House) -> None:
    await ask_with_hold(house.books, "free", 10)
    await house.books.apply(settle("free", line(0)))
    await ask_with_hold(house.books, "failed", 10)
    await house.books.apply(release("failed", line(4, provider="other")))
    assert money(await house.charged((LONG_AGO, await house.border()))) == [("anna", "acme", 1, 0, False, False)]


async def test_an_ask_of_two_providers_counts_under_each_with_what_it_took(house: House) -> None:
    await ask_with_hold(house.books, "both", 50)
    await house.books.apply(settle("both", line(30), line(20, provider="other")))
    assert money(await house.charged((LONG_AGO, await house.border()))) == [
        ("anna", "acme", 1, 30, False, False),
        ("anna", "other", 1, 20, False, False),
    ]


async def test_what_was_given_back_stands_in_its_own_stretch_and_says_whether_it_was_charged_earlier(
    house: House,
) -> None:
    await ask(house, "old", 30)
    middle = await house.border()
    await ask(house, "new", 20)
    for name in ("old", "new"):
        await house.books.apply(reverse(name))
    end = await house.border()
    assert money(await house.charged((middle, end))) == [
        ("anna", "acme", 1, 20, False, False),
        ("anna", "acme", 1, -20, True, False),
        ("anna", "acme", 1, -30, True, True),
    ]
    assert money(await house.charged((LONG_AGO, middle))) == [("anna", "acme", 1, 30, False, False)]


async def test_too_many_are_none(house: House) -> None:
    await ask(house, "one", 30)
    await ask(house, "bens", 5, member="ben")
    span = (LONG_AGO, await house.border())
    assert await house.charges.charges("team", [span], at_most=1) is None
    assert len(await house.charged(span, at_most=2)) == 2
    assert await house.charged() == []


async def test_what_providers_took_is_booked_for_all_teams_and_the_operator(house: House) -> None:
    await ask(house, "before", 1_000)
    middle = await house.border()
    await ask(house, "annas", 30)
    await ask(house, "zoes", 99, team_id="others", member="zoe", wallet_id="wal2")
    await ask_with_hold(house.books, "beyond", 10)
    await house.books.apply(settle("beyond", line(14)))
    await ask_with_hold(house.books, "failed", 10)
    await house.books.apply(release("failed", line(4, provider="other")))
    await house.books.apply(reverse("annas"))
    assert await house.bills.booked(middle, await house.border()) == {"acme": 30 + 99 + 14, "other": 4}
    assert await house.bills.booked(LONG_AGO, LONG_AGO + MINUTE) == {}


async def test_the_newest_bill_of_a_month_counts(house: House) -> None:
    assert await house.bills.bills() == {}
    assert await house.books.apply(bill("first", 100)) == BillRecorded(before_nanos=None)
    assert await house.books.apply(bill("second", 90)) == BillRecorded(before_nanos=100)
    assert await house.books.apply(bill("october", 7, month="2026-10")) == BillRecorded(before_nanos=None)
    assert await house.bills.bills() == {("acme", "2026-11"): 90, ("acme", "2026-10"): 7}


async def test_who_correct_a_bill_at_once_each_correct_what_stands_there(database_url: str) -> None:
    """Of two at once one is the first, whatever process each is in: what stood there before stays known."""
    async with open_store(database_url) as one, open_store(database_url) as another:
        for number in range(8):
            bills = (bill(f"{number}.{place}", 2 * number + place) for place in (1, 2))
            await asyncio.gather(*(store.books.apply(each) for store, each in zip((one, another), bills, strict=True)))
        acts = await rows_of(one, BillActRow)
        (stands,) = await rows_of(one, BillRow)
    assert sorted([*(act.before_nanos for act in acts), stands.total_nanos]) == [*range(17)]


async def test_charges_and_statement_tell_the_same_to_the_nano_dollar(house: House) -> None:
    await ask(house, "old", 31)
    await house.books.apply(top_up("more", 500))
    middle = await house.border()
    await ask(house, "new", 17)
    await ask_with_hold(house.books, "beyond", 10)
    await house.books.apply(settle("beyond", line(7), line(9, provider="other")))
    await house.books.apply(reverse("old"))
    await house.books.apply(refund("back", "more"))
    end = await house.border()
    sums = sums_of(await house.spending.movements("wal", middle, end))
    charges = await house.charged((middle, end))
    assert sum(each.cost_nanos for each in charges if not each.given_back) == sums.spent == 27
    assert -sum(each.cost_nanos for each in charges if each.given_back) == sums.given_back == 31
    assert sums.opening + sums.topped_up - sums.taken_back + sums.given_back - sums.spent == sums.closing
    assert (sums.opening, sums.closing) == (10_500 - 31, 10_000 - 27)
