"""The month's books on the command line, beside what runs."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from adapters.store.database import open_store
from bot.command_line import parse
from bot.console import Console
from bot.month import bill, export_csv, statement
from bot.settings import Settings
from core.errors import BadInput
from tests.bookkeeping import ask_settled, enrol, top_up


class Heard:
    """What was printed."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.console = Console(lambda line: self.pieces.append(f"{line}\n"), self.pieces.append, self.pieces.append)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def words(**said: Any) -> argparse.Namespace:
    known: dict[str, Any] = {"team": "", "month": "", "csv": False, "html": False}
    return argparse.Namespace(**(known | said))


async def opened(tmp_path: Path, *teams: str) -> Settings:
    url = f"sqlite:///{tmp_path / 'chipin.db'}"
    async with open_store(url) as store:
        for number, team in enumerate(teams):
            await store.books.apply(enrol("anna" if not number else "zoe", team=team, wallet=f"wal{number or ''}"))
        await store.books.apply(top_up("budget", 10_000, team_id=teams[0]))
        if teams[0] == "team":
            await ask_settled(store.books, "ask", 40, 30)
    return Settings(database_url=url)  # type: ignore[arg-type]


async def test_the_only_team_needs_no_name(tmp_path: Path) -> None:
    settings, heard = await opened(tmp_path, "team"), Heard()
    assert await statement(settings, words(), heard.console)
    assert heard.text.startswith("<!doctype html>") and "Statement of" in heard.text
    as_csv, charges = Heard(), Heard()
    assert await statement(settings, words(csv=True), as_csv.console)
    assert '"Spent","yes",-0.000000030,' in as_csv.text
    assert await export_csv(settings, words(), charges.console)
    assert ",0.000000030," in charges.text


async def test_of_several_one_has_to_be_named(tmp_path: Path) -> None:
    settings = await opened(tmp_path, "team", "others")
    with pytest.raises(BadInput, match=r"Say which team: --team NAME\. There is: Others \(others\), Team \(team\)\."):
        await statement(settings, words(), Heard().console)
    heard = Heard()
    assert await statement(settings, words(team="others"), heard.console)
    assert "Others" in heard.text


async def test_a_bill_is_told_with_its_drift(tmp_path: Path) -> None:
    settings, heard = await opened(tmp_path, "team"), Heard()
    said = words(provider="openai", month="2026-01", amount="12.3456", reason=["invoice", "7"])
    assert await bill(settings, said, heard.console)
    assert "openai, 2026-01: $12.3456 recorded." in heard.text
    assert "the books have $0.00: $12.3456 more." in heard.text


def test_a_bill_needs_no_reason_and_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(parse(["bill", "openai", "2026-01", "12"])[1].reason) == []
    with pytest.raises(SystemExit):
        parse(["bill"])
    assert capsys.readouterr().err.endswith("required: PROVIDER, MONTH, AMOUNT\n")
