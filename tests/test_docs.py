"""The pages beside the code: each decision has its number and its page, and what a page points at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.discord.invite import NAMES, invite_address
from bot.command_line import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DECISIONS = sorted((ROOT / "docs/decisions").iterdir())
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [file for folder in ("adapters", "benchmarks", "bot", "core") for file in (ROOT / folder).rglob("*.py")]
MAPS = [file for file in SOURCES if file.name == "__init__.py" and ".py" in file.read_text().partition("import ")[0]]
"""Packages that begin with a map of themselves."""
ONE_PAGE_LINES = 70


def names_of(file: Path) -> Iterator[str]:
    """The files of ours that a text names in backticks: `core/asking/ask.py`, `tests/crash/`."""
    for name in re.findall(r"`([\w./-]+)`", file.read_text()):
        if re.match(r"(adapters|benchmarks|bot|core|docs|scripts|tests)/", name):
            yield name


def test_decisions_are_numbered_one_after_the_other() -> None:
    assert [page.name[:5] for page in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_one_page_under_its_number(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith(f"# {page.name[:4]} · ")
    assert len(lines) <= ONE_PAGE_LINES


def test_every_decision_that_is_named_exists() -> None:
    numbers = {page.name[:4] for page in DECISIONS}
    for file in [*PAGES, *SOURCES]:
        named = re.findall(r"decisions?[ /](\d{4})", file.read_text())
        assert set(named) <= numbers, file


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_points_at_exists(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target
    for name in names_of(page):
        assert (ROOT / name).exists(), name


def test_every_picture_is_shown_on_a_page_in_words_too() -> None:
    pictures = ROOT / "docs/pictures"
    drawn = {str(file.relative_to(pictures)) for file in pictures.rglob("*.png")}
    shown = [
        found
        for page in PAGES
        for found in re.findall(r"!\[([^\]]+)\]\((?:docs/)?pictures/([^)]+)\)", page.read_text())
    ]
    assert {name for _, name in shown} == drawn
    assert all(len(words) > 10 for words, _ in shown)


@pytest.mark.parametrize("page", ["slack.md", "discord.md"])
def test_the_page_on_a_chat_names_settings_that_there_are(page: str) -> None:
    named = re.findall(r"\b((?:SLACK|DISCORD|HTTP)_[A-Z_]+|ADMINS|TEAMS)\b", (ROOT / "docs" / page).read_text())
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_page_on_discord_has_the_address_that_adds_the_bot() -> None:
    page = " ".join((ROOT / "docs/discord.md").read_text().split())
    assert invite_address("APPLICATION_ID") in page
    assert all(name in page for name in NAMES.values())


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_every_command_is_told_of(page: str) -> None:
    words = set(re.findall(r"[\w-]+", (ROOT / page).read_text()))
    assert {command.name for command in COMMANDS} <= words


@pytest.mark.parametrize("package", MAPS, ids=lambda file: file.parent.name)
def test_the_map_of_a_package_names_every_file_in_it(package: Path) -> None:
    named = set(re.findall(r"\w+\.py", package.read_text()))
    assert {file.name for file in package.parent.glob("*.py")} - {"__init__.py"} <= named
