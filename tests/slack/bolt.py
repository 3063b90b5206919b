"""A real slack-bolt app, connected to the fake over either transport."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.feed import Feed, HttpFeed, SocketFeed
from tests.slack.server import FakeSlack
from tests.slack.state import Message

TRANSPORTS = ("socket", "http")


def client_of(slack: FakeSlack, token: str = "") -> AsyncWebClient:
    """The real client, pointed at the fake; slack_sdk's own retries are off, as in Chipin."""
    return AsyncWebClient(token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def app_of(slack: FakeSlack, **more: Any) -> AsyncApp:
    return AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret, process_before_response=True, **more)


async def error_of(call: Awaitable[Any]) -> str:
    """The code with which Slack refuses."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def post(slack: FakeSlack, text: str = "Hello", **more: Any) -> Message:
    """A message of the bot's, in #general unless `channel` says otherwise."""
    quiet = {"channel": "C1", "unfurl_links": False, "unfurl_media": False}
    said = await client_of(slack).chat_postMessage(**{**quiet, "text": text, **more})
    found = slack.find(said["channel"], said["ts"])
    assert found is not None
    return found


@asynccontextmanager
async def connected(slack: FakeSlack, app: AsyncApp, transport: str) -> AsyncIterator[Feed]:
    """The app runs on "socket" or "http"; the feed reaches it there."""
    over = over_socket if transport == "socket" else over_http
    async with over(slack, app) as feed:
        yield feed


@asynccontextmanager
async def over_socket(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[Feed]:
    handler: Any = AsyncSocketModeHandler(app, slack.app_token, web_client=client_of(slack, slack.app_token))
    connect: Callable[[], Awaitable[None]] = handler.connect_async
    await connect()
    try:
        yield SocketFeed(slack)
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(slack: FakeSlack, app: AsyncApp) -> AsyncIterator[Feed]:
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with HttpFeed(slack, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events") as feed:
            yield feed
    finally:
        await runner.cleanup()
