"""`python -m tests.stories.write_pictures`: play the scenes once, and write what the app sent to docs/pictures/."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings
from scripts.pictures import Json
from tests.stories import digest_week, test_discord_scenes, test_scenes
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


def _write(file: Path, scene: Json) -> None:
    if not file.exists() or written(scene) != file.read_text():
        file.write_text(written(scene))
        print(f"{file.relative_to(ROOT)} is another one now")  # noqa: T201 (it is a command)


def main() -> None:
    """Write every scene that is another one now.

    They are drawn by `python -m scripts.render_digest docs/pictures/digest`, then `python -m scripts.render_slack
    docs/pictures`, and those of Discord by `python -m scripts.render_discord docs/pictures/discord`.
    """
    for name in {name.upper() for name in Settings.model_fields} & set(os.environ):
        del os.environ[name]
    _write(digest_week.KEPT, digest_week.as_kept(asyncio.run(digest_week.the_week())))
    for pictures, play in PLAYED.items():
        with tempfile.TemporaryDirectory() as folder:
            scenes = asyncio.run(_played(play, folder))
        before = kept(pictures)
        for name, scene in scenes.items():
            if name not in before or not same(scene, before[name]):
                _write(pictures / f"{name}.json", scene)


if __name__ == "__main__":
    main()
