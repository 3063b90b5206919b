"""The connection to Discord: logged in, and connected for every shard that no other process looks after."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.client import ChipinClient
from adapters.discord.session import CONNECT_SECONDS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Session
from adapters.discord.shards import AUTO, LOOK_EVERY_SECONDS, Replica, Shard, ShardLease, ShardState
from adapters.discord.unusable import refused_token
from core.errors import NotConfigured
from core.first_of import first_of
from core.ids import new_id
from core.ports import Clock

BETWEEN_SESSIONS_SECONDS = 5
"""In this time a bot may begin one session, or as many side by side as Discord says (`max_concurrency`)."""
TURN_PAUSE_SECONDS = 1.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _LookedAfter:
    """One shard, as far as this process has to do with it."""

    session: Session
    lease: ShardLease
    held: bool = False


class GatewayConnection:
    """Logs in, and takes what Discord tells."""

    def __init__(
        self,
        client: ChipinClient,
        api: DiscordApi,
        token: str,
        clock: Clock,
        replica: Replica,
        *,
        shards: int | str | None = None,
    ) -> None:
        """`shards`: how many, `AUTO` for as many as Discord recommends, None for no sharding."""
        self._client = client
        self._api = api
        self._token = token
        self._clock = clock
        self._replica = replica
        self._wanted = shards
        self._side_by_side = 1
        self._shards: dict[Shard, _LookedAfter] = {}
        self._name = f"discord {hashlib.sha256(token.encode()).hexdigest()[:16]}"

    @property
    def shards(self) -> tuple[ShardState, ...]:
        """How each shard stands here; nothing until it is logged in."""
        return tuple(
            ShardState(shard, each.held, each.session.up, each.session.heard) for shard, each in self._shards.items()
        )

    async def run(self, leaving: asyncio.Event) -> None:
        """Until told to leave. Then nothing more is heard, and what was heard can still be answered: `close` ends that.

        Raises `NotConfigured` where Discord will never let this bot in as it is set up.
        """
        running = asyncio.ensure_future(self._run())
        try:
            await first_of(leaving.wait(), asyncio.wait({running}))
        finally:
            running.cancel()
            [why] = await asyncio.gather(running, return_exceptions=True)
        if isinstance(why, Exception):
            raise why

    async def _run(self) -> None:
        await self._with_pauses(self._log_in)
        await self._with_pauses(self._plan)
        running = [asyncio.ensure_future(self._look_after(shard, each)) for shard, each in self._shards.items()]
        try:
            await asyncio.gather(*running)
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _with_pauses(self, work: Callable[[], Awaitable[None]]) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await work()
            except NotConfigured:
                raise
            except Exception as why:  # noqa: BLE001 - Discord, or the way to it, is in trouble: it is tried again
                _log.warning("discord_not_connected", kind=type(why).__name__, again_in_seconds=pause)
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _log_in(self) -> None:
        try:
            await self._client.login(self._token)
        except BaseException as failed:  # what it opened for it cannot be used again
            with suppress(aiohttp.ClientError):
                await self._client.http.close()
            self._client.http.connector = discord.utils.MISSING
            if isinstance(failed, discord.LoginFailure):
                raise refused_token() from failed
            raise

    async def _plan(self) -> None:
        count = 1
        if self._wanted is not None:
            advice = await self._advice()
            count = int(advice["shards"]) if self._wanted == AUTO else int(self._wanted)
            self._side_by_side = max(1, int(advice["session_start_limit"]["max_concurrency"]))
            self._client.divide(count)
        for shard in (Shard(number, count) for number in range(count)):
            lease = ShardLease(self._replica, self._clock, f"{self._name} {shard.number}/{count}")
            self._shards[shard] = _LookedAfter(Session(self._client, shard, self._clock, self._turn), lease)

    async def _advice(self) -> Mapping[str, Any]:
        try:
            advice: Mapping[str, Any] = await self._api.call("GET", "/gateway/bot", patience_seconds=0)
        except Rejected as refused:
            if refused.status == 401:
                raise refused_token() from refused
            raise
        return advice

    async def _look_after(self, shard: Shard, its: _LookedAfter) -> None:
        """Be connected for it whenever no other process is."""
        while True:
            await its.lease.taken(its.session.forget)
            _log.info("discord_shard_taken", shard=shard.number, of=shard.count)
            its.held = True
            try:
                await self._connected(its)
            finally:
                its.held = False
                await its.lease.give_up()
            await self._clock.sleep(LOOK_EVERY_SECONDS)

    async def _connected(self, its: _LookedAfter) -> None:
        """Until the lease is lost, or Discord could not be reached for a while: then another one may try."""
        works = [asyncio.ensure_future(its.session.run()), asyncio.ensure_future(its.lease.lost())]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            its.session.ends()
            raise
        finally:
            for each in works:
                each.cancel()
            await asyncio.gather(*works, return_exceptions=True)
        for each in done:
            each.result()

    async def _turn(self, shard: Shard) -> None:
        """Wait until one more session may be begun, over all replicas: by a lease that nobody keeps."""
        if not self._client.is_divided:
            return
        lease = f"{self._name} begins {shard.number % self._side_by_side}"
        while True:
            this = new_id("session", self._clock.now())
            if await self._replica.leases.take(lease, this, BETWEEN_SESSIONS_SECONDS) == this:
                return
            await self._clock.sleep(TURN_PAUSE_SECONDS)

    async def close(self) -> None:
        """Nothing can be answered any more."""
        if self._client.http.token is not None:  # else there is nothing to close, and discord.py cannot
            await self._client.close()
        self._replica.presence.close()
