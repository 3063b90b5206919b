"""One ask on the screen, from its first event to its last, with whoever sits there able to stop it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from adapters.terminal.answer import AnswerView
from adapters.terminal.screen import Screen
from core.asks import RunningAsk
from core.commands.listed import STOP
from core.errors import BooksFailed
from core.events import AskEvent

SILENCE_SECONDS = 1.0
"""After this long without a word "thinking..." is shown."""


class Interrupts:
    """Ctrl-C and /stop while an answer runs: the first stops it, a second Ctrl-C leaves when its books are closed."""

    def __init__(self, running: RunningAsk) -> None:
        self._running = running
        self._stopping = False
        self.leave = False

    def pressed(self) -> None:
        """Ctrl-C."""
        self.leave = self._stopping
        self._stop()

    def typed(self, line: str) -> bool:
        """Whether the line was a stop."""
        if line.strip().casefold() != STOP:
            return False
        self._stop()
        return True

    def _stop(self) -> None:
        self._stopping = True
        self._running.stop()


async def show(running: RunningAsk, view: AnswerView, screen: Screen) -> bool:
    """Show an ask to its end and confirm that it was shown; returns whether the person wants to leave now."""
    async with running:
        interrupts = Interrupts(running)
        with screen.listening(interrupts.pressed, interrupts.typed):
            async for event in _heard(running, view, screen):
                view.show(event)
    with suppress(BooksFailed):  # it is on the screen: shown once more when the books are back, rather than never
        await running.delivered()
    return interrupts.leave


async def _heard(running: RunningAsk, view: AnswerView, screen: Screen) -> AsyncIterator[AskEvent]:
    """The events as they come; a long silence before the first word is filled."""
    events = aiter(running)
    while True:
        coming = asyncio.ensure_future(_next(events))
        try:
            await asyncio.wait({coming}, timeout=SILENCE_SECONDS)
            if not coming.done() and not view.has_text:
                screen.thinking()
            event = await coming
        finally:
            coming.cancel()
        if event is None:
            return
        yield event


async def _next(events: AsyncIterator[AskEvent]) -> AskEvent | None:
    return await anext(events, None)
