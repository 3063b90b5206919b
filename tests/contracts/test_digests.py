"""Digests on the fake and on both real stores: the same lines from the same asks, and each week posted once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

import pytest
import pytest_asyncio

from adapters.store.database import Store, open_store
from adapters.store.digests import StoreDigests
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from adapters.store.spending import StoreSpending
from core.announcement import DIGEST, notice_id
from core.digest.gathering import Gathering
from core.digest.savings import AutomaticChoice, Chosen
from core.digests import Digests
from core.operations import Operation
from core.people import Team
from core.periods import Period
from core.ports import Books, DigestBooks, People, Reports
from core.rows import DigestRow
from tests.bookkeeping import USD, claim, confirm_notice, enrol, hold, line, rows_of, settle, take_notice, top_up
from tests.digesting import MemoryDigests, MemoryWallet
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, a_model
from tests.memory import MemoryPreferences
from tests.memory_spending import MemorySpending

Outcome = TypeVar("Outcome")
MOMENT, MINUTE, HOUR, WEEK = timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(weeks=1)
MODELS = FixedCatalogue((a_model(id="small", title="Small", tier=1), a_model(id="large", title="Large", tier=3)), {})


@dataclass
class House:
    """Books of one kind with Anna's team. `digests()` is one more process; all go by one clock."""

    books: Books
    weeks: DigestBooks
    people: People
    clock: FakeClock
    move_books: Callable[[timedelta], None]
    digests: Callable[..., Digests]
    told: Callable[[], Awaitable[list[DigestRow]]]
    asks: int = 0

    def go(self, span: timedelta) -> None:
        """Time passes."""
        self.clock.advance(span.total_seconds())
        self.move_books(span)

    async def team(self) -> Team:
        """Anna's."""
        (team,) = await self.people.teams()
        return team

    async def go_to_monday(self) -> datetime:
        """To the middle of the first hour of the next week, so that no week ends while a test runs."""
        calendar = (await self.team()).calendar
        self.go(calendar.span(Period.WEEK, self.clock.now()).end - self.clock.now() + HOUR / 2)
        return calendar.span(Period.WEEK, self.clock.now()).start

    async def ask(
        self, cost: int, model: str = "small", *, tier: int = 1, route: str = "auto", improves: str = ""
    ) -> str:
        """An ask that is charged now."""
        self.asks += 1
        ask = f"ask{self.asks}"
        await self.books.apply(claim(ask, improves=improves))
        at_ms = int(self.clock.now().timestamp() * 1000)
        await self.books.apply(hold(ask, cost, model=model, route=route, needed_tier=tier, at_ms=at_ms))
        await self.books.apply(settle(ask, line(cost)))
        return ask


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        yield await _opened(_in_memory())
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        yield await _opened(_in_a_store(store, FakeClock(datetime.fromtimestamp(await store.now_ms() / 1000, UTC))))


def _in_memory() -> House:
    clock = FakeClock()
    books = MemoryBooks(clock)
    weeks, people, reports = MemoryDigests(books), MemoryPeople(books), cast(Reports, MemoryWallet(books))
    gathering = Gathering(MemorySpending(books), reports, weeks, MODELS)

    async def told() -> list[DigestRow]:
        return books.rows(DigestRow)

    def digests(writing: Books = books) -> Digests:
        return Digests(writing, people, MemoryPreferences(books), gathering, clock, seat_nanos=25 * USD)

    return House(books, weeks, people, clock, lambda span: None, digests, told)


def _in_a_store(store: Store, clock: FakeClock) -> House:
    weeks, people = StoreDigests(store), StorePeople(store)
    gathering = Gathering(StoreSpending(store), StoreReports(store, clock), weeks, MODELS)

    async def told() -> list[DigestRow]:
        return await rows_of(store, DigestRow)

    def move(span: timedelta) -> None:
        store.driver.clock_offset_ms += span // MOMENT

    def digests(writing: Books = store.books) -> Digests:
        return Digests(writing, people, StorePreferences(store), gathering, clock, seat_nanos=25 * USD)

    return House(store.books, weeks, people, clock, move, digests, told)


async def _opened(house: House) -> House:
    await house.books.apply(enrol(member_month_limit_nanos=500 * USD))
    await house.books.apply(top_up("budget", 900 * USD))
    return house


