"""MODELS_FILE while Chipin runs: it is followed, and while it is broken nothing that it names is offered."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.llm.live import LiveCatalogue
from adapters.llm.operator_models import OperatorModels
from core.errors import NotConfigured
from core.models import Model
from tests.adapters.llm.asking import ROWS, SteadyClock
from tests.adapters.llm.test_catalogue import MODEL
from tests.fakes import ScriptedProvider, a_model

OURS = {model.id: model for model in (a_model(id="ours", provider="litellm"), a_model(id="same", provider="litellm"))}
OPERATORS = MODEL + "\n" + MODEL.replace("house-model", "same").replace('"2"', '"3"')
"""One model more, and one of ours at another price."""


class File:
    """A MODELS_FILE and the catalogue that follows it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_text(OPERATORS, "utf-8")
        operators = OperatorModels(path, OURS, ROWS)
        providers = {"litellm": ScriptedProvider(())}
        self.live = LiveCatalogue(OURS.values(), providers, SteadyClock(), operators=operators)

    @property
    def offered(self) -> set[str]:
        return {model.id for model in self.live.models}

    def model(self, model_id: str) -> Model:
        return next(model for model in self.live.models if model.id == model_id)

    async def write(self, text: str) -> None:
        self.path.write_text(text, "utf-8")
        await self.live.refresh()


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "house.toml")


async def test_a_change_is_in_force_without_a_restart(file: File) -> None:
    assert file.offered == {"ours", "same", "house-model"}
    before = file.model("house-model")
    await file.write(MODEL.replace('output = "2"', 'output = "2.5"') + MODEL.replace("house-model", "new"))
    assert file.offered == {"ours", "same", "house-model", "new"}
    assert str(file.model("house-model").prices[0].output_usd) == "2.5"
    assert file.model("same") is OURS["same"]
    assert str(before.prices[0].output_usd) == "2", "an ask that runs keeps the price it began with"


def broken_toml(path: Path) -> None:
    path.write_text(OPERATORS + "[[models", "utf-8")


def a_slip(path: Path) -> None:
    path.write_text(OPERATORS.replace('input = "0.5"', 'input = "0.0000005"', 1), "utf-8")


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


def vanished(path: Path) -> None:
    path.unlink()


def unreadable(path: Path) -> None:
    path.unlink()
    path.mkdir()


def emptied_of_prices(path: Path) -> None:
    path.write_text(OPERATORS.partition("[[models.prices]]")[0], "utf-8")


@pytest.mark.parametrize("harm", [broken_toml, a_slip, not_text, vanished, unreadable, emptied_of_prices])
async def test_while_it_is_broken_none_of_its_models_is_offered_nor_ours_in_their_place(
    harm: object, file: File
) -> None:
    assert callable(harm)
    with capture_logs() as logs:
        harm(file.path)
        for _ in range(3):
            await file.live.refresh()
            assert file.offered == {"ours"}
    assert "house.toml" in file.live.trouble
    assert [(log["event"], log["log_level"]) for log in logs] == [("models_file_broken", "warning")]
    if file.path.is_dir():
        file.path.rmdir()
    await file.write(OPERATORS)
    assert file.offered == {"ours", "same", "house-model"}
    assert file.live.trouble == ""


async def test_a_row_that_was_broken_from_its_first_day_hides_ours(file: File) -> None:
    await file.write(MODEL.replace("house-model", "ours").replace('input = "0.5"', 'input = "-1"'))
    assert "cannot be negative" in file.live.trouble
    assert file.offered == set()


async def test_the_trouble_names_line_and_fix(file: File) -> None:
    a_slip(file.path)
    await file.live.refresh()
    assert 'house.toml, line 17, model "house-model": prices.input is 0.0000005' in file.live.trouble


async def test_a_file_that_stays_as_it_is_is_not_read_again(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    await file.live.refresh()
    offered = file.live.models
    monkeypatch.setattr(Path, "read_text", None)
    await file.live.refresh()
    assert file.live.models is offered


async def test_a_second_change_within_one_tick_of_the_disk_s_clock_is_seen(file: File) -> None:
    await file.live.refresh()
    await file.live.refresh()
    at = file.path.stat()
    await file.write(OPERATORS.replace('output = "2"', 'output = "4"'))
    file.path.write_text(OPERATORS.replace('output = "2"', 'output = "5"'), "utf-8")
    os.utime(file.path, ns=(at.st_atime_ns, at.st_mtime_ns))
    await file.live.refresh()
    assert str(file.model("house-model").prices[0].output_usd) == "5"


async def test_what_a_provider_did_not_know_is_tried_again_with_a_new_file(file: File) -> None:
    file.live.withdraw(file.model("house-model"))
    await file.live.refresh()
    assert file.offered == {"ours"}
    await file.write(OPERATORS + "\n# as it was\n")
    assert file.offered == {"ours"}, "nothing in it is otherwise"
    await file.write(OPERATORS.replace('"house"', '"house-2"', 1))
    assert file.offered == {"ours", "same", "house-model"}


def test_a_file_that_is_broken_at_the_start_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text(MODEL.replace('output = "2"', 'output = "NaN"'), "utf-8")
    with pytest.raises(NotConfigured, match=r"house\.toml, line 20"):
        OperatorModels(path, OURS, ROWS)
