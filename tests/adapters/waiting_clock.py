"""A clock that nobody waits for: time goes on to whoever wakes first once nothing else happens."""

import asyncio
import heapq
import itertools
from collections.abc import Sequence
from typing import Protocol

from tests.fakes import FakeClock

TURNS = 60


class Advanced(Protocol):
    """A clock that goes by another."""

    def advance(self, seconds: float) -> None: ...


class Platform(Protocol):
    """A chat of the tests."""

    @property
    def clock(self) -> Advanced: ...

    @property
    def calls(self) -> Sequence[object]: ...


class WaitingClock(FakeClock):
    """The platform goes by it too."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def sleep(self, seconds: float) -> None:
        """Wait until time has gone on that far."""
        waking = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.monotonic() + seconds, next(self._numbers), waking))
        await waking

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self._platform.clock.advance(seconds)

    async def run(self) -> None:
        """Let time go on."""
        while True:
            await self.quiet()
            while self._sleeping and self._sleeping[0][2].done():
                heapq.heappop(self._sleeping)
            if self._sleeping:
                at, _, waking = heapq.heappop(self._sleeping)
                self.advance(max(0.0, at - self.monotonic()))
                waking.set_result(None)

    async def quiet(self) -> None:
        """Until nobody called the platform for a while; loopback sockets need a few turns of the loop and no time."""
        seen = -1
        while seen != (seen := len(self._platform.calls)):
            for _ in range(TURNS):
                await asyncio.sleep(0)
