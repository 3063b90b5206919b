"""Asks are found by the thread they were asked in, and by nothing less."""

from dataclasses import replace

import pytest

from adapters.store.database import Store
from adapters.store.threads import StoreThreads
from core.people import Place
from tests.bookkeeping import claim, delivered, enrol, hold, line, month, settle, top_up

PLACE = Place("test", "one", "general", "t1")


async def test_who_was_answered_in_a_thread_and_what_runs_there(store: Store) -> None:
    books, threads = store.books, StoreThreads(store)
    await books.apply(top_up("budget", 100))
    await books.apply(claim("a", thread="t1"))
    assert (await threads.answered_for(PLACE), await threads.running(PLACE)) == ("", ("a",))
    await books.apply(hold("a", 10, month(50)))
    await books.apply(settle("a", line(5)))
    await books.apply(delivered("a"))
    await books.apply(claim("b", thread="t1"))
    assert (await threads.answered_for(PLACE), await threads.running(PLACE)) == ("team", ("b",))


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, thread="t2"),
        replace(PLACE, thread=""),
        replace(PLACE, channel="random"),
        replace(PLACE, workspace="two"),
        replace(PLACE, platform="other"),
    ],
)
async def test_another_place_is_another_thread(store: Store, other: Place) -> None:
    await store.books.apply(enrol("ben"))
    await store.books.apply(claim("a", thread="t1"))
    await store.books.apply(claim("b", member="ben", thread=""))
    assert await StoreThreads(store).running(other) == ()
