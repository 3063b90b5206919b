"""Events from an ask to its reader. The ask never waits for a slow reader, and never notices one that went away."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from core.events import AskEvent, Delta


class EventStream:
    """A queue that stays small: text that nobody has read yet is joined into one `Delta`.

    It holds at most one `Delta` between two other events, of which an ask has a handful; the text in it is bounded
    by the output cap.
    """

    def __init__(self) -> None:
        self._events: deque[AskEvent] = deque()
        self._news = asyncio.Event()
        self._closed = False
        self._abandoned = False

    def put(self, event: AskEvent) -> None:
        """Add an event; does nothing once the reader is gone."""
        if self._abandoned:
            return
        if isinstance(event, Delta) and self._events and isinstance(last := self._events[-1], Delta):
            self._events[-1] = Delta(last.text + event.text)
        else:
            self._events.append(event)
        self._news.set()

    def close(self) -> None:
        """No more events come."""
        self._closed = True
        self._news.set()

    def abandon(self) -> None:
        """The reader went away: keep nothing for it."""
        self._abandoned = True
        self._events.clear()

    async def __aiter__(self) -> AsyncIterator[AskEvent]:
        while True:
            while self._events:
                yield self._events.popleft()
            if self._closed:
                return
            self._news.clear()
            await self._news.wait()
