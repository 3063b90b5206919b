"""A weak first answer that nobody has read yet: whatever happens then, what is charged for was shown."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace

import pytest

from core.call import Call, Chunk, Text
from core.errors import BooksFailed, BooksUnavailable, BooksUncertain, ProviderUnreachable
from core.events import AskEvent, Delta, Ending, Finished, Refused, Started
from core.operations import Operation, Rehold
from core.prices import Usage
from core.routing.rules import Route, Rules
from tests.core.asking.companies import DOWN, Company, TimedDesk, a_desk_with, saying
from tests.core.asking.house import ANNA, SETTINGS, Desk, ManualClock, finished, heard
from tests.core.asking.points import Outcome, PointedBooks, PointedCounter, Points
from tests.core.asking.test_falling_back import EVERYDAY, calls, charged_as, text_of
from tests.fakes import MemoryBooks
from tests.memory_reports import open_holds

MONEY = 1_000_000_000
WEAK = "I'm not sure about that."
WEAK_IN_PIECES = (Text("I'm not "), *saying("sure about that."))
BETTER = {
    "an answer": saying("Here is how."),
    "nothing but blanks": (Text("\n\n"), ProviderUnreachable("It broke off.")),
    "broken off": (Text("Here "), ProviderUnreachable("It broke off.")),
    "no answer": DOWN,
}


def the_two() -> tuple[Company, Company]:
    """One that gives a weak answer, and a better one."""
    return Company("Alpha", [saying(WEAK)], "1", tier=2), Company("Beta", [saying("Here is how.")], "5", tier=3)


@dataclass
class PointedCompany(Company):
    """One that waits before each piece, and before its end."""

    points: Points = field(default_factory=Points)

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        await self.points.pass_()
        async for chunk in super().stream(call):
            yield chunk
            await self.points.pass_()


async def struck(better: str, points: Points, strike: Callable[[Desk, asyncio.Task[None]], object]) -> None:
    """One ask that is struck at the chosen place, and all that must hold after it."""
    memory = MemoryBooks(clock := ManualClock())
    books, counter = PointedBooks(memory, points), PointedCounter(points)
    weak = PointedCompany("Alpha", [WEAK_IN_PIECES], "1", tier=2, points=points)
    strong = PointedCompany("Beta", [BETTER[better]], "5", tier=3, points=points)
    desk = await a_desk_with(
        weak, strong, rules=Rules(num_retries=0), clock=clock, memory=memory, books=books, counter=counter
    )
    running = desk.start(EVERYDAY, keys=("event",))
    [task] = desk.asks._running
    points.happen = lambda: strike(desk, task)
    listening = asyncio.ensure_future(heard(running))
    await clock.until(listening, step_seconds=0.05)
    await asyncio.gather(task, *books.done, return_exceptions=True)
    assert_charged_as_shown(desk, listening.result())


def assert_charged_as_shown(desk: Desk, events: list[AskEvent]) -> None:
    """The hold is closed; what was shown is what was kept; nothing is charged unseen, or said not to be."""
    shown, charged = text_of(events), MONEY - desk.wallet.available_nanos
    assert (open_holds(desk.books), desk.wallet.held_nanos) == ([], 0)
    assert (charged > 0) == bool(shown)
    assert [kept.answer for kept in desk.kept if kept.answer] == ([b"sealed:" + shown.encode()] if shown else [])
    end = events[-1]
    if isinstance(end, Finished):
        assert end.receipt.charged_nanos == charged
    else:
        assert isinstance(end, Refused)
        assert ("Not charged." in end.sentence) == (charged == 0)


@pytest.mark.parametrize("better", BETTER)
@pytest.mark.parametrize(
    "strike", [lambda _, task: task.cancel(), lambda desk, _: desk.asks.stop_mine(ANNA)], ids=["cancelled", "stopped"]
)
async def test_a_weak_answer_is_charged_where_it_was_shown_and_only_there(
    better: str, strike: Callable[[Desk, asyncio.Task[None]], object]
) -> None:
    await struck(better, points := Points(), strike)
    assert points.passed > 15
    for place in range(1, points.passed + 1):
        await struck(better, Points(at=place), strike)


@dataclass
class LosingReholds:
    """Books that are lost at each rehold, before it was written or after."""

    inner: MemoryBooks
    committed: bool
    failure: BooksFailed

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        if not isinstance(operation, Rehold):
            return await self.inner.apply(operation)
        if self.committed:
            await self.inner.apply(operation)
        raise self.failure


async def a_losing_desk(
    *companies: Company, failure: BooksFailed, committed: bool, rules: Rules | None = None
) -> TimedDesk:
    """A desk whose reholds are lost."""
    memory = MemoryBooks(clock := ManualClock())
    books = LosingReholds(memory, committed, failure)
    return await a_desk_with(*companies, rules=rules, clock=clock, memory=memory, books=books)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("failure", [BooksUncertain("Lost."), BooksUnavailable("Away.")])
async def test_a_weak_answer_whose_rehold_is_lost_is_shown(committed: bool, failure: BooksFailed) -> None:
    weak, better = the_two()
    desk = await a_losing_desk(weak, better, failure=failure, committed=committed)
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), calls(better)) == (WEAK, 0)
    assert MONEY - desk.wallet.available_nanos == charged_as(weak)
    assert_charged_as_shown(desk, events)


@pytest.mark.parametrize("committed", [False, True])
async def test_a_fallback_whose_rehold_is_lost_is_not_asked(committed: bool) -> None:
    dead, dear = Company("Alpha", [DOWN], "1"), Company("Beta", [saying("Never.")], "2")
    rules = Rules(num_retries=0)
    desk = await a_losing_desk(dead, dear, failure=BooksUncertain("Lost."), committed=committed, rules=rules)
    end = finished(await desk.hear(EVERYDAY))
    assert (end.sentence.endswith("Not charged."), calls(dear), desk.wallet.available_nanos) == (True, 0, MONEY)
    assert open_holds(desk.books) == []


async def test_a_usage_beyond_the_price_that_was_held_is_not_charged_by_way_of_the_next_step() -> None:
    swollen = Usage(input_tokens=100_000, output_tokens=5)
    weak = Company("Alpha", [saying(WEAK, swollen)], "1", tier=2)
    strong = Company("Beta", [saying("Here is how.", swollen)], "5", tier=3)
    events = await (await a_desk_with(weak, strong)).hear(EVERYDAY)
    first, second = finished(events).receipt.lines
    [shown] = [event.at_most_nanos for event in events if isinstance(event, Started)]
    assert first.charged_nanos == shown < first.cost_nanos
    assert 0 < second.charged_nanos < second.cost_nanos


async def test_an_operators_own_auto_asks_nobody_that_is_not_on_it() -> None:
    weak, better = the_two()
    desk = await a_desk_with(weak, better, rules=Rules(routes=(Route("auto", ("alpha-model",)),)))
    assert (text_of(await desk.hear(EVERYDAY)), calls(better)) == (WEAK, 0)


async def test_blanks_of_a_call_that_failed_are_no_part_of_the_next_ones_answer() -> None:
    blank = Company("Alpha", [(Text("\n\n "), ProviderUnreachable("It broke off."))], "1")
    other = Company("Beta", [saying("Yes.")], "2")
    desk = await a_desk_with(blank, other, rules=Rules(num_retries=0))
    events = await desk.hear(EVERYDAY)
    assert [event.text for event in events if isinstance(event, Delta)] == ["Yes."]
    assert_charged_as_shown(desk, events)


async def test_what_was_charged_for_is_not_offered_to_be_tried_again() -> None:
    slow = Company("Alpha", [(Text("Half "), 1_000.0)], "1")
    desk = await a_desk_with(slow, settings=replace(SETTINGS, deadline_seconds=0.05))
    end = finished(await heard(desk.start(EVERYDAY)))
    assert (end.ending, end.receipt.charged_nanos > 0, end.again) == (Ending.TIMED_OUT, True, "")
