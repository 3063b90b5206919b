"""What buttons stand for, on both databases: read in its team, erased after its day, told of to its member."""

import json

from adapters.store.database import Store
from adapters.store.overdue import StoreOverdue
from adapters.store.personal import StorePersonalData
from adapters.store.presses import StorePresses
from core.defaults import KEEP_SEALED_MS
from core.sweep import Sweep
from tests.fakes import FakeClock
from tests.keeping import keep_press


async def test_it_is_read_in_its_team_for_a_day_and_then_erased(store: Store) -> None:
    presses, overdue = StorePresses(store), StoreOverdue(store)
    await store.books.apply(keep_press("one"))
    assert await presses.kept("team", "press") == b"sealed value"
    assert await presses.kept("others", "press") == await presses.kept("team", "other") == b""
    assert await overdue.presses() == ()
    store.driver.clock_offset_ms += KEEP_SEALED_MS
    assert await presses.kept("team", "press") == b""
    assert await overdue.presses() == (("press", "wal"),)
    await Sweep(store.books, overdue, FakeClock()).run()
    assert await overdue.presses() == ()


async def test_its_member_is_told_that_it_is_there_and_it_is_among_their_traces(store: Store) -> None:
    await store.books.apply(keep_press("one"))
    personal = StorePersonalData(store)
    told = json.loads("".join([piece async for piece in personal.export("anna")]))
    assert [row["id"] for row in told["buttons"]] == ["press"] and "sealed" not in json.dumps(told)
    assert (await personal.traces("anna")).presses == ("press",)
