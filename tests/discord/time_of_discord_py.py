"""discord.py waits for rate limits by itself: here it does so by the clock of a test."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord.http
import pytest
from discord.webhook import async_

from core.ports import Clock


@contextmanager
def on_the_clock(clock: Clock) -> Iterator[None]:
    """While this lasts, what discord.py's HTTP clients sleep through passes on this clock."""
    with pytest.MonkeyPatch.context() as patch:
        for calling in (discord.http, async_):  # the second one answers interactions
            patch.setattr(calling, "asyncio", _Asyncio(clock))
        yield


class _Asyncio:
    """asyncio, but for the time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    async def wait(self, futures: Any, *, timeout: float | None = None) -> None:
        waiting = [asyncio.ensure_future(each) for each in futures]
        passing = [] if timeout is None else [asyncio.ensure_future(self._clock.sleep(max(timeout, 0.0)))]
        await asyncio.wait([*waiting, *passing], return_when=asyncio.FIRST_COMPLETED)
        for each in passing:
            each.cancel()

    def get_running_loop(self) -> "_Loop":
        return _Loop(self._clock)


class _Loop:
    """The running loop, but for the time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio.get_running_loop(), name)

    def time(self) -> float:
        return self._clock.monotonic()
