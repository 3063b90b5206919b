"""The pictures of Discord in docs/ show what the app sends now."""

import pytest

from bot.settings import Settings
from scripts.render_discord import page
from tests.stories import discord_scenes, scenes
from tests.stories.discord_house import chipin_on_discord
from tests.stories.pictures import OF_DISCORD, Scenes, assert_drawn, assert_still_true
from tests.stories.test_terminal import QuickClock, answering_providers, settings

__all__ = ["settings"]


async def played(settings: Settings) -> Scenes:
    """The scenes as they are now."""
    async with (
        answering_providers(settings, scenes.answers) as connected,
        chipin_on_discord(connected, QuickClock(), opener="Ada") as on,
    ):
        return await discord_scenes.play(on)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_picture_shows_what_the_app_sends_now(settings: Settings) -> None:
    assert_still_true(await played(settings), OF_DISCORD)


def test_every_picture_was_drawn_from_its_scene() -> None:
    assert_drawn(OF_DISCORD, page)
