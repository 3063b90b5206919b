"""An ask that is cancelled, or loses its database, at every single point where it waits: the books close all the same.

Each fake calls `Points.pass_` before and after whatever it does. A run without trouble counts the points; then there is
one run for each of them, in which something happens at just that point.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.asking.unbroken import unbroken
from core.call import Call, Chunk, Stop, StopReason, Text, UsageReport
from core.errors import BooksUnavailable
from core.events import AskEvent, Delta, Finished, Refused
from core.ledger.holding import HoldState
from core.operations import Operation
from core.reports import WalletReport
from core.rows import HoldRow
from tests.core.asking.house import ANNA, USED, Desk, ManualClock, a_desk, heard
from tests.core.asking.points import Outcome, PointedBooks, PointedCounter, Points
from tests.fakes import MemoryBooks, NoVectors, ScriptedProvider
from tests.memory_reports import MemoryReports, open_holds

MONEY = 1_000_000_000
SCRIPTS: dict[str, Sequence[Chunk]] = {
    "an answer": (Text("Two "), Text("wait."), UsageReport(USED), Stop(StopReason.END)),
    "no usage": (Text("Two "), Stop(StopReason.END)),
    "no text": (UsageReport(USED), Stop(StopReason.END)),
    "broken off": (Text("Two "),),
}


@dataclass
class PointedProvider(NoVectors):
    """A script with a point before each step and after the last."""

    script: Sequence[Chunk]
    points: Points

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        del call
        for chunk in self.script:
            await self.points.pass_()
            yield chunk
        await self.points.pass_()


class PointedReports(MemoryReports):
    """Reports that take a while."""

    def __init__(self, books: MemoryBooks, points: Points) -> None:
        super().__init__(books)
        self._points = points

    async def wallet(self, wallet_id: str) -> WalletReport:
        await self._points.pass_()
        return await super().wallet(wallet_id)


async def a_pointed_desk(script: Sequence[Chunk], points: Points, *, nanos: int = MONEY) -> Desk:
    clock = ManualClock()
    memory = MemoryBooks(clock)
    return await a_desk(
        PointedProvider(script, points),
        nanos=nanos,
        clock=clock,
        memory=memory,
        books=PointedBooks(memory, points),
        counter=PointedCounter(points),
        reports=PointedReports(memory, points),
    )


async def run_to_the_end(desk: Desk, points: Points, happen: Callable[[asyncio.Task[None]], None]) -> list[AskEvent]:
    """One ask in which `happen` strikes at the chosen point; every event that its reader saw."""
    running = desk.start(keys=("event",))
    task = next(iter(desk.asks._running))
    points.happen = lambda: happen(task)
    events = await heard(running)
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.gather(*desk.ports.books.done, return_exceptions=True)  # type: ignore[attr-defined]
    return events


def assert_closed(desk: Desk, events: list[AskEvent], delivered: str) -> None:
    """No hold is open, nothing is charged without text, and what the reader was told is what happened."""
    charged = MONEY - desk.wallet.available_nanos
    assert open_holds(desk.books) == []
    assert desk.wallet.held_nanos == 0
    assert [hold.charged_nanos for hold in desk.books.rows(HoldRow)] in ([], [charged])
    assert charged == 0 or delivered
    end = events[-1]
    assert isinstance(end, Finished | Refused)
    assert sum(isinstance(event, Finished | Refused) for event in events) == 1
    if isinstance(end, Finished):
        assert end.receipt.charged_nanos == charged
    else:
        assert charged == 0 and "Not charged." in end.sentence


def text_of(events: list[AskEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


def cancel_twice(task: asyncio.Task[None]) -> None:
    task.cancel()
    for turns in range(1, 4):
        _after(turns, task.cancel)


def _after(turns: int, act: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: _after(turns - 1, act) if turns else act())


@pytest.mark.parametrize("strike", [cancel, cancel_twice])
@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_ask_that_is_cancelled_at_any_point_closes_its_books(
    script: str, strike: Callable[[asyncio.Task[None]], None]
) -> None:
    points = Points()
    desk = await a_pointed_desk(SCRIPTS[script], points)
    events = await run_to_the_end(desk, points, strike)
    assert_closed(desk, events, text_of(events))
    places = points.passed
    assert places > 10
    for place in range(1, places + 1):
        points = Points(at=place)
        desk = await a_pointed_desk(SCRIPTS[script], points)
        events = await run_to_the_end(desk, points, strike)
        assert_closed(desk, events, text_of(events))


async def test_an_ask_that_is_refused_can_be_cancelled_anywhere_too() -> None:
    for place in range(1, 20):
        points = Points(at=place)
        desk = await a_pointed_desk(SCRIPTS["an answer"], points, nanos=0)
        events = await run_to_the_end(desk, points, cancel)
        assert [type(event) for event in events] == [Refused]
        assert desk.books.rows(HoldRow) == []


@pytest.mark.parametrize("script", SCRIPTS)
async def test_an_ask_that_is_stopped_at_any_point_closes_its_books(script: str) -> None:
    points = Points()
    desk = await a_pointed_desk(SCRIPTS[script], points)
    await run_to_the_end(desk, points, cancel)
    for place in range(1, points.passed + 1):
        points = Points(at=place)
        desk = await a_pointed_desk(SCRIPTS[script], points)
        events = await run_to_the_end(desk, points, lambda _, desk=desk: desk.asks.stop_mine(ANNA))  # type: ignore[misc]
        assert_closed(desk, events, text_of(events))


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_database_that_goes_away_at_any_operation_is_survived(script: str, committed: bool) -> None:
    """Once: what was committed before it went away is found again, what was not is done then."""
    for number in range(4):
        memory = MemoryBooks(clock := ManualClock())
        provider = ScriptedProvider(SCRIPTS[script])
        books = AwayOnce(memory, number, committed=committed)
        desk = await a_desk(provider, nanos=MONEY, clock=clock, memory=memory, books=books)
        hearing = asyncio.ensure_future(desk.hear(keys=("event",)))
        await clock.until(hearing)
        await clock.until(asyncio.ensure_future(desk.asks.close(10)))  # the reader may be let go before the books are
        assert_closed(desk, hearing.result(), text_of(hearing.result()))
        states = [hold.state for hold in memory.rows(HoldRow)]
        assert states in ([], [HoldState.SETTLED], [HoldState.RELEASED])


@dataclass
class AwayOnce:
    """Books that cannot be reached at one operation, after it was committed or before."""

    inner: MemoryBooks
    number: int
    committed: bool = field(kw_only=True)

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        self.number -= 1
        if self.number != -1:
            return await self.inner.apply(operation)
        if self.committed:
            await self.inner.apply(operation)
        raise BooksUnavailable("The database cannot be reached.")


# --- the guard itself ---------------------------------------------------------------------------------------------


async def work(done: list[str], failure: Exception | None = None) -> str:
    for _ in range(5):
        await asyncio.sleep(0)
    done.append("done")
    if failure is not None:
        raise failure
    return "outcome"


async def test_unbroken_work_gives_its_outcome_or_its_failure() -> None:
    assert await unbroken(work([])) == "outcome"
    with pytest.raises(BooksUnavailable):
        await unbroken(work([], BooksUnavailable("away")))


@pytest.mark.parametrize("failure", [None, BooksUnavailable("away")])
async def test_unbroken_work_is_done_however_often_its_task_is_cancelled(failure: Exception | None) -> None:
    done: list[str] = []
    guarded: Coroutine[Any, Any, str] = unbroken(work(done, failure))
    task = asyncio.ensure_future(guarded)
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["done"]
