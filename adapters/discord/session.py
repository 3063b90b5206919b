"""A session with Discord's gateway: connected, resumed where the connection was lost, begun anew where it is over."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler, ReconnectWebSocket

from adapters.discord.client import DISCORDS_GATEWAY, ChipinClient
from adapters.discord.shards import Shard
from adapters.discord.unusable import unusable
from core.errors import NotConfigured
from core.ports import Clock

CONNECT_SECONDS = 20.0
"""For one try."""
CLOSE_SECONDS = 2.0
"""How long Discord has for answering a goodbye: a connection that is half open never does."""
STEADY_SECONDS = 10.0
"""What lasts as long is well again. Discord lets a bot begin 1,000 sessions a day (events/gateway, "Session Start")."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
TRIES_IN_A_ROW = 4
"""After so many failures another replica may try."""
INVALID_PAUSE_SECONDS = (1.0, 5.0)
"""Between these a session is begun anew that Discord declared over (events/gateway, "Resuming")."""
OVER, TO_BE_RESUMED = 1000, 4000
"""How a connection is closed: Discord forgets the session, or keeps it for a while."""

_log = structlog.get_logger(__name__)

Turn = Callable[[Shard], Awaitable[None]]
"""Waits until a session may be begun."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a session is resumed by."""

    id: str
    sequence: int
    gateway: yarl.URL


class Socket(DiscordWebSocket):
    """discord.py's connection, which leaves nothing open where connecting fails or is cancelled."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(socket, loop=loop)
        socket._timeout = aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS)  # discord.py waits half a minute
        self._beating: KeepAliveHandler | None = None
        self.code = TO_BE_RESUMED

    async def poll_event(self) -> None:
        """Take one event."""
        await self._or_leave(super().poll_event())
        self._beating = self._keep_alive or self._beating

    async def identify(self) -> None:
        """Begin a session."""
        await self._or_leave(super().identify())

    async def resume(self) -> None:
        """Go on with one."""
        await self._or_leave(super().resume())

    async def _or_leave(self, doing: Awaitable[None]) -> None:
        try:
            await doing
        except BaseException:
            await self._leave()
            raise

    async def _leave(self) -> None:
        """Hang up, and end the thread that sends heartbeats."""
        beating, self._beating = self._keep_alive or self._beating, None
        if beating is not None:
            beating.stop()
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            await asyncio.wait_for(self.socket.close(code=self.code), CLOSE_SECONDS)
        if beating is not None and beating.is_alive():
            await asyncio.to_thread(beating.join, CLOSE_SECONDS)


class Session:
    """Takes what Discord tells one shard."""

    def __init__(self, client: ChipinClient, shard: Shard, clock: Clock, turn: Turn) -> None:
        """`turn` waits until this shard may begin a session."""
        self._client = client
        self._shard = shard
        self._clock = clock
        self._turn = turn
        self._known: _Known | None = None
        self._socket: Socket | None = None
        self._failures = 0
        self._up_since = math.inf
        self.up = False
        """Whether Discord tells it everything now."""

    @property
    def heard(self) -> int:
        """The number of the last event that was taken."""
        return self._known.sequence if self._known is not None else 0

    async def run(self) -> None:
        """Until Discord could not be reached several times in a row. Raises `NotConfigured` where it never will be."""
        while True:
            self._up_since = math.inf
            why = await self._until_lost()
            if self._clock.monotonic() - self._up_since >= STEADY_SECONDS:
                self._failures = 0
            pause = self._pause(why)
            self._failures += 1
            _log.info("discord_connection_lost", shard=self._shard.number, kind=_kind(why), again_in_seconds=pause)
            if pause:
                await self._clock.sleep(pause)
            if self._failures % TRIES_IN_A_ROW == 0:
                _log.warning("discord_not_connected", shard=self._shard.number, kind=_kind(why))
                return

    def _pause(self, why: Exception) -> float:
        """None before the first new try: most of the time Discord only wants us elsewhere."""
        if isinstance(why, ReconnectWebSocket) and not why.resume:
            return random.uniform(*INVALID_PAUSE_SECONDS)  # noqa: S311 - so that not all bots come at once
        if not self._failures:
            return 0.0
        return min(FIRST_PAUSE_SECONDS * 2.0 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)

    async def _until_lost(self) -> Exception:
        """Connect, and take what comes; why that ended."""
        try:
            self._socket = await self._connected()
            while True:
                await self._socket.poll_event()
                self._heard(self._socket)
        except NotConfigured:
            raise
        except discord.ConnectionClosed as closed:
            if (sentence := unusable(closed.code)) is not None:
                raise sentence from closed
            return closed
        except Exception as why:  # noqa: BLE001 - whatever it is, the connection is gone and is made again
            if isinstance(why, ReconnectWebSocket) and not why.resume:
                self._known = None
            return why
        finally:
            self.up = False

    async def _connected(self) -> Socket:
        known, at = self._known, DiscordWebSocket.DEFAULT_GATEWAY
        if known is None:
            await self._turn(self._shard)
            self._client.forget_servers(self._shard.number)  # Discord tells them all anew
        options: dict[str, Any] = {} if known is None else {"session": known.id, "sequence": known.sequence}
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Socket.from_client(
                self._client,
                initial=True,  # discord.py's own pause before a session is begun: ours is before it connects
                gateway=known.gateway if known is not None and at == DISCORDS_GATEWAY else at,
                shard_id=self._shard.number if self._client.is_divided else None,
                resume=known is not None,
                **options,
            )

    def _heard(self, socket: Socket) -> None:
        if socket.session_id is not None and socket.sequence is not None:
            known = _Known(socket.session_id, socket.sequence, socket.gateway)
            if not self.up and known != self._known:
                self.up, self._up_since = True, self._clock.monotonic()
            self._known = known

    def ends(self) -> None:
        """When it is left now, it is for good: Discord need not keep the session."""
        self._known = None
        if self._socket is not None:
            self._socket.code = OVER

    def forget(self) -> None:
        """Another process is connected: what that one heard is not heard here again, nor what its servers are like."""
        self._known = None
        self._client.forget_servers(self._shard.number)


def _kind(why: Exception) -> str:
    code = f" {why.code}" if isinstance(why, discord.ConnectionClosed) else ""
    return f"{type(why).__name__}{code}"
