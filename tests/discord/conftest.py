"""One Discord a test, with a few people; a test ends without violations unless it says otherwise."""

from collections.abc import AsyncIterator

import pytest

from tests.discord.feed import Feed
from tests.discord.server import FakeDiscord
from tests.discord.town import Town, a_discord


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_discord() as running:
        yield running


@pytest.fixture
def discord(town: Town) -> FakeDiscord:
    return town.discord


@pytest.fixture
def feed(discord: FakeDiscord) -> Feed:
    return Feed(discord)