async def test_a_week_reads_the_same_off_all_books(house: House) -> None:
    monday = await house.go_to_monday()
    for _ in range(9):
        await house.ask(USD)
    dear = await house.ask(4 * USD, "large", tier=3)
    house.go(WEEK)
    await house.ask(USD, improves=dear)
    await house.ask(2 * USD, "large", route="named")
    house.go(WEEK)
    lines = (await house.digests().preview(await house.team())).lines
    last = (monday + 2 * WEEK - MOMENT).day
    assert lines[0].endswith(
        f"to {last} {monday + 2 * WEEK - MOMENT:%B}: $3.00 spent, 77% less than the week before ($13.00)."
    )
    assert lines[1] == "2 asks by 1 member, $1.50 each (before: 10 by 1)."
    assert "By model: Large 67%, Small 33%." in lines
    assert lines[-1] == "1 earlier week that no digest told of: $13.00, 10 asks."
    assert lines[-2] == (
        "1 seat at $25 would be $25 a month; you pay about $36.92, by your first 13 days. "
        "A seat would be cheaper for 1 of 1 member."
    )


async def test_what_was_chosen_automatically_is_found_by_model_and_need(house: House) -> None:
    monday = await house.go_to_monday()
    first = await house.ask(3)
    await house.ask(5)
    await house.ask(7, "large", tier=3)
    await house.ask(11, "large", tier=1)
    await house.ask(13, "large", route="named", improves=first)
    house.go(WEEK)
    await house.ask(17)
    # `line` is of 13 tokens in, with those of a cache, and 23 out, with those thought
    assert await house.weeks.chosen("team", monday, monday + WEEK) == AutomaticChoice(
        (Chosen("large", 1, 1, 11, 13, 23), Chosen("large", 3, 1, 7, 13, 23), Chosen("small", 1, 2, 8, 26, 46)), 13
    )
    assert await house.weeks.chosen("team", monday - WEEK, monday) == AutomaticChoice((), 0)
    assert await house.weeks.chosen("others", monday, monday + 2 * WEEK) == AutomaticChoice((), 0)


async def test_three_processes_that_look_at_once_post_each_week_once_and_lose_none(house: House) -> None:
    monday = await house.go_to_monday()
    replicas = [house.digests() for _ in range(3)]
    house.go(9 * HOUR)
    assert await house.weeks.last("team") is None
    for week in (1, 2, 5):  # nobody looks in two of them
        await house.ask(USD)
        house.go(monday + week * WEEK + 9 * HOUR + MINUTE - house.clock.now())
        assert sum(await asyncio.gather(*(replica.run() for replica in replicas))) == 1
        assert sum(await asyncio.gather(*(replica.run() for replica in replicas))) == 0
    told = await house.told()
    assert [(row.weeks, row.end_ms) for row in told] == [
        (weeks, int((monday + end * WEEK).timestamp() * 1000)) for weeks, end in ((1, 1), (1, 2), (3, 5))
    ]
    assert [row.start_ms for row in told[1:]] == [row.end_ms for row in told[:-1]]


class Killed(Exception):
    """The process is gone."""


@dataclass
class DyingBooks:
    """Books of a process that dies before it has written something, or before it hears that it has."""

    books: Books
    after: bool

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Perhaps do it, and die."""
        if self.after:
            await self.books.apply(operation)
        raise Killed


@pytest.mark.parametrize("after", [False, True], ids=["before it is written", "after it is written"])
async def test_a_process_that_dies_while_it_posts_leaves_one_digest_for_the_next(after: bool, house: House) -> None:
    monday = await house.go_to_monday()
    await house.ask(USD)
    house.go(monday + WEEK + 9 * HOUR + MINUTE - house.clock.now())
    dying = house.digests(DyingBooks(house.books, after))
    with pytest.raises(Killed):
        await dying.run()
    assert await house.digests().run() == (0 if after else 1)
    assert [row.weeks for row in await house.told()] == [1]


async def test_the_last_one_is_known_and_when_it_arrived(house: House) -> None:
    monday = await house.go_to_monday()
    await house.ask(USD)
    house.go(monday + WEEK + 9 * HOUR + MINUTE - house.clock.now())
    await house.digests().run()
    posted = await house.weeks.last("team")
    assert posted is not None
    assert (posted.end, posted.weeks, posted.delivered_at) == (monday + WEEK, 1, None)
    notice = notice_id(DIGEST, "team", posted.label)
    house.go(MINUTE)
    await house.books.apply(take_notice(notice))
    await house.books.apply(confirm_notice(notice))
    arrived = await house.weeks.last("team")
    assert arrived is not None and arrived.delivered_at is not None
    assert arrived.delivered_at > arrived.at == posted.at
    assert await house.weeks.last("others") is None
