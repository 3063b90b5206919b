"""An ask that somebody stops, that a closing process ends, or whose database goes away."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core import asks as asks_module
from core.errors import BooksUnavailable, BooksUncertain
from core.events import Delta, Ending, Finished, Refused, Started
from core.ledger.holding import HoldState
from core.operations import Claim, Operation, Settle
from core.people import Member
from core.rows import HoldRow
from tests.core.asking.house import (
    ANNA,
    BEN,
    GOOD,
    TEAM,
    USED,
    Desk,
    GatedProvider,
    ManualClock,
    a_desk,
    exact,
    finished,
    heard,
    hearing,
    kinds,
    until,
)
from tests.fakes import MemoryBooks, ScriptedProvider
from tests.memory_reports import open_holds

# --- stop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "may"),
    [
        (BEN, True),  # the asker
        (ANNA, True),  # an admin
        (replace(ANNA, id="cara", admin=False), False),
        (Member("dan", replace(TEAM, id="other", wallet_id="elsewhere"), "Dan", admin=True), False),
    ],
)
async def test_the_asker_and_admins_can_stop_an_answer(member: Member, may: bool) -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    running = desk.start(member=BEN)
    async with hearing(running) as events:
        assert isinstance(await anext(events), Started)
        await anext(events)
        assert await desk.asks.stop(running.ask_id, member) is may
        if not may:
            provider.opened.set()
        end = [event async for event in events][-1]
    assert isinstance(end, Finished)
    assert end.ending is (Ending.STOPPED if may else Ending.ANSWERED)
    assert await desk.asks.stop(running.ask_id, member) is False  # it is over


async def test_a_stop_ends_everything_of_mine_and_nothing_of_others() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as mine, hearing(desk.start(member=BEN)) as of_ben:
        await anext(mine)
        await anext(of_ben)
        assert desk.asks.stop_mine(ANNA) == 1
        assert [event async for event in mine][-1].ending is Ending.STOPPED  # type: ignore[union-attr]
        provider.opened.set()
        assert [event async for event in of_ben][-1].ending is Ending.ANSWERED  # type: ignore[union-attr]


async def test_a_stop_that_only_the_database_knows_ends_it_too() -> None:
    clock, provider = ManualClock(), GatedProvider()
    desk = await a_desk(provider, clock=clock)
    elsewhere = asks_module.Asks(desk.ports, desk.settings)
    running = desk.start()
    async with hearing(running) as events:
        await anext(events)
        assert await elsewhere.stop(running.ask_id, ANNA)
        rest = asyncio.ensure_future(heard(running))
        await clock.until(rest)
    assert finished(rest.result()).ending is Ending.STOPPED


async def test_a_stop_before_the_first_word_charges_nothing() -> None:
    provider = GatedProvider(first=())
    desk = await a_desk(provider)
    running = desk.start()
    async with hearing(running) as events:
        await anext(events)
        await until(lambda: provider.calls)
        running.stop()
        [end] = [event async for event in events]
    assert isinstance(end, Finished)
    assert (end.sentence, end.receipt.charged_nanos) == ("Stopped. Not charged.", 0)
    assert end.receipt.lines[0].absorbed_nanos > 0  # the question was sent


async def test_a_stop_before_the_call_is_no_call() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    running = desk.start()
    running.stop()
    assert await heard(running) == [Refused("Stopped. Not charged.")]
    assert (provider.calls, desk.books.rows(HoldRow)) == ([], [])


async def test_closing_settles_what_came() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as events:
        await anext(events)
        await anext(events)
        await desk.asks.close(1)
        [end] = [event async for event in events]
    assert isinstance(end, Finished)
    assert (end.ending, end.receipt.estimated) == (Ending.STOPPED, True)
    assert 0 < end.receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos
    assert (open_holds(desk.books), provider.closed) == ([], 1)


# --- a database that goes away ------------------------------------------------------------------------------------


class FlakyBooks:
    """Books that cannot be reached for the first `failures` settlements; `after` the commit or before it."""

    def __init__(self, inner: MemoryBooks, failures: int, *, after: bool) -> None:
        self._inner = inner
        self._failures = failures
        self._after = after

    async def apply(self, operation: Operation[Any]) -> Any:
        if isinstance(operation, Settle) and self._failures:
            self._failures -= 1
            if self._after:
                await self._inner.apply(operation)
            raise BooksUnavailable("The database cannot be reached.")
        return await self._inner.apply(operation)


async def hear_flaky(failures: int, *, after: bool) -> tuple[Desk, list[Any]]:
    clock = ManualClock()
    memory = MemoryBooks(clock)
    desk = await a_desk(clock=clock, memory=memory, books=FlakyBooks(memory, failures, after=after))
    hearing_it = asyncio.ensure_future(desk.hear())
    await clock.until(hearing_it)
    return desk, hearing_it.result()


@pytest.mark.parametrize("after", [False, True])
async def test_a_settlement_waits_for_the_database_and_is_done_once(after: bool) -> None:
    desk, events = await hear_flaky(3, after=after)
    cost = exact(USED, await desk.plan())
    assert finished(events).receipt.charged_nanos == cost == 1_000_000_000 - desk.wallet.available_nanos
    assert open_holds(desk.books) == []


async def test_a_settlement_that_cannot_be_booked_is_not_called_free_or_charged() -> None:
    desk, events = await hear_flaky(99, after=False)
    assert kinds(events) == ["Started", "Delta", "Refused"]
    assert isinstance(events[-1], Refused)
    assert "Whether this answer was booked is not known yet" in events[-1].sentence
    assert [row.state for row in desk.books.rows(HoldRow)] == [HoldState.OPEN]  # the sweep gives it back


async def test_nothing_is_sent_when_the_database_is_away_from_the_start() -> None:
    class Gone:
        async def apply(self, operation: Operation[Any]) -> Any:
            raise BooksUnavailable("The database cannot be reached.")

    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider, books=Gone())
    assert await desk.hear() == [Refused("The database cannot be reached. Not charged. Try again in a minute.")]
    assert provider.calls == []


class LosingClaims:
    """Books that are lost at the first claim, after it was written or before; away `seconds` long from then on."""

    def __init__(self, clock: ManualClock, inner: MemoryBooks, *, committed: bool, seconds: float) -> None:
        self._clock = clock
        self._inner = inner
        self._committed = committed
        self._seconds = seconds
        self._back_at = -1.0

    async def apply(self, operation: Operation[Any]) -> Any:
        if isinstance(operation, Claim) and self._back_at < 0:
            if self._committed:
                await self._inner.apply(operation)
            self._back_at = self._clock.monotonic() + self._seconds
            raise BooksUncertain("Lost.")
        if self._clock.monotonic() < self._back_at:
            raise BooksUnavailable("Away.")
        return await self._inner.apply(operation)


async def hear_claimed(*, committed: bool, seconds: float) -> tuple[Desk, list[Any]]:
    clock = ManualClock()
    memory = MemoryBooks(clock)
    books = LosingClaims(clock, memory, committed=committed, seconds=seconds)
    desk = await a_desk(clock=clock, memory=memory, books=books)
    hearing_it = asyncio.ensure_future(desk.hear(keys=("message",)))
    await clock.until(hearing_it)
    return desk, hearing_it.result()


@pytest.mark.parametrize("committed", [False, True])
async def test_a_question_whose_claim_was_perhaps_written_is_answered_and_its_copy_is_not(committed: bool) -> None:
    """Another copy finds it claimed, so nobody else would ever answer it."""
    desk, events = await hear_claimed(committed=committed, seconds=3)
    assert finished(events).receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos
    assert kinds(await desk.hear(keys=("message",))) == ["AlreadyAsked"]
    assert len(desk.requests) == 1


@pytest.mark.parametrize("committed", [False, True])
async def test_a_claim_that_stays_unknown_is_not_acknowledged_and_nothing_is_charged(committed: bool) -> None:
    desk, events = await hear_claimed(committed=committed, seconds=60)
    assert events == [Refused("The database was lost for a moment. Not charged. Try again in a minute.")]
    assert desk.wallet.available_nanos == 1_000_000_000


# --- the process is to end ---


async def test_what_runs_is_finished_and_nothing_new_is_taken() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    running = desk.start()
    async with hearing(running) as events:
        assert isinstance(await anext(events), Started)
        finishing = asyncio.create_task(desk.asks.finish(60, asyncio.Event()))
        await asyncio.sleep(0)
        [refused] = await desk.hear()
        assert isinstance(refused, Refused) and "shutting down" in refused.sentence
        provider.opened.set()
        assert finished([event async for event in events]).ending is Ending.ANSWERED
        await finishing


@pytest.mark.parametrize("hurried", [False, True], ids=["its time is over", "somebody is in a hurry"])
async def test_what_does_not_come_to_an_end_is_stopped(hurried: bool) -> None:
    desk = await a_desk(GatedProvider())
    running, hurry = desk.start(), asyncio.Event()
    async with hearing(running) as events:
        assert isinstance(await anext(events), Started)
        assert isinstance(await anext(events), Delta)
        if hurried:
            hurry.set()
        await desk.asks.finish(60 if hurried else 0.01, hurry)
        end = finished([event async for event in events])
        assert end.ending is Ending.STOPPED and end.receipt.charged_nanos > 0
