"""The connection to Discord: opened, opened again whenever it is lost, and closed when the process leaves."""

import asyncio
from contextlib import suppress

import aiohttp
import discord
import structlog

from adapters.discord.client import ChipinClient
from core.errors import NotConfigured
from core.first_of import first_of
from core.ports import Clock

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
TOKEN_REFUSED = 4004
"""The close code for a token that is none (topics/opcodes-and-status-codes)."""

_log = structlog.get_logger(__name__)


class GatewayConnection:
    """Logs in, and takes what Discord tells."""

    def __init__(self, client: ChipinClient, token: str, clock: Clock) -> None:
        self._client = client
        self._token = token
        self._clock = clock

    async def run(self, leaving: asyncio.Event) -> None:
        """Until told to leave. Then nothing more is heard, and what was heard can still be answered: `close` ends that.

        Raises `NotConfigured` for a token that Discord does not accept.
        """
        pause = FIRST_PAUSE_SECONDS
        while not leaving.is_set():
            trying = asyncio.ensure_future(self._connected())
            try:
                await first_of(leaving.wait(), asyncio.wait({trying}))
            finally:
                trying.cancel()
                [why] = await asyncio.gather(trying, return_exceptions=True)
            if leaving.is_set():
                break
            if isinstance(why, NotConfigured):
                raise why
            _log.warning("discord_not_connected", kind=type(why).__name__, again_in_seconds=pause)
            await first_of(leaving.wait(), self._clock.sleep(pause))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        await self._hang_up()

    async def _connected(self) -> None:
        try:
            if self._client.user is None:
                await self._log_in()
            await self._client.connect()
        except discord.LoginFailure as refused:
            raise refused_token() from refused
        except discord.ConnectionClosed as closed:
            if closed.code == TOKEN_REFUSED:
                raise refused_token() from closed
            raise

    async def _log_in(self) -> None:
        try:
            await self._client.login(self._token)
        except BaseException:  # what it opened for it cannot be used again
            with suppress(aiohttp.ClientError):
                await self._client.http.close()
            self._client.http.connector = discord.utils.MISSING
            raise

    async def _hang_up(self) -> None:
        if self._client.ws is not None:
            with suppress(aiohttp.ClientError, OSError):
                await self._client.ws.close(code=1000)

    async def close(self) -> None:
        """Nothing can be answered any more."""
        await self._client.close()


def refused_token() -> NotConfigured:
    """What stops the start: nothing can be answered with such a token."""
    return NotConfigured(
        "Discord does not accept DISCORD_TOKEN. Take the one that your application's page shows under Bot, "
        '"Reset Token".'
    )
