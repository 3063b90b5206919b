"""Tells what is due at once where something has just happened; the regular rounds (bot/schedule.py) tell the rest."""

from collections.abc import Callable
from contextlib import suppress

from adapters.slack.later.announcer import SlackAnnouncer
from adapters.slack.origin import Origin
from adapters.slack.tasks import Tasks
from core.errors import BooksFailed
from core.use_cases import UseCases

Done = Callable[[Origin], None]
"""Somebody asked, typed or pressed something, and it is over."""


class NextRound:
    """One more round soon, however often it is asked for."""

    def __init__(self, use_cases: UseCases, announcer: SlackAnnouncer, tasks: Tasks) -> None:
        self._use_cases = use_cases
        self._announcer = announcer
        self._tasks = tasks
        self._coming = False

    def soon(self) -> None:
        """Begin one in the background, unless one is about to begin."""
        if not self._coming and not self._tasks.full:
            self._coming = True
            self._tasks.start(self._round(), "telling on Slack")

    async def _round(self) -> None:
        self._coming = False
        with suppress(BooksFailed):  # the next regular round tells it
            await self._use_cases.deliveries.run(self._announcer)
            await self._use_cases.notices.run(self._announcer)
