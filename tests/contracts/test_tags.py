"""What asks count for, on the fake and on both real stores."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.store.database import open_store
from adapters.store.receipts import StoreReceipts
from core.operations import Concluded, Refused, RequestState
from core.policy import EVERYONE, Setting, Tagged
from core.ports import Books, ReceiptBooks
from tests.bookkeeping import ask_settled, claim, conclude, enrol, hold, release, rule
from tests.bookkeeping import top_up as budget
from tests.fakes import FakeClock, MemoryBooks
from tests.forgetting import erase_traces, forget
from tests.memory import MemoryReceipts

GENERAL = "channel:test:general"


@dataclass
class House:
    """Books of one kind with a team whose channel has a tag, and everyone another one."""

    books: Books
    receipts: ReceiptBooks

    async def tagged(self, ask: str) -> Tagged:
        booked = await self.receipts.one("team", ask)
        assert booked is not None
        return booked.tagged

    async def asked(self, ask: str, tag: str = "", **fields: str) -> Tagged:
        """The tag of an ask that held money."""
        await self.books.apply(claim(ask, tag=tag, **fields))
        await self.books.apply(hold(ask, 10))
        return await self.tagged(ask)


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    if request.param == "memory":
        memory = MemoryBooks(FakeClock())
        await _begun(memory)
        yield House(memory, MemoryReceipts(memory))
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await _begun(store.books)
        yield House(store.books, StoreReceipts(store))


async def _begun(books: Books) -> None:
    await books.apply(enrol("anna"))
    await books.apply(budget("budget", 1_000))
    await books.apply(rule("here", GENERAL, Setting.TAG, "launch"))
    await books.apply(rule("there", EVERYONE, Setting.TAG, "daily"))


async def test_what_a_question_names_counts_before_what_its_channel_does_and_that_before_everyones(
    house: House,
) -> None:
    assert await house.asked("named", "budget") == Tagged("budget", "question")
    assert await house.asked("here") == Tagged("launch", "channel")
    assert await house.asked("elsewhere", channel="random") == Tagged("daily", "everyone")
    assert await house.asked("without", "none") == Tagged("", "question")
    await house.books.apply(rule("none", GENERAL, Setting.TAG, "none"))
    assert await house.asked("taken away") == Tagged()


async def test_what_runs_a_question_again_counts_for_what_that_counted_for(house: House) -> None:
    await ask_settled(house.books, "first", 50, 30)
    await house.asked("fails")
    await house.books.apply(release("fails"))
    await house.books.apply(rule("later", GENERAL, Setting.TAG, "cleanup"))
    await house.books.apply(claim("fails", id="again", resumes="fails.1", tag="typed-later"))
    await house.books.apply(hold("fails", 10, attempt=2))
    assert await house.tagged("fails") == Tagged("launch", "channel")
    assert await house.asked("better", "typed-later", improves="first") == Tagged("launch", "channel")


async def test_what_was_not_tagged_is_bettered_untagged(house: House) -> None:
    for target in (GENERAL, EVERYONE):
        await house.books.apply(rule(f"{target}-off", target, Setting.TAG, ""))
    await ask_settled(house.books, "first", 50, 30)
    await house.books.apply(rule("later", GENERAL, Setting.TAG, "cleanup"))
    assert await house.asked("better", improves="first") == Tagged()


@pytest.mark.parametrize("tag", ["Launch", "two words", "fff", "=cmd", "ghp_" + "a1B2" * 9, "x" * 41, "a\u200bb"])
async def test_nothing_that_is_no_tag_is_kept_as_one(house: House, tag: str) -> None:
    await house.books.apply(claim("ask", tag=tag))
    await house.books.apply(conclude("ask", RequestState.REFUSED))
    assert await house.tagged("ask") == Tagged()


async def test_who_is_forgotten_leaves_no_tag_of_their_own_and_those_of_rules(house: House) -> None:
    assert not isinstance(await house.books.apply(enrol("ben")), Refused)
    for ask, tag in (("typed", "for-ben-miller"), ("ruled", ""), ("refused", "none")):
        await house.asked(ask, tag, member="ben")
        await house.books.apply(release(ask))
    assert await house.books.apply(forget("f", "ben")) == Concluded()
    erased = await house.books.apply(erase_traces("e", "ben", asks=("typed", "ruled", "refused")))
    assert erased == Concluded()
    assert await house.tagged("typed") == await house.tagged("refused") == Tagged()
    assert await house.tagged("ruled") == Tagged("launch", "channel")
