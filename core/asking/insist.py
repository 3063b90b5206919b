"""Books that must be closed are closed when the database is back: the same operation is sent until it is done."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import TypeVar

from core.errors import BooksFailed, BooksUnavailable, BooksUncertain
from core.first_of import first_of
from core.operations import Operation
from core.ports import Books, Clock

Outcome = TypeVar("Outcome")

AGAIN_AFTER_SECONDS = (0.2, 0.5, 1.0)
AND_THEN_EVERY_SECONDS = 2.0
"""A server that restarts is away for 2 to 10 seconds; looking every two costs nothing."""
TELL_AFTER_SECONDS = 15.0
"""How long whoever waits for the outcome is left without a word: longer than a restart takes."""


class Insistence:
    """Sends an operation again and again while the database is away: done twice, it is done once.

    It ends after `for_seconds`, or when `enough` is set (the process has to end): then the failure is raised.
    `on_delay` is told once when it takes long.
    """

    def __init__(self, books: Books, clock: Clock, enough: asyncio.Event) -> None:
        self._books = books
        self._clock = clock
        self._enough = enough

    async def apply(
        self, operation: Operation[Outcome], *, for_seconds: float, on_delay: Callable[[BooksFailed], None]
    ) -> Outcome:
        """Do it. `BooksUnavailable` or `BooksUncertain` when the database stayed away."""
        began, told = self._clock.monotonic(), False
        for pause_seconds in _pauses():
            try:
                return await self._books.apply(operation)
            except (BooksUnavailable, BooksUncertain) as away:
                waited_seconds = self._clock.monotonic() - began
                if self._enough.is_set() or waited_seconds >= for_seconds:
                    raise
                if not told and waited_seconds >= TELL_AFTER_SECONDS:
                    on_delay(away)
                    told = True
            await first_of(self._clock.sleep(pause_seconds), self._enough.wait())
        raise AssertionError("the pauses never end")


def _pauses() -> Iterator[float]:
    return chain(AGAIN_AFTER_SECONDS, repeat(AND_THEN_EVERY_SECONDS))
