"""What was spent, on the fake and on both real stores: the fake reads the ledger, the stores an index of asks."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio

from adapters.store.database import Store, open_store
from adapters.store.spending import StoreSpending
from core.columns import changed
from core.operations import RequestState, Settled
from core.ports import Books, SpendBooks
from core.rows import RequestRow
from core.spending import Movement, SpendBy, Spent, SpentOn, WalletMovements
from tests.adapters.store.raw import execute
from tests.bookkeeping import (
    ask_with_hold,
    claim,
    conclude,
    enrol,
    expire,
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
from tests.linking import enrol_both, link, part
from tests.memory_spending import MemorySpending

MOMENT, MINUTE = timedelta(milliseconds=1), timedelta(minutes=1)
THEIRS: dict[str, Any] = {"team_id": "practice", "wallet_id": "wal2"}


@dataclass
class House:
    """Books of one kind with a team of two people, and one that practises."""

    books: Books
    spending: SpendBooks
    now: Callable[[], Awaitable[datetime]]
    advance: Callable[[timedelta], None]
    request: Callable[[str], Awaitable[RequestRow]]
    file_under: Callable[[str, str], Awaitable[None]]

    async def next_minute(self) -> datetime:
        """What came before is before it, what comes now is after it."""
        self.advance(MINUTE)
        border = await self.now()
        self.advance(MINUTE)
        return border

    async def ended(self, ask: str) -> datetime:
        """When an ask was booked."""
        return datetime.fromtimestamp((await self.request(ask)).finished_at_ms / 1000, UTC)

    async def settled(self, ask: str, cost: int, *, held: int = 0, tag: str = "", **fields: Any) -> None:
        """An ask from its claim to its charge."""
        where = {name: fields.pop(name) for name in ("wallet_id",) if name in fields}
        on = {name: fields.pop(name) for name in ("model", "provider") if name in fields}
        await self.books.apply(claim(ask, **fields, **where))
        await self.books.apply(hold(ask, held or max(cost, 1), **on, **where))
        told = line(cost, provider=on.get("provider", "acme"))
        assert isinstance(await self.books.apply(settle(ask, told, **where)), Settled)
        if tag:
            await self.file_under(ask, tag)

    async def spent(self, by: SpendBy, *span: datetime, **fields: Any) -> tuple[Spent, ...]:
        """What the team spent, by default until now."""
        start, end = span or (datetime(2000, 1, 1, tzinfo=UTC), await self.now() + MINUTE)
        return await self.spending.spent("team", start, end, by, **fields)

    async def moved(self, *span: datetime, wallet: str = "wal") -> WalletMovements:
        """What moved the team's wallet, by default until now."""
        start, end = span or (datetime(2000, 1, 1, tzinfo=UTC), await self.now() + MINUTE)
        return await self.spending.movements(wallet, start, end)


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        made = _in_memory()
        await _teams(made.books)
        yield made
        return
    url = request.getfixturevalue(f"{request.param}_url")
    async with open_store(url) as store:
        await _teams(store.books)
        yield _in_a_store(store, url)


def _in_memory() -> House:
    clock = FakeClock()
    books = MemoryBooks(clock)

    async def request(ask: str) -> RequestRow:
        return next(row for row in books.rows(RequestRow) if row.id == ask)

    async def file_under(ask: str, tag: str) -> None:
        books.has(changed(await request(ask), tag=tag))

    async def now() -> datetime:
        return clock.now()

    def advance(span: timedelta) -> None:
        clock.advance(span.total_seconds())

    return House(books, MemorySpending(books), now, advance, request, file_under)


def _in_a_store(store: Store, url: str) -> House:
    async def request(ask: str) -> RequestRow:
        return next(row for row in await rows_of(store, RequestRow) if row.id == ask)

    async def file_under(ask: str, tag: str) -> None:
        await execute(url, f"UPDATE request SET tag = '{tag}' WHERE id = '{ask}'")

    async def now() -> datetime:
        return datetime.fromtimestamp(await store.now_ms() / 1000, UTC)

    def advance(span: timedelta) -> None:
        store.driver.clock_offset_ms += span // MOMENT

    return House(store.books, StoreSpending(store), now, advance, request, file_under)


async def _teams(books: Books) -> None:
    await enrol_both(books)
    await books.apply(enrol("zoe", team="practice", wallet="wal2", demo=True))
    await books.apply(top_up("budget", 1_000, reason="November"))
    await books.apply(top_up("play", 500, **THEIRS, actor="zoe"))


# --- by what ---


