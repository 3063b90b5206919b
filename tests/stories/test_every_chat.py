"""The whole life of a team, played on every chat: receipts and ledger are the same."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.wiring import wire
from tests.stories import whole_life
from tests.stories.discord_house import chipin_on_discord
from tests.stories.discord_stage import DiscordStage
from tests.stories.driver import Ledger, read_books, read_ledger
from tests.stories.receipts import WithReceipts
from tests.stories.slack_house import chipin_on_slack
from tests.stories.slack_stage import SlackStage
from tests.stories.test_terminal import QuickClock, TerminalStage, answering_providers, settings, terminal_of

__all__ = ["settings"]

OnACopy = Callable[[Settings], Settings]


@dataclass(frozen=True, slots=True)
class Played:
    """What a play leaves: the receipts that people read, and the ledger."""

    receipts: tuple[str, ...]
    ledger: Ledger


async def in_the_terminal(settings: Settings) -> Played:
    """The story, with a conversation of its own for each question: a command elsewhere cannot stand in a thread."""
    async with (
        answering_providers(settings) as connected,
        wire(connected, practice=False, clock=QuickClock()) as app,
        terminal_of(app, opener=whole_life.ADMIN, demo=False) as terminal,
    ):
        stage = WithReceipts(TerminalStage(terminal, whole_life.ADMIN), "/new")
        await whole_life.WholeLife(stage, lambda: read_books(app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(app.store))


async def on_slack(settings: Settings, transport: str = "socket") -> Played:
    """The same story."""
    async with (
        answering_providers(settings) as connected,
        chipin_on_slack(connected, transport, QuickClock(), opener=whole_life.ADMIN) as on,
    ):
        stage = WithReceipts(SlackStage(on, opener=whole_life.ADMIN))
        await whole_life.WholeLife(stage, lambda: read_books(on.app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(on.app.store))


async def on_discord(settings: Settings) -> Played:
    """The same story."""
    async with (
        answering_providers(settings) as connected,
        chipin_on_discord(connected, QuickClock(), opener=whole_life.ADMIN) as on,
    ):
        stage = WithReceipts(DiscordStage(on, opener=whole_life.ADMIN))
        await whole_life.WholeLife(stage, lambda: read_books(on.app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(on.app.store))


@pytest.fixture
def on_a_copy(sqlite_database: Path, tmp_path: Path) -> OnACopy:
    """Settings on an empty database of their own."""

    def copied(settings: Settings) -> Settings:
        url = f"sqlite:///{shutil.copy(sqlite_database, tmp_path / f'{len(list(tmp_path.iterdir()))}.db')}"
        return settings.model_copy(update={"database_url": SecretStr(url)})

    return copied


def assert_same(played: Played, terminal: Played) -> None:
    assert played.receipts == terminal.receipts
    assert len(played.receipts) == len([row for row in played.ledger.requests if "settled" in row])
    assert played.ledger == terminal.ledger


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_teams_whole_life_costs_the_same_in_every_chat(settings: Settings, on_a_copy: OnACopy) -> None:
    terminal = await in_the_terminal(settings)
    assert_same(await on_slack(on_a_copy(settings)), terminal)
    assert_same(await on_discord(on_a_copy(settings)), terminal)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_over_http_it_costs_the_same_on_slack(settings: Settings, on_a_copy: OnACopy) -> None:
    assert_same(await on_slack(settings, "http"), await in_the_terminal(on_a_copy(settings)))


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("on_it", [on_slack, on_discord])
async def test_on_postgresql_it_costs_the_same(
    on_it: Callable[[Settings], Awaitable[Played]], settings: Settings, on_a_copy: OnACopy
) -> None:
    assert_same(await on_it(settings), await in_the_terminal(on_a_copy(settings)))
