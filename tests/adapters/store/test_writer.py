"""The one writer: what it promises whatever its database does. The driver here is a list that misbehaves on demand."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.store import writer as the_writer
from adapters.store.steps import Outcomes
from adapters.store.writer import MAX_BATCH, MAX_TRIES, MAX_WAITING, TryAgain, Writer
from core.errors import BooksDamaged, BooksUnavailable, BooksUncertain, OperationConflict
from core.operations import Operation
from core.rows import WalletRow
from tests.bookkeeping import enrol, top_up
from tests.fakes import FakeClock, MemoryBooks


@dataclass
class WaywardDriver:
    """Answers every operation with its id, after raising what it was told to raise for it."""

    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        await self.open.wait()
        self.batches.append([operation.id for operation in operations])
        for operation in operations:
            if self.troubles.get(operation.id):
                raise self.troubles[operation.id].pop(0)
        return [operation.id for operation in operations]

    async def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def writing(driver: WaywardDriver, *, is_open: bool = True) -> AsyncIterator[Writer]:
    if is_open:
        driver.open.set()
    async with Writer(driver) as writer:
        yield writer


def ops(*ids: str) -> list[Operation[Any]]:
    return [top_up(op_id, 1) for op_id in ids]


async def answers(writer: Writer, operations: Sequence[Operation[Any]]) -> list[Any]:
    return await asyncio.gather(*map(writer.apply, operations), return_exceptions=True)


async def test_what_waits_goes_into_one_transaction_in_the_order_it_came() -> None:
    driver = WaywardDriver()
    async with writing(driver) as writer:
        assert await answers(writer, ops("a", "b", "c")) == ["a", "b", "c"]
    assert driver.batches == [["a", "b", "c"]]


async def test_no_transaction_is_larger_than_a_batch() -> None:
    driver = WaywardDriver()
    async with writing(driver) as writer:
        await answers(writer, ops(*map(str, range(MAX_BATCH + 1))))
    assert [len(batch) for batch in driver.batches] == [MAX_BATCH, 1]


async def test_a_poisoned_operation_leaves_the_others_alone() -> None:
    driver = WaywardDriver({"b": [RuntimeError("poison"), RuntimeError("poison")]})
    async with writing(driver) as writer:
        first, poisoned, last = await answers(writer, ops("a", "b", "c"))
    assert (first, last) == ("a", "c")
    assert isinstance(poisoned, BooksDamaged) and "TopUp" in poisoned.detail
    assert driver.batches == [["a", "b", "c"], ["a"], ["b"], ["c"]]


async def test_a_conflict_is_told_to_its_own_caller() -> None:
    conflict = OperationConflict("with other fields")
    driver = WaywardDriver({"b": [conflict, conflict]})
    async with writing(driver) as writer:
        assert await answers(writer, ops("a", "b")) == ["a", conflict]


async def test_the_writer_outlives_every_defect() -> None:
    driver = WaywardDriver({"a": [ZeroDivisionError()]})
    async with writing(driver) as writer:
        with pytest.raises(BooksDamaged):
            await writer.apply(top_up("a", 1))
        assert await answers(writer, ops("a")) == ["a"]


async def test_what_the_database_undid_is_tried_again() -> None:
    driver = WaywardDriver({"a": [TryAgain("deadlock")] * (MAX_TRIES - 1)})
    async with writing(driver) as writer:
        assert await answers(writer, ops("a")) == ["a"]
    assert driver.batches == [["a"]] * MAX_TRIES


async def test_it_is_not_tried_for_ever() -> None:
    driver = WaywardDriver({"b": [TryAgain("deadlock")] * (MAX_TRIES + 1)})
    async with writing(driver) as writer:
        first, undone, last = await answers(writer, ops("a", "b", "c"))
    assert (first, last) == ("a", "c")
    assert isinstance(undone, BooksUnavailable) and "deadlock" in undone.detail


async def test_while_the_database_is_down_nobody_waits_for_it_in_turn() -> None:
    driver = WaywardDriver({"b": [BooksUnavailable("locked")] * 2})
    async with writing(driver) as writer:
        outcomes = await answers(writer, ops("a", "b", "c", "d"))
        assert outcomes[0] == "a" and {type(outcome) for outcome in outcomes[1:]} == {BooksUnavailable}
        assert await answers(writer, ops("e")) == ["e"]
    assert driver.batches == [["a", "b", "c", "d"], ["a"], ["b"], ["e"]]


async def test_a_caller_who_goes_away_does_not_undo_it() -> None:
    driver = WaywardDriver()
    async with writing(driver, is_open=False) as writer:
        caller = asyncio.create_task(writer.apply(top_up("a", 1)))
        await asyncio.sleep(0)
        caller.cancel()
        driver.open.set()
        assert await answers(writer, ops("b")) == ["b"]
    assert [op_id for batch in driver.batches for op_id in batch] == ["a", "b"]
    assert caller.cancelled()


async def test_a_caller_who_goes_away_is_not_missed_when_it_fails() -> None:
    driver = WaywardDriver({"a": [BooksUnavailable("locked")]})
    async with writing(driver, is_open=False) as writer:
        caller = asyncio.create_task(writer.apply(top_up("a", 1)))
        await asyncio.sleep(0)
        caller.cancel()
        driver.open.set()
        assert await answers(writer, ops("b")) == ["b"]


async def test_callers_beyond_the_queue_wait_for_room() -> None:
    driver = WaywardDriver()
    async with writing(driver, is_open=False) as writer:
        callers = [asyncio.create_task(writer.apply(op)) for op in ops(*map(str, range(MAX_WAITING + MAX_BATCH + 9)))]
        for _ in range(5):
            await asyncio.sleep(0)
        assert not any(caller.done() for caller in callers)
        assert not driver.batches
        driver.open.set()
        assert len(await asyncio.gather(*callers)) == MAX_WAITING + MAX_BATCH + 9


@pytest.fixture
def room_for_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_writer, "MAX_WAITING", 2)


async def sent(writer: Writer, *ids: str) -> list["asyncio.Task[Any]"]:
    """Callers that have come, in this order; the writer has taken the first one and stands before closed doors."""
    callers = []
    for op in ops(*ids):
        callers.append(asyncio.create_task(writer.apply(op)))
        for _ in range(3):
            await asyncio.sleep(0)
    return callers


@pytest.mark.usefixtures("room_for_two")
async def test_those_who_waited_for_room_keep_their_place() -> None:
    driver = WaywardDriver()
    async with writing(driver, is_open=False) as writer:
        callers = await sent(writer, *"abcdef")
        driver.open.set()
        driver.open.clear()  # one batch is let through; the next two are taken, and there is room
        callers += await sent(writer, "late")
        driver.open.set()
        await asyncio.gather(*callers)
    assert [op_id for batch in driver.batches for op_id in batch] == [*"abcdef", "late"]


@pytest.mark.usefixtures("room_for_two")
async def test_a_caller_who_goes_away_while_there_is_no_room_leaves_nothing_behind() -> None:
    driver = WaywardDriver()
    async with writing(driver, is_open=False) as writer:
        callers = await sent(writer, *"abcdef")
        for caller in callers[1], callers[4]:  # one in the queue, one outside
            caller.cancel()
        driver.open.set()
        await asyncio.wait(callers)
    assert [op_id for batch in driver.batches for op_id in batch] == [*"abcdf"]


@pytest.mark.usefixtures("room_for_two")
async def test_closing_answers_those_who_wait_for_room_too() -> None:
    driver = WaywardDriver()
    async with asyncio.timeout(5), writing(driver, is_open=False) as writer:
        callers = await sent(writer, *"abcdef")
        asyncio.get_running_loop().call_soon(driver.open.set)
    assert [caller.result() for caller in callers] == [*"abcdef"]


@pytest.mark.usefixtures("room_for_two")
async def test_a_writer_that_is_killed_tells_everyone_who_waits() -> None:
    driver, callers, came = WaywardDriver(), list["asyncio.Task[Any]"](), asyncio.Event()

    async def process() -> None:
        async with writing(driver, is_open=False) as writer:
            callers.extend(await sent(writer, *"abcd"))
            came.set()

    running = asyncio.create_task(process())
    async with asyncio.timeout(5):
        await came.wait()
        running.cancel()
        await asyncio.wait([running, *callers])
    assert [type(caller.exception()) for caller in callers] == [BooksUncertain] + [BooksUnavailable] * 3
    assert driver.closed


async def test_closing_waits_for_what_is_on_its_way() -> None:
    driver = WaywardDriver()
    async with writing(driver, is_open=False) as writer:
        callers = [asyncio.create_task(writer.apply(op)) for op in ops("a", "b")]
        asyncio.get_running_loop().call_later(0.01, driver.open.set)
        await asyncio.sleep(0)
    assert [caller.result() for caller in callers] == ["a", "b"]
    assert driver.closed


async def test_closed_books_answer_instead_of_letting_callers_wait() -> None:
    async with writing(WaywardDriver()) as writer:
        pass
    with pytest.raises(BooksUnavailable, match="closed"):
        await writer.apply(top_up("a", 1))


# --- when it is not sure what was written ---

LOST_AT_COMMIT = TryAgain("lost", uncertain=True)
AWAY = BooksUnavailable("away")


async def test_a_lost_commit_that_cannot_be_looked_up_is_uncertain() -> None:
    driver = WaywardDriver({"a": [LOST_AT_COMMIT, AWAY]})
    async with writing(driver) as writer:
        with pytest.raises(BooksUncertain, match="not known yet"):
            await writer.apply(top_up("a", 1))


async def test_a_lost_commit_stays_uncertain_when_later_tries_are_undone() -> None:
    driver = WaywardDriver({"a": [LOST_AT_COMMIT, *[TryAgain("deadlock")] * (MAX_TRIES - 1)]})
    async with writing(driver) as writer:
        with pytest.raises(BooksUncertain):
            await writer.apply(top_up("a", 1))


async def test_a_lost_commit_that_can_be_looked_up_is_answered() -> None:
    driver = WaywardDriver({"a": [LOST_AT_COMMIT]})
    async with writing(driver) as writer:
        assert await answers(writer, ops("a")) == ["a"]


async def test_a_lost_commit_of_a_batch_is_uncertain_for_all_of_it() -> None:
    driver = WaywardDriver({"a": [LOST_AT_COMMIT, AWAY]})
    async with writing(driver) as writer:
        assert {type(outcome) for outcome in await answers(writer, ops("a", "b"))} == {BooksUncertain}


async def test_whoever_was_not_in_the_lost_commit_knows_that_nothing_was_written() -> None:
    driver = WaywardDriver({"a": [RuntimeError("poison"), LOST_AT_COMMIT, AWAY]})
    async with writing(driver) as writer:
        outcomes = await answers(writer, ops("a", "b"))
    assert [type(outcome) for outcome in outcomes] == [BooksUncertain, BooksUnavailable]


@dataclass
class ForgetfulDriver:
    """Writes a batch down, and then loses the connection before it can say so; as often as it is told."""

    books: MemoryBooks
    losses: int

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        outcomes = [await self.books.apply(operation) for operation in operations]
        if self.losses:
            self.losses -= 1
            raise BooksUnavailable("The connection was lost during COMMIT.")
        return outcomes

    async def close(self) -> None:
        """Nothing to give back."""


async def test_what_was_committed_without_a_word_is_not_done_again() -> None:
    books = MemoryBooks(FakeClock())
    await books.apply(enrol())
    async with Writer(ForgetfulDriver(books, losses=1)) as writer:
        outcomes = await answers(writer, [top_up("a", 10), top_up("b", 5)])
    assert [(outcome.amount_nanos, outcome.replayed) for outcome in outcomes] == [(10, True), (5, True)]
    assert books.rows(WalletRow)[0].available_nanos == 15
