"""A Discord on this machine."""

from collections.abc import AsyncIterator

import pytest

from tests.discord.town import Town, a_discord


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A server with Anna, who may manage it, Ben of the crew, and #general; nothing sent to it broke a rule."""
    async with a_discord() as running:
        yield running
