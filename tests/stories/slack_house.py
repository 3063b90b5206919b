"""Chipin in a Slack on this machine, wired as it is in production: where stories and scenes are played."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.slack.app import SlackChat
from bot.settings import Settings
from bot.wiring import App
from core.ports import Clock
from tests.end_to_end.slack.house import open_house
from tests.slack.feed import Feed
from tests.slack.server import FakeSlack
from tests.waiting import until


def user_id(person: str) -> str:
    """The account of somebody whom stories call by that name."""
    return f"U1{person.upper()}"


@dataclass(frozen=True, slots=True)
class OnSlack:
    """A running process, its Slack, and the way in to it."""

    app: App
    chat: SlackChat
    slack: FakeSlack
    feed: Feed

    async def settle(self) -> None:
        """Until everything that somebody did has come to its end."""
        await until(lambda: not self.app.use_cases.asks.running and self.chat.tasks.idle, patience_seconds=30.0)

    async def tell(self) -> None:
        """Let the process tell what it has to tell, as it does by itself every few seconds."""
        await self.app.use_cases.deliveries.run(self.chat.announcer)
        await self.app.use_cases.notices.run(self.chat.announcer)
        await self.settle()


@asynccontextmanager
async def chipin_on_slack(settings: Settings, transport: str, clock: Clock, *, opener: str) -> AsyncIterator[OnSlack]:
    """It runs; at the end nothing that was sent broke a limit of Slack's.

    `opener` looks after the workspace, and the operator knows that: Chipin meets them when it starts.
    """
    async with FakeSlack() as slack:
        user = slack.add_user(user_id(opener), opener.lower(), display_name=opener, admin=True, owner=True)
        chosen = settings.model_copy(
            update={
                "slack_bot_token": SecretStr(slack.bot_token),
                "slack_api_url": slack.api_url,
                "http_port": 0,
                "admins": f"slack:{slack.team_id}/{user.id}",
                "slack_app_token": SecretStr(slack.app_token) if transport == "socket" else None,
                "slack_signing_secret": SecretStr(slack.signing_secret) if transport == "http" else None,
            }
        )
        async with asynccontextmanager(open_house)(chosen, slack, transport, clock) as (app, chat, feed):
            await until(lambda: bool(slack.direct_messages(user.id)), patience_seconds=30.0)
            yield OnSlack(app, chat, slack, feed)
        assert slack.violations == [], slack.violations
