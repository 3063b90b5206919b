"""Waits for what a background task does, without knowing when."""

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], bool], *, patience_seconds: float = 30.0) -> None:
    """Until this holds; TimeoutError when it never does."""
    async with asyncio.timeout(patience_seconds):
        while not true():  # noqa: ASYNC110 (there is no event: the test asks about any fact of the fake)
            await asyncio.sleep(0.002)
