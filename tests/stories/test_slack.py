"""The whole life of a team, played on Slack: receipts and ledger are what they are in the terminal."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack.app import SlackChat
from bot.settings import Settings
from bot.wiring import App, wire
from tests.end_to_end.slack.house import open_house
from tests.slack.feed import Feed
from tests.slack.server import FakeSlack
from tests.slack.waiting import until
from tests.stories import whole_life
from tests.stories.driver import Ledger, read_books, read_ledger
from tests.stories.receipts import WithReceipts
from tests.stories.slack_stage import SlackStage
from tests.stories.test_terminal import QuickClock, TerminalStage, answering_providers, settings, terminal_of

__all__ = ["settings"]


@dataclass(frozen=True, slots=True)
class Played:
    """What a play leaves: the receipts that people read, and the ledger."""

    receipts: tuple[str, ...]
    ledger: Ledger


async def in_the_terminal(settings: Settings) -> Played:
    """The story, with a conversation of its own for each question: a command of Slack's cannot stand in a thread."""
    async with (
        answering_providers(settings) as connected,
        wire(connected, practice=False, clock=QuickClock()) as app,
        terminal_of(app, opener=whole_life.ADMIN, demo=False) as terminal,
    ):
        stage = WithReceipts(TerminalStage(terminal, whole_life.ADMIN), "/new")
        await whole_life.WholeLife(stage, lambda: read_books(app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(app.store))


@asynccontextmanager
async def slack_stage(settings: Settings, transport: str, slack: FakeSlack) -> AsyncIterator[tuple[App, SlackStage]]:
    """Chipin as it is wired in production, in a Slack on this machine."""
    chosen = settings.model_copy(
        update={
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_api_url": slack.api_url,
            "http_port": 0,
            "slack_app_token": SecretStr(slack.app_token) if transport == "socket" else None,
            "slack_signing_secret": SecretStr(slack.signing_secret) if transport == "http" else None,
        }
    )
    async with asynccontextmanager(open_house)(chosen, slack, transport, QuickClock()) as (app, chat, feed):
        yield app, a_stage(app, chat, slack, feed)


def a_stage(app: App, chat: SlackChat, slack: FakeSlack, feed: Feed) -> SlackStage:
    """The stage on a running process."""

    async def settle() -> None:
        await until(lambda: not app.use_cases.asks.running and chat.tasks.idle)

    async def tell() -> None:
        await app.use_cases.deliveries.run(chat.announcer)
        await app.use_cases.notices.run(chat.announcer)

    return SlackStage(slack, feed, opener=whole_life.ADMIN, settle=settle, tell=tell)


async def on_slack(settings: Settings, transport: str) -> Played:
    """The same story; nothing that was sent to Slack broke a limit."""
    async with (
        answering_providers(settings) as connected,
        FakeSlack() as slack,
        slack_stage(connected, transport, slack) as (app, on_stage),
    ):
        stage = WithReceipts(on_stage)
        await whole_life.WholeLife(stage, lambda: read_books(app.store)).play()
        assert slack.violations == []
        return Played(tuple(stage.receipts), await read_ledger(app.store))


@pytest.mark.parametrize(
    ("database_url", "transport"),
    [
        ("sqlite", "socket"),
        pytest.param("sqlite", "http", marks=pytest.mark.soak),
        pytest.param("postgres", "socket", marks=pytest.mark.soak),
        pytest.param("postgres", "http", marks=pytest.mark.soak),
    ],
    indirect=["database_url"],
)
async def test_a_teams_whole_life_costs_on_slack_what_it_costs_in_the_terminal(
    settings: Settings, transport: str, sqlite_database: Path, tmp_path: Path
) -> None:
    slack = await on_slack(settings, transport)
    copied = shutil.copy(sqlite_database, tmp_path / "terminal.db")
    terminal = await in_the_terminal(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{copied}")}))
    assert slack.receipts == terminal.receipts
    assert len(slack.receipts) == len([row for row in slack.ledger.requests if "settled" in row])
    assert slack.ledger == terminal.ledger
