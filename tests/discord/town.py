"""A Discord with a few people in it, as most tests want it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.discord.people import Role, User
from tests.discord.permissions import May
from tests.discord.server import FakeDiscord
from tests.discord.state import Channel


@dataclass(frozen=True, slots=True)
class Town:
    """Anna may manage the server, Ben is a member with a role; #general is open to all."""

    discord: FakeDiscord
    anna: User
    ben: User
    general: Channel
    crew: Role


@asynccontextmanager
async def a_discord() -> AsyncIterator[Town]:
    """While it lasts; at the end nothing that was sent to it broke a rule, or the test fails."""
    async with FakeDiscord() as discord:
        keepers = discord.guild.add_role("keepers", May.MANAGE_GUILD)
        crew = discord.guild.add_role("crew")
        anna = discord.add_member("anna", keepers)
        ben = discord.add_member("ben", crew)
        yield Town(discord, anna, ben, discord.guild.add_channel("general"), crew)
        assert discord.violations == [], [str(each) for each in discord.violations]
