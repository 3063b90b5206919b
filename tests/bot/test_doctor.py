"""`doctor` looked at from inside: what it says of the operator's own files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.check import Check
from bot.doctor import examine
from bot.settings import Settings
from core.defaults import STALE_PRICE_DAYS
from tests.adapters.llm.test_catalogue import MODEL


async def checks(folder: Path, models: str) -> list[Check]:
    path = folder / "house.toml"
    path.write_text(models, "utf-8")
    database = f"sqlite:///{folder}/data/chipin.db"
    others = {"database_url": SecretStr(database), "openai_api_key": SecretStr("sk-1")}
    settings = Settings().model_copy(update={"models_file": path, **others})
    return [check async for check in examine(settings)]


def of(found: list[Check], name: str) -> Check:
    return next(check for check in found if check.name == name)


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


async def test_a_models_file_that_is_good_is_counted(tmp_path: Path) -> None:
    check = of(await checks(tmp_path, MODEL), "models file")
    assert check.ok
    assert "house.toml: 1 model of your own" in check.finding


async def test_a_models_file_that_is_broken_is_named_with_line_and_fix(tmp_path: Path) -> None:
    found = await checks(tmp_path, MODEL.replace('input = "0.5"', 'input = "0.0000005"'))
    check = of(found, "models file")
    assert not check.ok
    assert 'house.toml, line 17, model "house-model": prices.input is 0.0000005' in check.finding
    assert "Mend that place." in check.fix
    assert any(check.name == "prices" for check in found), "the providers are looked at all the same"


@pytest.mark.parametrize(
    ("rules", "ok", "says"),
    [
        ('regions = ["eu"]\nmax_price = "1.5"', True, "routing.toml: at most $1.50 per million tokens; in eu"),
        ("", True, "routing.toml: the cheapest model that is good enough"),
        ('only = ["opena"]', False, 'routing.toml, line 1: only names "opena", which is no provider here'),
    ],
)
async def test_routing_rules_are_told_or_what_is_wrong_with_them(
    rules: str, ok: bool, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "routing.toml"
    path.write_text(rules, "utf-8")
    database = SecretStr(f"sqlite:///{tmp_path}/data/chipin.db")
    settings = Settings().model_copy(update={"routing_file": path, "database_url": database})
    (check,) = [check async for check in examine(settings) if check.name == "routing"]
    assert (check.ok, bool(check.fix)) == (ok, not ok)
    assert says in check.finding


@pytest.mark.parametrize(("more", "is_old"), [(0, False), (1, True)])
async def test_a_price_older_than_ninety_days_is_to_be_checked(more: int, is_old: bool, tmp_path: Path) -> None:
    since = datetime.now(UTC).date() - timedelta(days=STALE_PRICE_DAYS + more)
    ours = MODEL.replace('provider = "litellm"', 'provider = "openai"').replace("2026-01-01", since.isoformat())
    check = of(await checks(tmp_path, ours), "prices")
    assert (f"house-model ({since})" in check.finding) is is_old
    assert "MODELS_FILE replaces what has changed" in check.fix


async def test_of_a_connected_provider_is_told_what_it_does_with_questions(tmp_path: Path) -> None:
    found = await checks(tmp_path, MODEL)
    told = of(found, "openai data").finding
    assert told.startswith("United States (other regions by project). Not used for training unless")
    assert told.endswith(" https://developers.openai.com/api/docs/guides/your-data")
    assert not any(check.name == "anthropic data" for check in found), "who is not connected is asked nothing"
