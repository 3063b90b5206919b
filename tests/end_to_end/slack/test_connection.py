"""Chipin and Slack find each other: at the start, after a break, and never with a token that is worth nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack import connection
from adapters.slack.app import SlackChat, SlackConfig
from bot.clock import SystemClock
from bot.wiring import App, wire
from core.errors import NotConfigured
from tests.end_to_end.house import settings_for
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, chipin_in
from tests.end_to_end.slack.test_budget import balance
from tests.fakes import FakeDrawing
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until


@pytest.fixture
async def app(sqlite_url: str, server: ProviderServer) -> AsyncIterator[App]:
    async with wire(settings_for(sqlite_url, server.base_url), practice=False) as app:
        yield app


def a_chat(app: App, slack: FakeSlack, *, bot_token: str = "", app_token: str = "") -> SlackChat:
    config = SlackConfig(slack.api_url, bot_token or slack.bot_token, app_token or slack.app_token)
    return SlackChat(app.use_cases, config, SystemClock(), drawing=FakeDrawing())


@pytest.mark.parametrize(
    ("tokens", "named"),
    [({"app_token": "xapp-dead"}, "SLACK_APP_TOKEN"), ({"bot_token": "xoxb-dead"}, "SLACK_BOT_TOKEN")],
)
async def test_a_token_that_slack_does_not_accept_stops_the_start(
    app: App, slack: FakeSlack, tokens: dict[str, str], named: str
) -> None:
    with pytest.raises(NotConfigured, match=f"does not accept {named}"):
        await a_chat(app, slack, **tokens).run()


async def test_slack_that_is_away_at_the_start_is_waited_for(
    app: App, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "FIRST_PAUSE_SECONDS", 0.02)
    chat = a_chat(app, slack)
    await slack.go_down()
    running = asyncio.create_task(chat.run())
    await asyncio.sleep(0.01)
    await slack.come_back()
    await slack.sockets.connected()
    chat.leave()
    await running


async def test_when_slack_asks_for_a_new_connection_nothing_is_lost(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await slack.sockets.ask_to_reconnect()
        heard = [await house.feed.mention(f"question {number}", user=BEN, channel=GENERAL) for number in range(3)]
        lost = [each for each in heard if not each.ok]
        again = [await house.feed.again(each) for each in lost]
        await house.quiet()
        assert all(each.ok for each in again)
        assert len(server.calls) == 3


async def test_after_leaving_nothing_more_is_taken(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        house.chat.leave()
        await until(lambda: slack.sockets.open == [])


async def test_what_comes_while_the_process_ends_is_not_acknowledged_and_not_done(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Over HTTP Slack can reach a server whose chat has closed: nobody could be told what became of it."""
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        house.chat.leave()
        await until(lambda: house.chat._session.closed)
        before = await balance(house)
        assert not (await house.feed.command("/topup", "25 all", user=ANNA, channel=GENERAL)).ok
        assert not (await house.feed.mention("why?", user=BEN, channel=GENERAL)).ok
        await house.quiet()
        assert await balance(house) == before and server.calls == []
