"""Asks that wait in line for money: who came first is served first, and nobody waits longer than they must.

The clock stands still unless a test moves it, so nothing here is found by looking again unless it says so.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pytest

from core.asks import Asks, RunningAsk
from core.call import Call, Chunk, Stop, StopReason, Text, UsageReport
from core.events import AskEvent, Ending, Finished, Refused, Started, Waiting
from core.operations import Hold, Operation
from tests.core.asking.house import ANNA, BEN, CARA, SETTINGS, USED, Desk, ManualClock, a_desk, a_question, kinds, until
from tests.fakes import MemoryBooks, NoVectors

Outcome = TypeVar("Outcome")
LONG_QUESTION = "why? " * 1_000
WAITING = replace(SETTINGS, hold_wait_seconds=20)


@dataclass
class OneByOne(NoVectors):
    """Says the first word to everybody, and the last to whoever is let go. `calls` are gates in order of calling."""

    calls: list[asyncio.Event] = field(default_factory=list)

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        del call
        self.calls.append(gate := asyncio.Event())
        yield Text("First ")
        await gate.wait()
        for chunk in (Text("last."), UsageReport(USED), Stop(StopReason.END)):
            yield chunk


@dataclass
class CountingBooks:
    """Memory books that count how often a hold was tried for."""

    memory: MemoryBooks
    holds: int = 0

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        self.holds += isinstance(operation, Hold)
        return await self.memory.apply(operation)


class Heard:
    """One ask and what its reader has heard so far."""

    def __init__(self, running: RunningAsk) -> None:
        self.running = running
        self.events: list[AskEvent] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async with self.running:
            async for event in self.running:
                self.events.append(event)

    def has(self, kind: type[AskEvent]) -> bool:
        """Whether it heard one of these."""
        return any(isinstance(event, kind) for event in self.events)

    @property
    def end(self) -> AskEvent:
        """The last it heard."""
        return self.events[-1]


@dataclass
class Queue:
    """A desk whose provider answers one by one."""

    desk: Desk
    provider: OneByOne
    clock: ManualClock
    books: CountingBooks

    async def come(self, text: str = "why?", **fields: Any) -> Heard:
        """Ask, and go as far as it goes by itself."""
        asker = Heard(self.desk.start(text, **fields))
        await until(lambda: asker.events)
        await quiet()
        return asker

    async def go(self, number: int) -> None:
        """Let a call end."""
        self.provider.calls[number].set()
        await quiet()

    def task_of(self, asker: Heard) -> "asyncio.Task[None]":
        """The task that runs an ask."""
        return next(task for task, ask in self.desk.asks._running.items() if ask.ask_id == asker.running.ask_id)


async def quiet() -> None:
    """Until nothing moves without the clock: far more turns of the loop than an ask has steps."""
    for _ in range(200):
        await asyncio.sleep(0)


async def a_queue(share: float = 1, text: str = "why?", **fields: Any) -> Queue:
    """A queue for a wallet that pays for `share` asks of that text at one time."""
    clock, provider = ManualClock(), OneByOne()
    at_most = (await (await a_desk()).plan(text)).at_most_nanos
    memory = MemoryBooks(clock)
    books = CountingBooks(memory)
    settings = replace(WAITING, **fields)
    desk = await a_desk(
        provider, nanos=int(at_most * share), clock=clock, settings=settings, books=books, memory=memory
    )
    return Queue(desk, provider, clock, books)


async def test_the_one_who_came_first_gets_the_money_first() -> None:
    queue = await a_queue(1.1)
    first, *others = [await queue.come(member=member) for member in (ANNA, BEN, CARA, BEN)]
    assert kinds(first.events) == ["Started", "Delta"]
    for number, asker in enumerate(others):
        assert asker.events == [Waiting(1)]
        await queue.go(number)
        assert kinds(asker.events) == ["Waiting", "Started", "Delta"]
        assert [other.events for other in others[number + 1 :]] == [[Waiting(1)]] * (len(others) - number - 1)
    await queue.go(3)
    assert queue.clock.monotonic() == 0  # nobody had to look again
    assert kinds([asker.end for asker in (first, *others)]) == ["Finished"] * 4
    assert len(queue.desk.asks._till.line) == 0


async def test_a_small_ask_does_not_overtake_a_large_one_that_came_before() -> None:
    queue = await a_queue(1.5, LONG_QUESTION)
    await queue.come(LONG_QUESTION)
    large, small = await queue.come(LONG_QUESTION, member=BEN), await queue.come(member=CARA)
    assert [large.events, small.events] == [[Waiting(1)]] * 2
    assert queue.desk.wallet.available_nanos > (await queue.desk.plan("why?")).at_most_nanos
    await queue.go(0)
    assert large.has(Started)
    large.running.stop()
    await quiet()
    assert small.has(Started)
    await queue.desk.asks.close(1)


async def test_a_member_at_their_own_limit_does_not_hold_up_the_others() -> None:
    queue = await a_queue(9, max_in_flight=1)
    mine, my_next, of_ben = await queue.come(), await queue.come(), await queue.come(member=BEN)
    assert mine.has(Started) and of_ben.has(Started)
    assert my_next.events == [Waiting(1)]
    await queue.go(0)
    assert my_next.has(Started)
    await queue.desk.asks.close(1)


async def test_money_given_back_by_another_process_is_seen() -> None:
    queue = await a_queue(1.1)
    elsewhere = Asks(queue.desk.ports, queue.desk.settings)
    there = Heard(elsewhere.start(a_question(member=BEN)))
    await until(lambda: there.has(Started))
    here = await queue.come()
    await queue.go(0)
    assert isinstance(there.end, Finished)
    assert here.events == [Waiting(1)]
    queue.clock.advance(0.3)
    await quiet()
    assert here.has(Started)
    await queue.desk.asks.close(1)


async def test_those_behind_the_first_leave_the_database_alone() -> None:
    queue = await a_queue(1.1)
    await queue.come()
    first = await queue.come()
    tried = queue.books.holds
    behind = [await queue.come(member=member) for member in (BEN, CARA) * 5]
    assert queue.books.holds == tried
    queue.clock.advance(0.3)
    await quiet()
    assert queue.books.holds == tried + 1
    assert [asker.events for asker in (first, *behind)] == [[Waiting(1)]] * 11  # told once, and not at each look
    await queue.desk.asks.close(1)


async def test_an_ask_tries_once_for_each_time_that_money_comes_back() -> None:
    queue = await a_queue(1.05, LONG_QUESTION)
    small = [await queue.come(member=member) for member in (ANNA, BEN)]
    large = await queue.come(LONG_QUESTION, member=CARA)
    tried = queue.books.holds
    await queue.go(0)
    assert isinstance(small[0].end, Finished) and large.events == [Waiting(2)]
    assert queue.books.holds == tried + 1
    await queue.go(1)
    assert queue.books.holds == tried + 2
    assert large.has(Started)
    await queue.desk.asks.close(1)


@pytest.mark.parametrize("which", [0, 1], ids=["the first in line", "who stands behind"])
async def test_a_cancelled_ask_leaves_the_line(which: int) -> None:
    queue = await a_queue(1.1)
    await queue.come()
    waiting = [await queue.come(member=member) for member in (BEN, CARA)]
    queue.task_of(waiting[which]).cancel()
    await quiet()
    assert isinstance(waiting[which].end, Refused)
    assert len(queue.desk.asks._till.line) == 1
    await queue.go(0)
    assert waiting[1 - which].has(Started)
    await queue.go(1)
    assert len(queue.desk.asks._till.line) == 0
    assert queue.desk.wallet.held_nanos == 0


@pytest.mark.parametrize("which", [0, 1], ids=["the first in line", "who stands behind"])
async def test_a_stop_ends_the_waiting_at_once(which: int) -> None:
    queue = await a_queue(1.1)
    await queue.come()
    waiting = [await queue.come(member=member) for member in (BEN, CARA)]
    waiting[which].running.stop()
    await quiet()
    assert waiting[which].end == Refused("Stopped. Not charged.")
    assert waiting[1 - which].events == [Waiting(1)]
    assert queue.clock.monotonic() == 0
    await queue.desk.asks.close(1)


@pytest.mark.parametrize("which", [0, 1], ids=["the first in line", "who stands behind"])
async def test_a_stop_in_another_process_ends_the_waiting_a_second_later(which: int) -> None:
    queue = await a_queue(1.1)
    await queue.come()
    waiting = [await queue.come(member=member) for member in (BEN, CARA)]
    elsewhere = Asks(queue.desk.ports, queue.desk.settings)
    assert await elsewhere.stop(waiting[which].running.ask_id, ANNA)
    queue.clock.advance(1)
    await quiet()
    assert waiting[which].end == Refused("Stopped. Not charged.")
    assert waiting[1 - which].events == [Waiting(1)]
    await queue.desk.asks.close(1)


async def test_a_hold_is_refused_to_an_ask_that_was_stopped_in_another_process() -> None:
    """Between two looks at its own row it is the hold that finds the stop."""
    queue = await a_queue(1.1)
    await queue.come()
    waiting = await queue.come(member=BEN)
    await Asks(queue.desk.ports, queue.desk.settings).stop(waiting.running.ask_id, ANNA)
    await queue.go(0)
    assert waiting.end == Refused("Stopped. Not charged.")
    assert queue.desk.wallet.held_nanos == 0
    assert len(queue.provider.calls) == 1


async def test_an_ask_for_which_the_whole_wallet_is_too_small_waits_for_what_fits() -> None:
    queue = await a_queue(0.9)
    first, second = await queue.come(), await queue.come(member=BEN)
    assert first.has(Started) and second.events == [Waiting(1)]
    await queue.go(0)
    assert isinstance(first.end, Finished) and first.end.ending is Ending.ANSWERED
    assert second.has(Started)
    await queue.desk.asks.close(1)
