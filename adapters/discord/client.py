"""discord.py's client, as Chipin uses it: no privileged intent, and nothing remembered that nobody needs."""

from collections.abc import Awaitable, Callable

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

LONGEST_RATE_LIMIT_SECONDS = 30.0
"""How long discord.py waits for a rate limit to pass before it says so instead; it takes no less."""

HEARTBEAT_SECONDS = 60.0
"""A connection that says nothing for so long is dead: Discord answers heartbeats every 41 seconds."""

TakesInteraction = Callable[[discord.Interaction], Awaitable[bool]]
"""Acknowledges an interaction as its first await, and takes it on; False for what is somebody else's."""
TakesMessage = Callable[[discord.Message], Awaitable[None]]
TakesServer = Callable[[discord.Guild], Awaitable[None]]


DISCORDS_GATEWAY = DiscordWebSocket.DEFAULT_GATEWAY


def point_at(api_url: str, gateway_url: str) -> None:
    """Let discord.py call these addresses. They are the whole process's, as discord.py keeps them."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def intents() -> discord.Intents:
    """What Discord is asked to tell: servers, and messages.

    What a message says comes only where it mentions the bot, answers it, or is said to it alone: more would be a
    privileged intent (events/gateway, "Message Content Intent").
    """
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class ChipinClient(discord.Client):
    """Hears what Discord tells, and hands it to whoever takes it."""

    def __init__(self, *, proxy: str | None = None, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        super().__init__(
            intents=intents(),
            proxy=proxy,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_SECONDS,
            heartbeat_timeout=heartbeat_seconds,
        )
        self.takes_interactions: list[TakesInteraction] = []
        self.takes_messages: list[TakesMessage] = []
        self.takes_servers: list[TakesServer] = []

    @property
    def is_divided(self) -> bool:
        """Whether it hears shards, each by its number; else one connection hears everything."""
        return False

    def divide(self, count: int) -> None:
        """Into so many shards."""
        raise TypeError(f"This client has no shards: not {count}.")

    def forget_servers(self, shard: int) -> None:
        """What is known of the servers of a shard: it may be otherwise by now."""
        for guild in list(self.guilds):
            if guild.shard_id == shard:
                self._connection._remove_guild(guild)

    async def close(self) -> None:
        """Nothing can be called any more, and nothing waits for what Discord may tell."""
        if (waiting := self._connection._ready_task) is not None:
            waiting.cancel()
        await super().close()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody typed, pressed or sent something: the first that it belongs to takes it."""
        for takes in self.takes_interactions:
            if await takes(interaction):
                return

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote something."""
        for takes in self.takes_messages:
            await takes(message)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is known now."""
        for takes in self.takes_servers:
            await takes(guild)

    on_guild_join = on_guild_available


class ShardedChipinClient(ChipinClient, discord.AutoShardedClient):
    """The same for shards, of which this process is connected for those that it has the lease of."""

    @property
    def is_divided(self) -> bool:
        """It is."""
        return True

    def divide(self, count: int) -> None:
        """Into so many shards."""
        self.shard_count = self._connection.shard_count = count
        self._connection.shard_ids = range(count)

    async def close(self) -> None:
        """The same."""
        for waiting in self._connection._ready_tasks.values():
            waiting.cancel()
        await super().close()
