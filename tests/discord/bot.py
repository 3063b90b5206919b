"""The real discord.py, pointed at the fake."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import discord
import discord.http
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.server import FakeDiscord
from tests.fakes import FakeClock

Client = TypeVar("Client", bound=discord.Client)
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py talks to the fake while this lasts (both are class attributes of discord.py: one at a time)."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.api_url, yarl.URL(fake.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(fake: FakeDiscord, client: Client) -> AsyncIterator[Client]:
    """The client logged in and connected; closed at the end."""
    with pointed_at(fake):
        connecting: asyncio.Task[None] | None = None
        try:
            await client.login(fake.token)
            connecting = asyncio.create_task(client.connect())
            await fake.gateway.connected()
            yield client
        finally:
            await client.close()
            if connecting is not None:
                connecting.cancel()
                await asyncio.gather(connecting, return_exceptions=True)


class Naps(FakeClock):
    """A clock for `on_the_clock`: discord.py's sleeps are written down, and over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await super().sleep(seconds)


@asynccontextmanager
async def logged_in(fake: FakeDiscord) -> AsyncIterator[discord.http.HTTPClient]:
    """discord.py's own HTTP client, without a gateway."""
    client = discord.Client(intents=INTENTS)
    with pointed_at(fake):
        try:
            await client.login(fake.token)
            yield client.http
        finally:
            await client.close()
