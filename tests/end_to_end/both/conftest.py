"""A Slack and a Discord on this machine."""

from collections.abc import AsyncIterator

import pytest

from tests.discord.town import Town, a_discord
from tests.end_to_end.discord.house import UNHURRIED_SECONDS
from tests.end_to_end.slack.house import a_slack
from tests.slack.server import FakeSlack


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """A server with Anna, who may manage it, Ben of the crew, and #general."""
    async with a_discord() as running:
        running.discord.acknowledge_within_seconds = UNHURRIED_SECONDS
        yield running


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace with Anna, who looks after it, Ben, and #general."""
    async with a_slack() as running:
        yield running
