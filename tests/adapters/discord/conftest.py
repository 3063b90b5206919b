"""A Discord on this machine, and processes that connect to it."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.connected import Crew, a_crew
from tests.discord.feed import Feed
from tests.discord.town import Town, a_discord


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A server with a few people; nothing sent to it broke a rule."""
    async with a_discord() as running:
        yield running


@pytest.fixture
def feed(town: Town) -> Feed:
    """What people do."""
    return Feed(town.discord)


@pytest.fixture
async def crew(town: Town) -> AsyncIterator[Crew]:
    """Processes of Chipin, none yet."""
    async with a_crew(town.discord) as working:
        yield working
