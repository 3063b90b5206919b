"""Slack and Discord in one process: each answers, whatever becomes of the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.http import serving
from bot.run import team_chats
from bot.schedule import scheduled
from bot.stopping import run_all
from bot.wiring import wire
from tests.discord.feed import Feed
from tests.discord.reading import text_of
from tests.discord.town import Town, a_discord
from tests.end_to_end.house import settings_for
from tests.end_to_end.slack.house import ANNA, GENERAL, a_slack
from tests.provider_server import ProviderServer
from tests.slack.feed import SocketFeed
from tests.slack.server import FakeSlack
from tests.waiting import until

NOWHERE = "http://127.0.0.1:9/api"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with a_discord() as running:
        running.discord.acknowledge_within_seconds = 60.0
        yield running


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with a_slack() as running:
        yield running


@asynccontextmanager
async def on_both(
    town: Town, slack: FakeSlack, url: str, provider: ProviderServer, **settings: Any
) -> AsyncIterator[int]:
    """The process as `run` starts it; the port of its HTTP server."""
    given: dict[str, Any] = {
        "discord_token": SecretStr(town.discord.token),
        "discord_api_url": town.discord.api_url,
        "discord_gateway_url": town.discord.gateway_url,
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.api_url,
        "http_port": 0,
    }
    chosen = settings_for(url, provider.base_url).model_copy(update=given | settings)
    async with wire(chosen, practice=False) as app:
        chats = team_chats(app)
        async with (
            scheduled(app, [chat.announcer for chat in chats.all]),
            serving(app, chats.endpoints, chats.watched) as port,
        ):
            running = asyncio.create_task(run_all(chats.all))
            try:
                yield port
                assert not running.done()
            finally:
                for chat in chats.all:
                    chat.leave()
                await asyncio.gather(running, return_exceptions=True)


async def discord_answers(town: Town) -> None:
    """Somebody types, and is answered."""
    feed = Feed(town.discord)
    await until(lambda: bool(town.discord.gateway.live and feed.offers(town.anna, town.general)))
    typed = await feed.command("balance", user=town.anna, channel=town.general)
    await until(lambda: typed.original is not None and "$5.00" in text_of(typed.original))


async def slack_answers(slack: FakeSlack) -> None:
    """The same."""
    await slack.sockets.connected()
    await SocketFeed(slack, patience_seconds=60).command("/balance", "", user=ANNA, channel=GENERAL)
    await until(lambda: any("$5.00" in slack.text_of(each) for each in slack.ephemerals(ANNA)))


async def test_both_answer(town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer) -> None:
    async with on_both(town, slack, sqlite_url, server):
        await asyncio.gather(discord_answers(town), slack_answers(slack))


async def test_discord_answers_where_slack_cannot_be_reached(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server, slack_api_url=NOWHERE + "/"):
        await discord_answers(town)


async def test_slack_answers_where_discord_cannot_be_reached(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server, discord_api_url=NOWHERE):
        await slack_answers(slack)


async def test_slack_answers_where_discord_lets_nobody_connect(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server, discord_gateway_url="ws://127.0.0.1:9/") as port:
        await slack_answers(slack)
        await until_told(port, "/healthz", "healthy\nDiscord: not connected now (shard 0)\n")
        await until_told(port, "/metrics", "\nchipin_discord_shards_up 0\n")


async def test_a_monitor_is_told_how_the_connection_stands(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server) as port:
        await until_told(port, "/healthz", "healthy\n")
        await until_told(port, "/metrics", "\nchipin_discord_shards_held 1\n")
        await until_told(port, "/metrics", "\nchipin_discord_shards_up 1\n")


async def until_told(port: int, path: str, wanted: str) -> None:
    """What a monitor reads in the end."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status == 200
                told = await answer.text()
            if (told == wanted) if path == "/healthz" else (wanted in told):
                return
            await asyncio.sleep(0.02)
