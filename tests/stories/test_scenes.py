"""The pictures in docs/ show what the app sends now."""

import json
from collections.abc import Mapping

import pytest

from bot.settings import Settings
from scripts.pictures import DRAWN, digest
from scripts.render_slack import page
from tests.slack.state import Json
from tests.stories import scenes
from tests.stories.pages import ROOT
from tests.stories.slack_house import chipin_on_slack
from tests.stories.test_terminal import QuickClock, answering_providers, settings

__all__ = ["settings"]

MOST_BYTES = 120_000
PICTURES = ROOT / "docs" / "pictures"


def kept() -> Mapping[str, Json]:
    """The scenes as they were drawn."""
    return {file.stem: json.loads(file.read_text()) for file in PICTURES.glob("*.json")}


def written(scene: Json) -> str:
    """A scene as it stands in its file."""
    return json.dumps(scene, indent=1, ensure_ascii=False) + "\n"


async def played(settings: Settings) -> Mapping[str, Json]:
    """The scenes as they are now."""
    async with (
        answering_providers(settings, scenes.answers) as connected,
        chipin_on_slack(connected, "socket", QuickClock(), opener="Ada") as on,
    ):
        return await scenes.play(on)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_picture_shows_what_the_app_sends_now(settings: Settings) -> None:
    now, drawn = await played(settings), kept()
    assert now.keys() == drawn.keys()
    for name, scene in now.items():  # where one differs, `python -m tests.stories.write_pictures` writes it anew
        assert scenes.same(scene, drawn[name]), name
        assert (PICTURES / f"{name}.png").stat().st_size <= MOST_BYTES


def test_every_picture_was_drawn_from_its_scene() -> None:
    drawn = dict(line.split() for line in (PICTURES / DRAWN).read_text().splitlines())
    for name, scene in kept().items():  # `python -m scripts.render_slack docs/pictures` draws them anew
        assert drawn[name] == digest(page(scene)), name
