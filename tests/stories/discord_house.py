"""Chipin in a Discord on this machine, wired as it is in production: where stories and scenes are played."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.discord.app import DiscordChat
from adapters.discord.invite import USED
from bot.settings import Settings
from bot.wiring import App
from core.ports import Clock
from tests.discord.feed import Feed
from tests.discord.people import Role, User
from tests.discord.permissions import EVERYTHING, May
from tests.discord.server import FakeDiscord
from tests.discord.state import Channel
from tests.end_to_end.discord.house import UNHURRIED_SECONDS, open_house
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class OnDiscord:
    """A running process, its Discord, and the way in to it.

    `opener` may manage the server; `crew` is a role in it, and `chat` a channel.
    """

    app: App
    chat: DiscordChat
    discord: FakeDiscord
    feed: Feed
    opener: User
    crew: Role
    chat_channel: Channel

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs."""
        return not self.app.use_cases.asks.running and self.chat.tasks.idle

    async def settle(self) -> None:
        """Until everything that somebody did has come to its end."""
        await until(lambda: self.is_idle)

    async def tell(self) -> None:
        """Let the process tell what it has to tell, as it does by itself every few seconds."""
        await self.app.use_cases.deliveries.run(self.chat.announcer)
        await self.app.use_cases.notices.run(self.chat.announcer)
        await self.settle()


@asynccontextmanager
async def chipin_on_discord(settings: Settings, clock: Clock, *, opener: str) -> AsyncIterator[OnDiscord]:
    """It runs, with the permissions that it asks for; at the end nothing that was sent broke a rule of Discord's.

    `opener` may manage the server, and the operator knows that: Chipin meets them when it starts. Nobody else may ask
    until they let a role.
    """
    async with FakeDiscord() as discord:
        discord.acknowledge_within_seconds = UNHURRIED_SECONDS
        keepers = discord.guild.add_role("keepers", May.MANAGE_GUILD)
        crew = discord.guild.add_role("crew")
        channel = discord.guild.add_channel("chat")
        channel.overwrite(discord.bot_user, allow=USED.value, deny=EVERYTHING & ~USED.value)
        user = discord.add_member(opener.lower(), keepers, crew, nick=opener)
        chosen = settings.model_copy(
            update={
                "discord_token": SecretStr(discord.token),
                "discord_api_url": discord.api_url,
                "discord_gateway_url": discord.gateway_url,
                "admins": f"discord:{discord.guild.id}/{user.id}",
            }
        )
        async with asynccontextmanager(open_house)(chosen, discord, clock) as (app, chat):
            await until(lambda: bool(discord.answers(discord.direct(user))))
            yield OnDiscord(app, chat, discord, Feed(discord), user, crew, channel)
        assert discord.violations == [], [str(each) for each in discord.violations]
