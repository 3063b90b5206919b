"""Tells what is due at once where something has just happened; the regular rounds (bot/schedule.py) tell the rest."""

from contextlib import suppress

from core.errors import BooksFailed
from core.ports import Announcer
from core.tasks import Tasks
from core.use_cases import UseCases


class NextRound:
    """One more round soon, however often it is asked for."""

    def __init__(self, use_cases: UseCases, announcer: Announcer, tasks: Tasks) -> None:
        self._use_cases = use_cases
        self._announcers = [announcer]
        self._tasks = tasks
        self._coming = False

    def tell_on(self, announcer: Announcer) -> None:
        """Tell what is due on another chat of this process too: what happens on one may have to be told there."""
        self._announcers.append(announcer)

    def soon(self) -> None:
        """Begin one in the background, unless one is about to begin."""
        if not self._coming and not self._tasks.full:
            self._coming = True
            self._tasks.start(self._round(), "telling what is due")

    async def _round(self) -> None:
        self._coming = False
        with suppress(BooksFailed):  # the next regular round tells it
            for announcer in self._announcers:
                await self._use_cases.deliveries.run(announcer)
                await self._use_cases.notices.run(announcer)