async def test_is_told_by_model_tag_channel_and_member_the_dearest_first(house: House) -> None:
    await house.settled("one", 30, tag="launch")
    await house.settled("two", 20, model="acme-2", channel="help", member="ben")
    await house.settled("three", 20, tag="launch", model="acme-2")
    assert await house.spent(SpendBy.MODEL) == (Spent("acme-2", 2, 40), Spent("acme-1", 1, 30))
    assert await house.spent(SpendBy.TAG) == (Spent("launch", 2, 50), Spent("", 1, 20))
    assert await house.spent(SpendBy.CHANNEL) == (
        Spent("channel:test:general", 2, 50),
        Spent("channel:test:help", 1, 20),
    )
    assert await house.spent(SpendBy.MEMBER) == (Spent("anna", 2, 50), Spent("ben", 1, 20))
    assert await house.spent(SpendBy.TAG, member_ids=["ben"]) == (Spent("", 1, 20),)


async def test_what_cost_the_same_is_told_by_name(house: House) -> None:
    for number, model in enumerate(("b", "B", "a", "ä", "Z")):
        await house.settled(f"ask{number}", 10, model=model)
    assert [each.name for each in await house.spent(SpendBy.MODEL)] == ["B", "Z", "a", "b", "ä"]


async def test_direct_messages_are_told_together(house: House) -> None:
    await house.settled("annas", 10, platform="slack", channel="D1")
    await house.settled("bens", 20, platform="slack", channel="D2", member="ben")
    await house.settled("nowhere", 5, channel="")
    await house.settled("public", 1, platform="other", channel="D1")
    assert await house.spent(SpendBy.CHANNEL) == (Spent("", 3, 35), Spent("channel:other:D1", 1, 1))


async def test_accounts_of_one_person_are_told_as_one(house: House) -> None:
    await house.settled("annas", 30)
    await house.settled("bens", 20, member="ben")
    await link(house.books, "anna", "ben")
    assert await house.spent(SpendBy.MEMBER) == (Spent("anna", 2, 50),)
    assert await house.spent(SpendBy.MODEL, member_ids=["anna", "ben"]) == (Spent("acme-1", 2, 50),)
    assert await house.spent(SpendBy.MODEL, member_ids=["ben"]) == (Spent("acme-1", 1, 20),)
    await house.books.apply(part("apart"))
    assert await house.spent(SpendBy.MEMBER) == (Spent("anna", 1, 30), Spent("ben", 1, 20))


# --- what counts ---


async def test_an_ask_counts_from_the_moment_at_which_it_was_booked(house: House) -> None:
    await ask_with_hold(house.books, "ask", 50)
    begun = await house.next_minute()
    await house.books.apply(settle("ask", line(30)))
    ended = await house.ended("ask")
    for members in ((), ("anna",)):
        assert await house.spent(SpendBy.MODEL, begun, ended, member_ids=members) == ()
        assert await house.spent(SpendBy.MODEL, ended, ended + MOMENT, member_ids=members) == (Spent("acme-1", 1, 30),)
        assert await house.spent(SpendBy.MODEL, ended + MOMENT, ended + MINUTE, member_ids=members) == ()
        spans = [(begun, ended), (ended, ended + MOMENT), (begun, ended + MINUTE)]
        totals = await house.spending.totals("team", spans, members)
        assert totals == (Spent("", 0, 0), Spent("", 1, 30), Spent("", 1, 30))
    on = (SpentOn("acme", "", 30),)
    assert [(await house.moved(*span)).spent for span in spans] == [(), on, on]


async def test_a_free_answer_is_an_ask_that_cost_nothing(house: House) -> None:
    await house.settled("free", 0)
    assert await house.spent(SpendBy.MODEL) == (Spent("acme-1", 1, 0),)
    assert (await house.moved()).spent == ()


async def test_what_was_not_charged_is_no_ask(house: House) -> None:
    await house.books.apply(claim("refused"))
    await house.books.apply(conclude("refused", RequestState.REFUSED))
    await ask_with_hold(house.books, "failed", 50)
    await house.books.apply(release("failed", line(7)))
    await ask_with_hold(house.books, "running", 50)
    now = await house.now()
    assert await house.spent(SpendBy.MODEL) == ()
    assert await house.spending.totals("team", [(now - MINUTE, now + MINUTE)]) == (Spent("", 0, 0),)
    assert await house.spending.first_ask_at("team") is None


async def test_what_is_given_back_belongs_to_its_own_moment(house: House) -> None:
    await house.settled("ask", 30, tag="launch")
    await house.settled("other", 5)
    then = await house.next_minute()
    await house.books.apply(reverse("ask"))
    end = await house.next_minute()
    before = (then - 10 * MINUTE, then)
    assert await house.spent(SpendBy.TAG, *before) == (Spent("launch", 1, 30), Spent("", 1, 5))
    assert await house.spent(SpendBy.MEMBER, *before, member_ids=["anna"]) == (Spent("anna", 2, 35),)
    assert await house.spending.totals("team", [before, (then, end)]) == (Spent("", 2, 35), Spent("", 0, 0))
    moved = await house.moved(then, end)
    assert (moved.spent, moved.given_back) == ((), (SpentOn("acme", "launch", 30),))
    assert (moved.opening_nanos, moved.closing_nanos) == (965, 995)
    moved = await house.moved(*before)
    assert (moved.given_back, moved.closing_nanos) == ((), 965)


