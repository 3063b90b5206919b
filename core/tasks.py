"""What runs after something was acknowledged: tracked, bounded, and waited for at the end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

MOST_TASKS = 2_000
"""Each waits for a chat or for a provider; more than this at once is a flood."""

Defect = Callable[[str, BaseException], None]
"""Told what work went wrong, and by what."""


class Tasks:
    """The work in the background of one chat."""

    def __init__(self, defect: Defect) -> None:
        """`defect` writes down, without what people wrote, what goes wrong."""
        self._defect = defect
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
        """Run it. What goes wrong in it is a defect: it is told, and hurts nobody else."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._defect(task.get_name(), error)

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
