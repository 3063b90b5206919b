"""Slack and Discord in one process: each answers, whatever becomes of the other."""

import asyncio

import aiohttp

from tests.discord.feed import Feed
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.both.house import on_both
from tests.end_to_end.slack.house import ANNA, GENERAL
from tests.provider_server import ProviderServer
from tests.slack.feed import SocketFeed
from tests.slack.server import FakeSlack
from tests.waiting import until

NOWHERE = "http://127.0.0.1:9/api"


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
    async with on_both(town, slack, sqlite_url, server, settings={"slack_api_url": NOWHERE + "/"}):
        await discord_answers(town)


async def test_slack_answers_where_discord_cannot_be_reached(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server, settings={"discord_api_url": NOWHERE}):
        await slack_answers(slack)


async def test_slack_answers_where_discord_lets_nobody_connect(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server, settings={"discord_gateway_url": "ws://127.0.0.1:9/"}) as both:
        await slack_answers(slack)
        await until_told(both.port, "/healthz", "healthy\nDiscord: not connected now (shard 0)\n")
        await until_told(both.port, "/metrics", "\nchipin_discord_shards_up 0\n")


async def test_a_monitor_is_told_how_the_connection_stands(
    town: Town, slack: FakeSlack, sqlite_url: str, server: ProviderServer
) -> None:
    async with on_both(town, slack, sqlite_url, server) as both:
        await until_told(both.port, "/healthz", "healthy\n")
        await until_told(both.port, "/metrics", "\nchipin_discord_shards_held 1\n")
        await until_told(both.port, "/metrics", "\nchipin_discord_shards_up 1\n")


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
