"""Work that has its time: it is done in it, or broken off."""

import asyncio

import pytest

from core.first_of import in_time
from tests.fakes import FakeClock

TOO_LATE = TimeoutError("too late")


async def test_what_is_done_in_time_is_done_and_no_more() -> None:
    done = list[str]()

    async def work() -> None:
        done.append("done")

    await in_time(work(), 5.0, FakeClock(), TOO_LATE)
    assert done == ["done"]


async def test_what_fails_says_so_itself() -> None:
    async def work() -> None:
        raise ConnectionError("lost")

    with pytest.raises(ConnectionError, match="lost"):
        await in_time(work(), 5.0, FakeClock(), TOO_LATE)


async def test_what_takes_too_long_is_broken_off_before_that_is_said() -> None:
    clock, ended = FakeClock(), list[str]()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    with pytest.raises(TimeoutError) as raised:
        await in_time(work(), 5.0, clock, TOO_LATE)
    assert raised.value is TOO_LATE
    assert (ended, clock.monotonic()) == (["ended"], 5.0)