async def test_practice_is_not_among_what_a_team_spent(house: House) -> None:
    await house.settled("play-1", 40, member="zoe", **THEIRS)
    await house.settled("ask", 30)
    assert await house.spent(SpendBy.MODEL) == (Spent("acme-1", 1, 30),)
    assert (await house.moved()).closing_nanos == 970
    theirs = await house.moved(wallet="wal2")
    assert (theirs.spent, theirs.closing_nanos) == ((SpentOn("acme", "", 40),), 460)
    assert await house.spent(SpendBy.MODEL, member_ids=["zoe"]) == ()


async def test_tells_when_the_first_charged_ask_ended(house: House) -> None:
    await house.settled("first", 30)
    await house.next_minute()
    await house.settled("second", 30)
    assert await house.spending.first_ask_at("team") == await house.ended("first")
    assert await house.spending.first_ask_at("practice") is None


# --- the wallet ---


async def test_budget_that_came_in_and_was_taken_back_is_told_one_by_one(house: House) -> None:
    begun = await house.next_minute()
    await house.books.apply(top_up("more", 200, reason="launch"))
    await house.books.apply(refund("more.undo", "more"))
    end = await house.next_minute()
    moved = await house.moved(begun, end)
    (came,), (went,) = moved.top_ups, moved.taken_back
    assert came == Movement("more", 200, "anna", "launch", came.at)
    assert went == Movement("more.undo", 200, "anna", went.reason, went.at, of="more")
    assert begun <= came.at <= went.at < end
    assert (moved.opening_nanos, moved.closing_nanos) == (1_000, 1_000)


async def test_what_was_spent_is_told_by_provider_and_tag_as_each_was_charged(house: House) -> None:
    await ask_with_hold(house.books, "trimmed", 50)
    await house.books.apply(settle("trimmed", line(30), line(27, provider="other")))
    await house.settled("tagged", 40, tag="launch")
    moved = await house.moved()
    assert moved.spent == (SpentOn("acme", "launch", 40), SpentOn("acme", "", 30), SpentOn("other", "", 20))
    assert moved.absorbed_nanos == 7


async def test_what_the_operator_paid_alone_is_told_beside_it(house: House) -> None:
    await ask_with_hold(house.books, "failed", 60)
    await house.books.apply(release("failed", line(7)))
    await house.books.apply(claim("late"))
    await house.books.apply(hold("late", 40, ttl_seconds=0))
    await house.books.apply(expire("late"))
    then = await house.next_minute()
    await house.books.apply(settle("late", line(9)))
    await ask_with_hold(house.books, "kind", 40)
    await house.books.apply(settle("kind", line(5, 0)))
    await house.settled("back", 30)
    await house.books.apply(reverse("back"))
    end = await house.next_minute()
    assert (await house.moved(then - 10 * MINUTE, then)).absorbed_nanos == 7
    moved = await house.moved(then, end)
    assert (moved.absorbed_nanos, moved.given_back) == (9 + 5, (SpentOn("acme", "", 30),))
    assert (moved.opening_nanos, moved.closing_nanos) == (1_000, 1_000)


async def test_an_attempt_that_failed_is_absorbed_when_it_failed(house: House) -> None:
    await ask_with_hold(house.books, "ask", 50)
    await house.books.apply(release("ask", line(7)))
    then = await house.next_minute()
    await house.books.apply(claim("ask", id="again", resumes="ask.1"))
    await house.books.apply(hold("ask", 50, attempt=2))
    await house.books.apply(settle("ask", line(53), attempt=2))
    end = await house.next_minute()
    assert (await house.moved(then - 10 * MINUTE, then)).absorbed_nanos == 7
    moved = await house.moved(then, end)
    assert (moved.absorbed_nanos, moved.spent) == (3, (SpentOn("acme", "", 50),))


async def test_what_was_in_it_adds_up_from_any_moment_to_any_other(house: House) -> None:
    borders = [await house.next_minute()]
    await house.settled("first", 30)
    borders.append(await house.next_minute())
    await house.settled("second", 20, member="ben")
    await house.books.apply(reverse("first"))
    await house.books.apply(top_up("more", 500))
    await house.books.apply(refund("budget.undo", "budget"))
    borders.append(await house.next_minute())
    await ask_with_hold(house.books, "running", 60)
    borders.append(await house.next_minute())
    moved = [await house.moved(*span) for span in pairwise(borders)]
    assert [each.opening_nanos for each in moved] == [1_000, 970, 480]
    assert [each.closing_nanos for each in moved] == [970, 480, 480]
    whole = await house.moved(borders[0], borders[-1])
    assert (whole.opening_nanos, whole.closing_nanos) == (1_000, 480)
    assert sum(each.amount_nanos for each in whole.taken_back) == 1_000
