"""Processes that die while they wait for something: at the first await, at the second, at each.

What a coroutine has begun goes on without it (the other side has what was sent), and nothing of it runs any more: no
`finally`, no second try. In the real world that is kill -9 or a power cut.
"""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any


@dataclass
class Graveyard:
    """Where they lie: what is let go of would run its `finally` after all."""

    dead: list[Coroutine[Any, Any, Any]] = field(default_factory=list)
    living: "list[asyncio.Task[None]]" = field(default_factory=list)

    async def dies_at(self, step: int, work: Coroutine[Any, Any, Any]) -> bool:
        """Whether it died there; False where it came to its end before."""
        life = _Life(work, step)
        await asyncio.create_task(_live(life))
        if life.died:
            self.dead.append(work)
        return life.died

    async def dies_when(self, held: asyncio.Event, work: Coroutine[Any, Any, Any]) -> None:
        """It dies while what it waits for is held."""
        life = _Life(work, 0)
        self.living.append(asyncio.create_task(_live(life)))
        async with asyncio.timeout(20):
            await held.wait()
        life.died = True
        self.dead.append(work)

    def bury(self) -> None:
        """At the end of a test: let go of everything that they held."""
        for work in self.dead:
            while work.cr_frame is not None:  # type: ignore[attr-defined]  # of coroutines that Python made
                with suppress(BaseException):
                    work.close()


class _Life:
    """A coroutine that is not resumed after so many awaits, or when it is said to have died."""

    def __init__(self, work: Coroutine[Any, Any, Any], step: int) -> None:
        self._work = work
        self._left = step
        self.died = False

    def __await__(self) -> Generator[Any, Any, None]:
        waiting = self._work.__await__()
        go_on = partial(next, waiting)
        while True:
            try:
                awaited = go_on()
            except StopIteration:
                return
            self._left -= 1
            if not self._left:
                self.died = True
                return
            try:
                yield awaited
            except asyncio.CancelledError as cancelled:  # a time limit of its own
                go_on = partial(waiting.throw, cancelled)
            else:
                go_on = partial(next, waiting)
            if self.died:
                return


async def _live(life: _Life) -> None:
    await life
