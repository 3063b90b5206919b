"""The whole life of a team, played on Slack: receipts and ledger are what they are in the terminal."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.wiring import wire
from tests.stories import whole_life
from tests.stories.driver import Ledger, read_books, read_ledger
from tests.stories.receipts import WithReceipts
from tests.stories.slack_house import chipin_on_slack
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


async def on_slack(settings: Settings, transport: str) -> Played:
    """The same story."""
    async with (
        answering_providers(settings) as connected,
        chipin_on_slack(connected, transport, QuickClock(), opener=whole_life.ADMIN) as on,
    ):
        stage = WithReceipts(SlackStage(on, opener=whole_life.ADMIN))
        await whole_life.WholeLife(stage, lambda: read_books(on.app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(on.app.store))


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
