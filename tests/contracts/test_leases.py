"""Leases on the fake and on both real stores: by the database's clock, one holder at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.store.database import open_store
from core.leases import Leases
from core.ports import Books
from tests.fakes import FakeClock, MemoryBooks


@dataclass
class Replicas:
    """Several that work on the same books, each over a connection of its own; and the clock that leases go by."""

    books: tuple[Books, ...]
    advance: Callable[[int], None]

    async def take(self, holder: int, *, seconds: int = 10) -> str:
        """Who has it after this one wanted it."""
        return await Leases(self.books[holder], FakeClock()).take("shard", str(holder), seconds)

    async def all_at_once(self) -> list[str]:
        """What each of them learns."""
        return await asyncio.gather(*(self.take(number) for number in range(len(self.books))))


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def replicas(request: pytest.FixtureRequest) -> AsyncIterator[Replicas]:
    if request.param == "memory":
        clock = FakeClock()
        yield Replicas((MemoryBooks(clock),) * 3, clock.advance)
        return
    url = request.getfixturevalue(f"{request.param}_url")
    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(open_store(url)) for _ in range(3)]

        def advance(seconds: int) -> None:
            for store in stores:
                store.driver.clock_offset_ms += seconds * 1000

        yield Replicas(tuple(store.books for store in stores), advance)


async def test_of_several_at_one_instant_exactly_one_has_it_and_all_know_which(replicas: Replicas) -> None:
    for _ in range(5):
        [holder] = set(await replicas.all_at_once())
        assert await replicas.take(int(holder)) == holder
        replicas.advance(11)  # it died: now there is a row that all of them want to change


async def test_it_is_free_when_its_time_is_up_and_not_before(replicas: Replicas) -> None:
    assert await replicas.take(0) == "0"
    replicas.advance(8)
    assert await replicas.take(1) == "0"
    replicas.advance(2)
    assert [await replicas.take(1), await replicas.take(0)] == ["1", "1"]


async def test_who_leaves_lets_another_have_it_at_once(replicas: Replicas) -> None:
    await replicas.take(0)
    await Leases(replicas.books[0], FakeClock()).give_up("shard", "0")
    assert await replicas.take(2) == "2"
