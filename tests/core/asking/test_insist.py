"""Whoever insists sends the same operation until the database is back, as long as it makes sense."""

import asyncio
from typing import Any

import pytest

from core.asking.insist import TELL_AFTER_SECONDS, Insistence
from core.errors import BooksDamaged, BooksFailed, BooksUnavailable, BooksUncertain
from core.operations import Operation
from tests.bookkeeping import top_up
from tests.core.asking.house import ManualClock

AWAY = BooksUnavailable("The database is away.")


class AwayUntil:
    """Books that come back at a moment, and count who asks."""

    def __init__(self, clock: ManualClock, seconds: float, failure: BooksFailed = AWAY) -> None:
        self._clock = clock
        self._seconds = seconds
        self._failure = failure
        self.asked = 0

    async def apply(self, operation: Operation[Any]) -> Any:
        self.asked += 1
        if self._clock.monotonic() < self._seconds:
            raise self._failure
        return operation.id


async def insist(books: AwayUntil, clock: ManualClock, *, for_seconds: float = 60) -> tuple[Any, list[BooksFailed]]:
    told: list[BooksFailed] = []
    insistence = Insistence(books, clock, asyncio.Event())
    doing = asyncio.ensure_future(insistence.apply(top_up("t", 1), for_seconds=for_seconds, on_delay=told.append))
    await clock.until(doing)
    return doing, told


@pytest.mark.parametrize("failure", [AWAY, BooksUncertain("Perhaps.")])
async def test_a_database_that_restarts_is_waited_for_without_a_word(failure: BooksFailed) -> None:
    clock = ManualClock()
    doing, told = await insist(AwayUntil(clock, 10, failure), clock)
    assert (doing.result(), told) == ("t", [])
    assert clock.monotonic() < 13


async def test_a_long_absence_is_told_once_and_waited_for_all_the_same() -> None:
    clock = ManualClock()
    doing, told = await insist(AwayUntil(clock, 3 * TELL_AFTER_SECONDS), clock)
    assert (doing.result(), told) == ("t", [AWAY])


async def test_it_ends_when_there_is_nothing_left_to_close() -> None:
    clock = ManualClock()
    doing, _ = await insist(AwayUntil(clock, 1_000), clock, for_seconds=60)
    assert doing.exception() is AWAY
    assert 60 <= clock.monotonic() < 64


async def test_it_tries_once_when_nothing_is_left_from_the_start() -> None:
    clock = ManualClock()
    books = AwayUntil(clock, 1_000)
    doing, _ = await insist(books, clock, for_seconds=-1)
    assert (doing.exception(), books.asked) == (AWAY, 1)


async def test_damage_is_not_tried_again() -> None:
    clock = ManualClock()
    books = AwayUntil(clock, 1_000, BooksDamaged("Broken."))
    doing, _ = await insist(books, clock)
    assert isinstance(doing.exception(), BooksDamaged) and books.asked == 1


async def test_a_process_that_has_to_end_is_not_held_up() -> None:
    clock, enough = ManualClock(), asyncio.Event()
    books = AwayUntil(clock, 1_000)
    insistence = Insistence(books, clock, enough)
    doing = asyncio.ensure_future(insistence.apply(top_up("t", 1), for_seconds=60, on_delay=lambda _: None))
    await asyncio.sleep(0)
    enough.set()
    await asyncio.wait({doing})  # and no time passes at all
    assert (doing.exception(), books.asked, clock.monotonic()) == (AWAY, 2, 0)
