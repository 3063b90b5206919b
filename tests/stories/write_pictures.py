"""`python -m tests.stories.write_pictures`: play the scenes once, and write what the app sent to docs/pictures/."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings
from tests.stories import test_discord_scenes, test_scenes
from tests.stories.pages import ROOT
from tests.stories.pictures import OF_DISCORD, OF_SLACK, Scenes, kept, same, written

PLAYED: Mapping[Path, Callable[[Settings], Awaitable[Scenes]]] = {
    OF_SLACK: test_scenes.played,
    OF_DISCORD: test_discord_scenes.played,
}


async def _played(play: Callable[[Settings], Awaitable[Scenes]], folder: str) -> Scenes:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
        database_url=SecretStr(f"sqlite:///{folder}/chipin.db"),
        secret_key=SecretStr("a secret of the tests"),
    )
    return await play(settings)


def main() -> None:
    """Write every scene that is another one now.

    They are drawn by `python -m scripts.render_slack docs/pictures`, and those of Discord by
    `python -m scripts.render_discord docs/pictures/discord`.
    """
    for name in {name.upper() for name in Settings.model_fields} & set(os.environ):
        del os.environ[name]
    for pictures, play in PLAYED.items():
        with tempfile.TemporaryDirectory() as folder:
            scenes = asyncio.run(_played(play, folder))
        before = kept(pictures)
        for name, scene in scenes.items():
            if name not in before or not same(scene, before[name]):
                (pictures / f"{name}.json").write_text(written(scene))
                print(f"{(pictures / name).relative_to(ROOT)} is another one now")  # noqa: T201 (it is a command)


if __name__ == "__main__":
    main()
