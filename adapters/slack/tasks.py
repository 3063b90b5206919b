"""What runs after something was acknowledged: tracked, bounded, and waited for at the end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

MOST_TASKS = 2_000
"""Each waits for Slack or for a provider; more than this at once is a flood."""

_log = structlog.get_logger(__name__)


class Tasks:
    """The work in the background of one chat."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Whether no more can be taken on."""
        return len(self._running) >= MOST_TASKS

    @property
    def idle(self) -> bool:
        """Whether nothing runs."""
        return not self._running

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run it. What goes wrong in it is a defect: it is logged without what people wrote, and hurts nobody else."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("defect_in_the_background", work=task.get_name(), kind=type(error).__name__, exc_info=error)

    async def finish(self) -> None:
        """Wait until everything has come to its end by itself."""
        while self._running:
            await asyncio.wait(self._running)

    async def end(self) -> None:
        """End what still runs: what is not shown by now is told later."""
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
