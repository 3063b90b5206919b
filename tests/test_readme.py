"""The README's blocks are run as they stand: its commands work and its output is true."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.llm.catalogue import load_catalogue
from adapters.llm.routing_file import parse_rules
from bot.settings import Settings
from core.periods import Calendar, Period
from core.routing.rules import Rules
from core.text.wording import day_in_words
from tests.bot.warm import run_warm
from tests.core.routing.planning import Desk, asked, ids

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PROMPT = "you> "


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment() -> dict[str, str]:
    """Today's environment without any setting of ours, and with the code on the path."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"PYTHONPATH": str(ROOT)}


def bot(words: list[str], folder: Path, environment: dict[str, str], typed: str = "") -> str:
    """What `python -m bot ...` prints in a folder."""
    done = run_warm(words, folder=folder, environment=environment, typed=typed, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_first_screen_is_what_a_newcomer_sees(tmp_path: Path, environment: dict[str, str]) -> None:
    (shown,) = blocks("text")
    typed = [line.removeprefix(PROMPT) for line in shown.splitlines() if line.startswith(PROMPT)]
    printed = bot(["run"], tmp_path, environment, "\n".join(typed) + "\n")
    expected = re.escape(shown.strip()).replace(re.escape("[...]\n"), "(?s:.*)\n")
    zone = Settings(_env_file=None).zone  # type: ignore[call-arg]
    renews_on = Calendar(zone).span(Period.MONTH, datetime.now(UTC)).end.astimezone(zone)
    expected = expected.replace(re.escape("1 December"), re.escape(day_in_words(renews_on)))
    assert re.fullmatch(expected, printed.strip()), printed


def test_the_operators_commands_work(tmp_path: Path, environment: dict[str, str]) -> None:
    bot(["run"], tmp_path, environment, "/quit\n")
    commands = [line for block in blocks("sh") for line in block.splitlines() if "-m bot" in line]
    assert len(commands) == 3
    for command in commands:
        assert bot(command.split("-m bot ")[1].split(), tmp_path, environment)


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", README))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_example_of_a_models_file_can_be_used(tmp_path: Path) -> None:
    examples = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "docs/running.md").read_text(), re.MULTILINE | re.DOTALL)
    file = tmp_path / "models.toml"
    file.write_text("\n".join(text for text in examples if "[[models" in text))  # a model, then a tier of its price
    model = load_catalogue(file).models["team-model"]
    assert model.provider == "litellm"
    assert model.prices[0].tiers[0].above_input_tokens == 200_000


async def test_the_example_of_a_routing_file_can_be_used() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "docs/routing.md").read_text(), re.MULTILINE | re.DOTALL)
    catalogue = load_catalogue()
    rules = parse_rules(example, "routing.toml", catalogue)
    desk = Desk([model for model in catalogue.models.values() if model.provider in ("openai", "openrouter")], rules)
    house = await desk.plan(asked(model="house"))
    assert ids(house.hops) == ["openrouter/deepseek-v3.2", "openrouter/mistral-large-3"]
    plans = [await desk.plan(asked(thread=str(number))) for number in range(100)]
    assert {plan.variant for plan in plans} == {"try-terra", "control:try-terra"}


def test_the_page_on_routing_names_every_key_with_its_default() -> None:
    page = (ROOT / "docs/routing.md").read_text()
    for key, default in {
        "sort": '`"price"`',
        "num_retries": Rules().num_retries,
        "max_fallbacks": Rules().max_fallbacks,
        "allowed_fails": Rules().allowed_fails,
        "cooldown_time": Rules().cooldown_time_seconds,
    }.items():
        assert f"| `{key}` | {default} |" in page
    teams = {"models", "ask_max_nanos"}  # set with /admin policy, not in the file
    for name in Rules.__dataclass_fields__.keys() - teams:
        assert re.search(rf"`\W*{name.removesuffix('_usd').removesuffix('_seconds').removesuffix('_allowed')}", page), (
            name
        )
