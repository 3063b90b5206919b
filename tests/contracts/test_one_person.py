"""One person, two accounts: whatever they do in whatever order, together they never have a quota twice."""

import asyncio
from random import Random
from typing import Any

import pytest

from adapters.store.audit import audit
from adapters.store.database import open_store
from core.operations import Held, Refused
from core.ports import Books
from core.rows import CounterRow
from tests.bookkeeping import AT_MS, claim, enrol, hold, in_flight, line, rehold, release, reverse, settle, top_up
from tests.fakes import START, FakeClock, MemoryBooks
from tests.linking import DISCORD, SLACK, link, linking, part

MONTH = 100
BOTH = ("anna", "ben")


async def open_both(books: Books) -> None:
    """Anna on Slack and Ben on Discord, with more money than their month allows."""
    for member, place in zip(BOTH, (SLACK, DISCORD), strict=True):
        where: dict[str, Any] = {"workspace": place, "identity": f"{place}/{member}"}
        await books.apply(enrol(member, **where, member_month_limit_nanos=MONTH))
    await books.apply(top_up("budget", 10_000))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_of_two_that_ask_at_the_same_instant_one_holds(database: str, request: pytest.FixtureRequest) -> None:
    """In one batch or in two, by one process or by two: there is room in their month for one."""
    url = request.getfixturevalue(f"{database}_url")
    async with open_store(url) as one, open_store(url) as other:
        await open_both(one.books)
        await asyncio.gather(*(one.books.apply(claim(ask, member=who)) for ask, who in zip("ab", BOTH, strict=True)))
        await link(one.books)
        outcomes = await asyncio.gather(one.books.apply(hold("a", MONTH)), other.books.apply(hold("b", MONTH)))
        assert sorted(isinstance(outcome, Refused) for outcome in outcomes) == [False, True]
        assert (await audit(one)).violations == ()


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_they_do_their_month_is_one(seed: int) -> None:
    """What both used and hold passes their limit by no more than it did when they became one person."""
    books = MemoryBooks(FakeClock())
    await open_both(books)
    await link(books)
    fire = Fire(books, Random(seed))
    for _ in range(120):
        await fire.something()
        assert fire.taken() <= MONTH
    assert fire.taken() > 0


async def test_the_audit_finds_nothing_after_any_of_it(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        store.driver.clock_offset_ms = int(START.timestamp() * 1000) - await store.now_ms()
        await open_both(store.books)
        await link(store.books)
        fire = Fire(store.books, Random(7))
        for _ in range(60):
            await fire.something()
        assert (await audit(store)).violations == ()


class Fire:
    """Asks by both accounts, settled, reversed or failed; accounts that part and join again, all in one month."""

    def __init__(self, books: Any, random: Random) -> None:
        self._books = books
        self._random = random
        self._count = 0
        self._open: list[str] = []
        self._closed: list[str] = []
        self._one = True

    async def something(self) -> None:
        """One more thing, mostly an ask."""
        self._count += 1
        does = self._random.choice(
            [
                self._ask,
                self._ask,
                self._ask,
                self._settle,
                self._rehold,
                self._release,
                self._reverse,
                self._part_or_join,
            ]
        )
        await does(f"op{self._count}")

    async def _ask(self, ask: str) -> None:
        who = self._random.choice(BOTH)
        await self._books.apply(claim(ask, member=who))
        nanos = self._random.choice([1, 10, 40, 70])
        if isinstance(await self._books.apply(hold(ask, nanos, in_flight(9, who), at_ms=AT_MS)), Held):
            self._open.append(ask)

    async def _settle(self, _: str) -> None:
        if self._open:
            ask = self._open.pop(self._random.randrange(len(self._open)))
            self._closed.append(ask)
            await self._books.apply(settle(ask, line(self._random.choice([0, 5, 30, 70]))))

    async def _rehold(self, op: str) -> None:
        if self._open:
            ask = self._random.choice(self._open)
            await self._books.apply(rehold(ask, self._random.choice([1, 60]), id=op))

    async def _release(self, _: str) -> None:
        if self._open:
            await self._books.apply(release(self._open.pop(0)))

    async def _reverse(self, op: str) -> None:
        if self._closed:
            await self._books.apply(reverse(self._closed.pop(0), id=op))

    async def _part_or_join(self, op: str) -> None:
        if self._one:
            assert not isinstance(await self._books.apply(part(op)), Refused)
        else:
            for step in linking(code=op):
                assert not isinstance(await self._books.apply(step), Refused)
        self._one = not self._one

    def taken(self) -> int:
        """What both have used and hold of their month."""
        months = [row for row in self._books.rows(CounterRow) if row.scope == "member_month"]
        return sum(row.used + row.held for row in months)
