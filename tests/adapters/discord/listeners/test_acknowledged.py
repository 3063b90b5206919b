"""What is acknowledged is done; what somebody else took on, or what came too late, is not."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.listeners.acknowledged import ALREADY_ACKNOWLEDGED, SAID_AGAIN_AFTER_SECONDS, acknowledged

TOO_LATE = 10062


def refused(status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="no")
    return discord.HTTPException(response, {"code": code, "message": "no"})


async def ends_with(error: BaseException | None) -> None:
    if error is not None:
        raise error


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (None, True),
        (refused(400, ALREADY_ACKNOWLEDGED), False),
        (refused(404, TOO_LATE), False),
        (refused(502, 0), True),
        (aiohttp.ServerDisconnectedError(), True),
        (TimeoutError(), True),
    ],
    ids=str,
)
async def test_it_is_ours_where_discord_perhaps_heard_it(error: BaseException | None, ours: bool) -> None:
    assert await acknowledged(ends_with(error)) is ours


async def test_what_discord_py_may_have_said_twice_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time it was taken and the reply was lost; a second later somebody "has" it: us."""
    passed = iter([0.0, SAID_AGAIN_AFTER_SECONDS])
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: SimpleNamespace(time=lambda: next(passed)))
    saying: Callable[[BaseException | None], Any] = ends_with
    assert await acknowledged(saying(refused(400, ALREADY_ACKNOWLEDGED)))
