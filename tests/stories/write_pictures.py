"""`python -m tests.stories.write_pictures`: play the scenes once, and write what the app sent to docs/pictures/."""

import asyncio
import os
import tempfile

from pydantic import SecretStr

from bot.settings import Settings
from tests.stories.pages import ROOT
from tests.stories.scenes import same
from tests.stories.test_scenes import PICTURES, kept, played, written


def main() -> None:
    """Write every scene that is another one now. `python -m scripts.render_slack docs/pictures` draws them."""
    for name in {name.upper() for name in Settings.model_fields} & set(os.environ):
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
            database_url=SecretStr(f"sqlite:///{folder}/chipin.db"),
            secret_key=SecretStr("a secret of the tests"),
        )
        scenes = asyncio.run(played(settings))
    before = kept()
    for name, scene in scenes.items():
        if name not in before or not same(scene, before[name]):
            (PICTURES / f"{name}.json").write_text(written(scene))
            print(f"{(PICTURES / name).relative_to(ROOT)} is another one now")  # noqa: T201 (it is a command)


if __name__ == "__main__":
    main()
