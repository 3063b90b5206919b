"""The whole life of a team, played on Discord: receipts and ledger are what they are in the terminal."""

import shutil
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings
from tests.databases import short_on_sqlite
from tests.stories import whole_life
from tests.stories.discord_house import chipin_on_discord
from tests.stories.discord_stage import DiscordStage
from tests.stories.driver import read_books, read_ledger
from tests.stories.receipts import WithReceipts
from tests.stories.test_slack import Played, in_the_terminal
from tests.stories.test_terminal import QuickClock, answering_providers, settings

__all__ = ["settings"]


async def on_discord(settings: Settings) -> Played:
    """The same story."""
    async with (
        answering_providers(settings) as connected,
        chipin_on_discord(connected, QuickClock(), opener=whole_life.ADMIN) as on,
    ):
        stage = WithReceipts(DiscordStage(on, opener=whole_life.ADMIN))
        await whole_life.WholeLife(stage, lambda: read_books(on.app.store)).play()
        return Played(tuple(stage.receipts), await read_ledger(on.app.store))


@short_on_sqlite
async def test_a_teams_whole_life_costs_on_discord_what_it_costs_in_the_terminal(
    settings: Settings, sqlite_database: Path, tmp_path: Path
) -> None:
    discord = await on_discord(settings)
    copied = shutil.copy(sqlite_database, tmp_path / "terminal.db")
    terminal = await in_the_terminal(settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{copied}")}))
    assert discord.receipts == terminal.receipts
    assert len(discord.receipts) == len([row for row in discord.ledger.requests if "settled" in row])
    assert discord.ledger == terminal.ledger
