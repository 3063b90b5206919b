"""`python -m tests.stories.write_pages`: play the whole life once, and write the pages as it was played."""

import asyncio
import os
import tempfile

from pydantic import SecretStr

from bot.settings import Settings
from tests.stories.pages import PAGES, written_anew
from tests.stories.test_terminal import play_whole_life


def main() -> None:
    """Write every page."""
    for name in {name.upper() for name in Settings.model_fields} & set(os.environ):
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        url, key = SecretStr(f"sqlite:///{folder}/chipin.db"), SecretStr("a secret of the tests")
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
            database_url=url,
            secret_key=key,
        )
        _, written = asyncio.run(play_whole_life(settings))
    for page in PAGES:
        page.write_text(written_anew(page.read_text(), written.chapters))


if __name__ == "__main__":
    main()
