"""MODELS_FILE changes while a whole process runs: what is offered follows, and the admins read why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import schedule
from bot.schedule import scheduled
from bot.wiring import wire
from tests.adapters.llm.test_catalogue import MODEL
from tests.end_to_end.house import PLACE, House, enrolled, settings_for
from tests.fakes import Noticeboard
from tests.provider_server import ProviderServer

OURS = MODEL.replace('provider = "litellm"', 'provider = "openai"')
DEARER = OURS.replace('output = "2"', 'output = "4"')


@asynccontextmanager
async def a_house(database_url: str, server: ProviderServer, models_file: Path) -> AsyncIterator[House]:
    settings = settings_for(database_url, server.base_url).model_copy(update={"models_file": models_file})
    async with wire(settings, practice=False) as app:
        yield House(app, await enrolled(app, "Anna", admin=True))


async def told(house: House) -> list[str]:
    """What a round of the schedule tells the admins."""
    board = Noticeboard(PLACE.platform, (PLACE.workspace,))
    async with scheduled(house.app, (board,)):
        return [notice.words for notice in board.notices]


async def test_the_admins_read_of_a_price_that_changed_between_two_starts(
    sqlite_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    path = tmp_path / "house.toml"
    for text, expected in ((OURS, []), (OURS, []), (DEARER, ["House model: a typical question now costs 0.2 cents"])):
        path.write_text(text, "utf-8")
        async with a_house(sqlite_url, server, path) as house:
            assert [words.partition(" instead of ")[0] for words in await told(house)] == expected
            assert await told(house) == []


async def test_a_file_that_breaks_while_it_runs_takes_its_models_out_and_the_admins_read_where(
    sqlite_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    path = tmp_path / "house.toml"
    path.write_text(OURS, "utf-8")
    async with a_house(sqlite_url, server, path) as house:
        assert await told(house) == []
        path.write_text(OURS.replace('input = "0.5"', 'input = "-1"'), "utf-8")
        [broken] = await told(house)
        assert 'house.toml, line 17, model "house-model": prices.input cannot be negative.' in broken
        assert "house-model" not in {model.id for model in house.app.catalogue.models}
        path.write_text(OURS, "utf-8")
        [mended] = await told(house)
        assert "in order again" in mended
        assert "house-model" in {model.id for model in house.app.catalogue.models}


async def test_the_schedule_follows_the_file_by_itself(
    sqlite_url: str, server: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "CATALOGUE_SECONDS", 0.05)
    path = tmp_path / "house.toml"
    path.write_text(OURS, "utf-8")
    async with a_house(sqlite_url, server, path) as house, scheduled(house.app):
        path.unlink()
        async with asyncio.timeout(20):
            while "house-model" in {model.id for model in house.app.catalogue.models}:  # noqa: ASYNC110 - in a file
                await asyncio.sleep(0.02)


async def test_a_model_that_the_provider_does_not_know_is_told_once(
    sqlite_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    path = tmp_path / "house.toml"
    path.write_text(OURS, "utf-8")
    for expected in (1, 0):
        async with a_house(sqlite_url, server, path) as house:
            [model] = [model for model in house.app.catalogue.models if model.id == "house-model"]
            house.app.catalogue.withdraw(model)
            assert len([words for words in await told(house) if "not offered any more" in words]) == expected
