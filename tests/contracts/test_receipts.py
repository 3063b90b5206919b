"""Receipts on the fake and on both real stores: an ask of one team, as it was charged, and a member's newest."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.store.database import open_store
from adapters.store.receipts import StoreReceipts
from core.operations import RequestState
from core.people import Place
from core.ports import Books, ReceiptBooks
from tests.bookkeeping import ask_settled, ask_with_hold, claim, conclude, enrol, hold, line, release, reverse, settle
from tests.bookkeeping import top_up as budget
from tests.fakes import FakeClock, MemoryBooks
from tests.memory import MemoryReceipts


@dataclass
class House:
    """Books of one kind with two teams."""

    books: Books
    receipts: ReceiptBooks
    advance: Callable[[int], None]


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        clock = FakeClock()
        memory = MemoryBooks(clock)
        await _teams(memory)
        yield House(memory, MemoryReceipts(memory), clock.advance)
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await _teams(store.books)

        def advance(seconds: int) -> None:
            store.driver.clock_offset_ms += seconds * 1000

        yield House(store.books, StoreReceipts(store), advance)


async def _teams(books: Books) -> None:
    await books.apply(enrol("anna"))
    await books.apply(enrol("ben"))
    await books.apply(enrol("zoe", team="others", wallet="wal2"))
    await books.apply(budget("budget", 1_000))


async def test_an_ask_is_told_with_each_line_as_it_was_charged(house: House) -> None:
    await ask_with_hold(house.books, "ask", 50)
    await house.books.apply(settle("ask", line(30, reported=31), line(27, provider="other", estimated=True)))
    booked = await house.receipts.one("team", "ask")
    assert booked is not None
    assert booked.lines == (
        line(30, reported=31),
        line(27, 20, provider="other", estimated=True),
    )
    assert (booked.charged_nanos, booked.given_back_nanos, booked.estimated) == (50, 0, True)
    assert (booked.member_id, booked.state, booked.ending) == ("anna", RequestState.SETTLED, "answered")
    assert (booked.model, booked.why) == ("acme-1", "cheapest")
    assert booked.place == Place("test", "one", "general")


async def test_another_team_has_no_such_ask(house: House) -> None:
    await ask_settled(house.books, "ask", 50, 30)
    assert await house.receipts.one("others", "ask") is None
    assert await house.receipts.one("team", "no such ask") is None


async def test_what_was_given_back_is_told_beside_the_lines(house: House) -> None:
    await ask_settled(house.books, "ask", 50, 30)
    await house.books.apply(reverse("ask"))
    booked = await house.receipts.one("team", "ask")
    assert booked is not None
    assert (booked.charged_nanos, booked.given_back_nanos) == (0, 30)


async def test_only_the_last_attempt_is_on_the_receipt(house: House) -> None:
    await ask_with_hold(house.books, "ask", 50)
    await house.books.apply(release("ask", line(7)))
    await house.books.apply(claim("ask", id="again", resumes="ask.1"))
    await house.books.apply(hold("ask", 50, attempt=2))
    await house.books.apply(settle("ask", line(30), attempt=2))
    booked = await house.receipts.one("team", "ask")
    assert booked is not None
    assert booked.lines == (line(30),)
    assert booked.given_back_nanos == 0


async def test_the_newest_asks_of_a_member_come_first_and_nobody_elses(house: House) -> None:
    await ask_settled(house.books, "first", 50, 30)
    house.advance(1)
    await house.books.apply(claim("bens", member="ben"))
    await house.books.apply(claim("second"))
    await house.books.apply(conclude("second", RequestState.REFUSED))
    house.advance(1)
    await ask_with_hold(house.books, "third", 50)
    newest = await house.receipts.newest("team", ["anna"], 2)
    assert [(booked.ask_id, booked.state) for booked in newest] == [("third", "running"), ("second", "refused")]
    (oldest,) = (await house.receipts.newest("team", ["anna"], 9))[2:]
    assert (oldest.ask_id, oldest.charged_nanos, oldest.lines) == ("first", 30, ())
    assert await house.receipts.newest("others", ["anna"], 9) == ()
