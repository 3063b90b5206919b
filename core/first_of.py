"""Waiting for whichever comes first: of several works, or of one and its time."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from core.ports import Clock


async def first_of(*works: Coroutine[Any, Any, Any]) -> None:
    """Until one of them is done; the others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def in_time(work: Coroutine[Any, Any, None], seconds: float, clock: Clock, too_late: Exception) -> None:
    """Do it within so many seconds. Raises what it raises, or `too_late`: then it is broken off."""
    doing = asyncio.ensure_future(work)
    try:
        await first_of(asyncio.wait({doing}), clock.sleep(seconds))
        if not doing.done():
            raise too_late
        doing.result()
    finally:
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
