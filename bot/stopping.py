"""How the process ends when it is told to: what streams is finished first, and everything is over within 30 seconds."""

import asyncio
import signal
from collections.abc import Sequence
from typing import Protocol

from core.asks import Asks
from core.next_round import NextRound
from core.ports import Announcer

FINISH_SECONDS = 20.0
"""How long answers may go on after the first SIGTERM."""

SHOW_SECONDS = 4.0
"""How long an answer that was stopped then has for being settled and shown."""


class Chat(Protocol):
    """Where people talk with Chipin."""

    async def run(self) -> None:
        """Until it ends by itself, or is told to leave."""

    def leave(self) -> None:
        """Take nothing more, and end once what is being shown is shown."""


class TeamChat(Chat, Protocol):
    """Where a team talks with Chipin, and is told what is due."""

    @property
    def announcer(self) -> Announcer:
        """Tells it."""

    @property
    def next_round(self) -> NextRound:
        """When it is told."""


async def until_stopped(chats: Sequence[Chat], asks: Asks) -> None:
    """Run chats until they end, or until the process is told to stop: by SIGTERM, or because its window is closed.

    After SIGTERM no more asks are taken, and what is being answered goes on to its end; a second SIGTERM stops it.
    """
    chatting = asyncio.create_task(run_all(chats))
    told, hurry = asyncio.Event(), asyncio.Event()

    def terminate() -> None:
        (hurry if told.is_set() else told).set()

    loop = asyncio.get_running_loop()  # it keeps the handlers to its end: what is being closed is not cut short
    loop.add_signal_handler(signal.SIGTERM, terminate)
    loop.add_signal_handler(signal.SIGHUP, chatting.cancel)
    stopping = asyncio.create_task(_stop(chats, chatting, asks, told, hurry))
    try:
        await chatting
    except asyncio.CancelledError:
        if not chatting.cancelled():
            raise
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)


async def run_all(chats: Sequence[Chat]) -> None:
    """Until all have ended, or one has failed: then the others end too."""
    running = [asyncio.ensure_future(chat.run()) for chat in chats]
    try:
        await asyncio.gather(*running)
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _stop(
    chats: Sequence[Chat],
    chatting: "asyncio.Task[None]",
    asks: Asks,
    told: asyncio.Event,
    hurry: asyncio.Event,
) -> None:
    await told.wait()
    for chat in chats:
        chat.leave()
    await asks.finish(FINISH_SECONDS, hurry)
    await asyncio.wait({chatting}, timeout=SHOW_SECONDS)
    chatting.cancel()
