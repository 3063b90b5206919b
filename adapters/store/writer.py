"""The one writer: waiting operations go into one transaction together, and are answered after it is on disk.

An operation is a value, so a batch that fails for an unexpected reason is simply played again one by one: the ones
that were committed all the same give their first outcome again, by their id.
"""

import asyncio
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
    """`core.ports.Books` on a database. Use as an async context manager."""

    def __init__(self, driver: Driver, *, max_batch: int = MAX_BATCH) -> None:
        self._driver = driver
        self._max_batch = max_batch
        self._waiting: asyncio.Queue[tuple[Operation[Any], asyncio.Future[Any]]] = asyncio.Queue(MAX_WAITING)
        self._loop_task: asyncio.Task[None] | None = None
        self._closed = False

    async def __aenter__(self) -> "Writer":
        self._loop_task = asyncio.create_task(self._run(), name="books-writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._waiting.join()
        self._closed = True
        if self._loop_task is not None:
            self._loop_task.cancel()
            await asyncio.gather(self._loop_task, return_exceptions=True)
        await self._driver.close()

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Do one operation. A caller that is cancelled meanwhile does not undo it: it is on its way."""
        if self._closed:  # nobody would ever answer
            raise BooksUnavailable("The books are closed.")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        await self._waiting.put((operation, answer))
        return await asyncio.shield(answer)

    async def _run(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._max_batch and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            outcomes = await self._outcomes([operation for operation, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                self._waiting.task_done()
                if answer.done():
                    continue
                if isinstance(outcome, BaseException):
                    answer.set_exception(outcome)
                    answer.exception()  # a caller that went away must not make asyncio complain
                else:
                    answer.set_result(outcome)

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
                return outcomes + [BooksUnavailable(str(down)) for _ in operations[len(outcomes) :]]
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
                return failed
            except Exception as defect:  # noqa: BLE001 - the writer must outlive any defect: it answers with it
                return BooksDamaged(f"{type(operation).__name__} failed: {defect!r}")
        return BooksUnavailable(f"The database kept undoing the transaction: {reason}")
