"""One Discord a test, with a few people; a test ends without violations unless it says otherwise."""

from collections.abc import AsyncIterator, Iterator

import pytest
from discord.http import HTTPClient

from tests.discord.bot import Naps, logged_in
from tests.discord.feed import Feed
from tests.discord.server import FakeDiscord
from tests.discord.time_of_discord_py import on_the_clock
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


@pytest.fixture
async def http(discord: FakeDiscord) -> AsyncIterator[HTTPClient]:
    """discord.py's own HTTP client, logged in."""
    async with logged_in(discord) as client:
        yield client


@pytest.fixture
def naps() -> Iterator[Naps]:
    """discord.py waits for nothing: it says how long it would have waited."""
    told = Naps()
    with on_the_clock(told):
        yield told
