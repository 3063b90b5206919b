"""The one writer: waiting operations go into one transaction together, and are answered after it is on disk.

An operation is a value, so a batch that fails for an unexpected reason is simply played again one by one: the ones
that were committed all the same give their first outcome again, by their id.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import structlog

from adapters.store.steps import Outcomes
from core.errors import BooksDamaged, BooksFailed, BooksUnavailable, BooksUncertain
from core.operations import Operation

Outcome = TypeVar("Outcome")
_log = structlog.get_logger(__name__)

MAX_BATCH = 256
MAX_WAITING = 1024
"""Beyond this many waiting operations the next caller waits for room: back-pressure instead of memory."""
MAX_TRIES = 3
"""How often one operation is tried when the database says "try again" (deadlock, serialization, a key race)."""


Answer = asyncio.Future[Any]
Waiting = tuple[Operation[Any], Answer]

_CLOSED = "The books are closed."
_UNCERTAIN = (
    "The database was lost while it wrote; whether this was recorded is not known yet. "
    "Look at /balance before you try again."
)


class TryAgain(Exception):
    """The database undid the transaction through no fault of the operations.

    `uncertain` when COMMIT may have been sent: then perhaps it did not undo it.
    """

    def __init__(self, message: str, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain


class Driver(Protocol):
    """A database as the writer sees it."""

    async def post(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        """Run `steps.post` in one transaction. Raises `TryAgain` or a `BooksFailed`; then nothing is sure."""

    async def close(self) -> None:
        """Give everything back."""


class Writer:
    """`core.ports.Books` on a database. Use as an async context manager.

    Whoever calls `apply` waits in one of two places, both in the order of arrival. In the queue an operation is on
    its way: it is done even if its caller goes away. Outside, while the queue is full, it goes when its caller goes.
    """

    def __init__(self, driver: Driver, *, max_batch: int = MAX_BATCH) -> None:
        self._driver = driver
        self._max_batch = max_batch
        self._queue: deque[Waiting] = deque()
        self._outside: dict[Answer, Operation[Any]] = {}
        self._posting: list[Waiting] = []
        self._arrived = asyncio.Event()
        self._closing = False
        self._closed = False
        self._loop_task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Writer":
        self._loop_task = asyncio.create_task(self._run(), name="books-writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._arrived.set()
        try:
            if self._loop_task is not None:
                await self._loop_task
        finally:
            await self._driver.close()

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Do one operation. A caller that is cancelled meanwhile does not undo it: it is on its way.

        Only one that still waits for room in the queue leaves nothing behind. Raises a `BooksFailed`.
        """
        if self._closed:  # nobody would ever answer
            raise BooksUnavailable(_CLOSED)
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        if len(self._queue) >= MAX_WAITING:
            return await self._from_outside(operation, answer)
        self._queue.append((operation, answer))
        self._arrived.set()
        return await answer  # cancelling it cancels the answer, not the operation

    async def _from_outside(self, operation: Operation[Outcome], answer: "asyncio.Future[Outcome]") -> Outcome:
        self._outside[answer] = operation
        try:
            return await answer
        finally:
            self._outside.pop(answer, None)

    def _let_in(self) -> None:
        while self._outside and len(self._queue) < MAX_WAITING:
            answer = next(iter(self._outside))
            operation = self._outside.pop(answer)
            if not answer.cancelled():
                self._queue.append((operation, answer))

    async def _run(self) -> None:
        try:
            while batch := await self._next_batch():
                self._posting = batch
                outcomes = await self._outcomes([operation for operation, _ in batch])
                for (_, answer), outcome in zip(batch, outcomes, strict=True):
                    _give(answer, outcome)
        finally:
            self._closed = True
            self._answer_all()

    async def _next_batch(self) -> list[Waiting]:
        """What waits, at most a batch of it; nothing once the writer is closing and nobody waits any more."""
        while not self._queue:
            if self._closing:
                return []
            self._arrived.clear()
            await self._arrived.wait()
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), self._max_batch))]
        self._let_in()
        return batch

    def _answer_all(self) -> None:
        """Whoever still waits when the loop ends (it was cancelled) is told, instead of waiting for ever."""
        for _, answer in self._posting:
            _give(answer, BooksUncertain(_UNCERTAIN))
        for answer in [answer for _, answer in self._queue] + list(self._outside):
            _give(answer, BooksUnavailable(_CLOSED))
        self._queue.clear()

    async def _outcomes(self, operations: Sequence[Operation[Any]]) -> Outcomes:
        perhaps_written: set[str] = set()  # ids of operations
        if len(operations) > 1:
            try:
                return await self._driver.post(operations)
            except Exception as error:  # noqa: BLE001 - one of them spoiled it for all, or the commit is uncertain
                _log.warning("batch_replayed", operations=len(operations), exc_info=True)
                if isinstance(error, TryAgain) and error.uncertain:
                    perhaps_written.update(operation.id for operation in operations)
        outcomes = await self._one_by_one(operations, perhaps_written)
        return [
            BooksUncertain(_UNCERTAIN)
            if isinstance(outcome, BooksUnavailable) and operation.id in perhaps_written
            else outcome
            for operation, outcome in zip(operations, outcomes, strict=True)
        ]

    async def _one_by_one(self, operations: Sequence[Operation[Any]], perhaps_written: set[str]) -> Outcomes:
        outcomes: Outcomes = []
        for operation in operations:
            try:
                outcomes.append(await self._one(operation, perhaps_written))
            except BooksUnavailable as down:  # for all: each of them would wait for the database in its turn
                _log.warning("database_trouble", reason=down.in_full)
                return outcomes + [BooksUnavailable(str(down), detail=down.detail) for _ in operations[len(outcomes) :]]
        return outcomes

    async def _one(self, operation: Operation[Any], perhaps_written: set[str]) -> Any:
        for _ in range(MAX_TRIES):
            try:
                return (await self._driver.post((operation,)))[0]
            except TryAgain as again:
                reason = again
                if again.uncertain:
                    perhaps_written.add(operation.id)
            except BooksUnavailable:
                raise
            except BooksFailed as failed:
                _log.error("operation_failed", id=operation.id, reason=failed.in_full)
                return failed
            except Exception as defect:  # noqa: BLE001 - the writer must outlive any defect: it answers with it
                _log.exception("operation_failed", id=operation.id)
                return BooksDamaged("The books could not do this.", detail=f"{type(operation).__name__}: {defect!r}")
        _log.warning("database_trouble", reason=str(reason))
        return BooksUnavailable("The database was lost again and again.", detail=str(reason))


def _give(answer: Answer, outcome: Any) -> None:
    if answer.done():  # its caller went away, or has it already
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
        answer.exception()  # a caller that went away must not make asyncio complain
    else:
        answer.set_result(outcome)
