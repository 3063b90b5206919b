"""The command line as an operator uses it: a process, its output and its exit code."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.store.migrate import SCHEMA_VERSION
from bot.settings import Settings
from tests.bot.warm import run_warm

ROOT = Path(__file__).parents[2]
Bot = Callable[..., subprocess.CompletedProcess[str]]
CLEAN = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}


def run_bot(folder: Path, words: tuple[str, ...], typed: str, settings: dict[str, str]) -> Any:
    """Run `python -m bot ...` in a folder, with the settings that are given and no others."""
    environment = CLEAN | {"PYTHONPATH": str(ROOT)} | settings
    return run_warm(words, folder=folder, environment=environment, typed=typed, timeout=60)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """The bot in an empty folder."""
    return lambda *words, typed="", **settings: run_bot(tmp_path, words, typed, settings)


@pytest.fixture(scope="session")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one question was asked and one top-up recorded."""
    folder = tmp_path_factory.mktemp("used")
    run_bot(folder, ("run",), "hello?\n/topup 3\n/quit\n", {})
    return folder


@pytest.fixture
def used(bot: Bot, tmp_path: Path, used_folder: Path) -> Bot:
    """The bot in a copy of that folder: a first start takes seconds, a copy does not."""
    shutil.copytree(used_folder, tmp_path, dirs_exist_ok=True)
    return bot


def test_audit_names_the_rule_when_one_nano_is_added_by_hand(used: Bot, tmp_path: Path) -> None:
    assert (clean := used("audit")).returncode == 0
    assert "The books balance" in clean.stdout
    with sqlite3.connect(tmp_path / "data/chipin.db") as books:
        books.execute("UPDATE wallet SET available_nanos = available_nanos + 1")
    books.close()
    broken = used("audit")
    assert broken.returncode == 1
    assert "wallet-is-its-pool" in broken.stdout
    assert "The books do not balance: 1 violations." in broken.stdout


@pytest.mark.parametrize("command", [["audit"], ["export", "--json"]])
def test_looking_at_books_that_are_not_there_makes_none(command: list[str], bot: Bot, tmp_path: Path) -> None:
    done = bot(*command)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There are no books at data/chipin.db" in done.stderr
    assert not (tmp_path / "data").exists()


def test_export_of_one_member_has_what_is_kept_about_them(used: Bot) -> None:
    (member,) = (told := json.loads(used("export", "--member", "YOU").stdout))["member"]
    assert (member["display_name"], [row["state"] for row in told["asks"]]) == ("you", ["settled"])
    assert json.loads(used("export", "--json", "--member", member["id"]).stdout) == told
    assert 'There is no member "zoe".' in used("export", "--member", "zoe").stderr


def test_export_is_one_json_object_without_a_float(used: Bot) -> None:
    def no_float(text: str) -> float:
        raise AssertionError(f"a float: {text}")

    exported = json.loads(used("export", "--json").stdout, parse_float=no_float)
    assert set(exported) == {
        "entries",
        "balances",
        "holds",
        "requests",
        "lines",
        "quotas",
        "members",
        "links",
        "budget_requests",
        "notices",
        "digests",
        "bills",
    }
    assert sum(entry["amount_nanos"] for entry in exported["entries"]) == 0
    assert exported["balances"][0]["available_nanos"] == 8_000_000_000 - exported["requests"][0]["cost_nanos"]


def test_migrate_says_what_it_did(bot: Bot) -> None:
    assert bot("migrate").stdout == f"The database is migrated to schema {SCHEMA_VERSION}.\n"
    assert bot("migrate").stdout == f"The database is already at schema {SCHEMA_VERSION}.\n"


def test_doctor_finds_nothing_wrong_with_a_fresh_start(used: Bot) -> None:
    done = used("doctor")
    assert (done.returncode, "FIX" in done.stdout) == (0, False)
    assert "monthly limit: $5.00 a member" in done.stdout


def test_doctor_makes_nothing_where_there_is_nothing_yet(bot: Bot, tmp_path: Path) -> None:
    done = bot("doctor")
    assert done.returncode == 0
    assert "There are no books at data/chipin.db" in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", ["export --json", "doctor"])
def test_a_reader_that_leaves_early_gets_no_traceback(words: str, used: Bot, tmp_path: Path) -> None:
    del used  # the books are there
    command = f"{sys.executable} -m bot {words} | head -c 1"
    environment = CLEAN | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.stderr == b""


def test_doctor_names_the_fix(used: Bot) -> None:
    done = used("doctor", OPENAI_BASE_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "OPENAI_BASE_URL is set, but OPENAI_API_KEY is not" in done.stdout


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with sqlite:/// or postgresql://"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/chipin.db"}, "cannot be opened for writing"),
        ({"OPENAI_API_KEY": ""}, "OPENAI_API_KEY is set but empty"),
        ({"MODELS_FILE": "missing.toml"}, "missing.toml"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_a_sentence(settings: dict[str, str], says: str, bot: Bot) -> None:
    done = bot("run", typed="/quit\n", **({"SECRET_KEY": "x"} | settings))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_terminal_on_a_real_team_needs_the_operator(used: Bot) -> None:
    refused = used("run", "--team", "acme", typed="/quit\n")
    assert refused.returncode == 1
    assert "--operator" in refused.stderr
    allowed = used("run", "--team", "acme", "--operator", typed="/topup 5\nwhy?\n/quit\n")
    assert allowed.returncode == 0
    assert "Practice answer" not in allowed.stdout
    entries = json.loads(used("export", "--json").stdout)["entries"]
    assert "operator" in {entry["actor"] for entry in entries}


def test_a_lost_secret_stops_the_start_instead_of_paying_twice(used: Bot, tmp_path: Path) -> None:
    (tmp_path / "data/secret.key").unlink()
    done = used("run", typed="/quit\n")
    assert done.returncode == 1
    assert "begun with another SECRET_KEY" in done.stderr


def test_postgresql_needs_a_secret_that_every_process_shares(bot: Bot) -> None:
    done = bot("run", typed="/quit\n", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 1
    assert "SECRET_KEY is not set. With PostgreSQL every process needs the same one" in done.stderr


def test_freezing_shows_where_an_operator_looks_and_unfreezing_twice_is_no_failure(used: Bot) -> None:
    paused = used("freeze", "team", "demo team")
    assert (paused.returncode, paused.stdout.splitlines()[0]) == (0, "Demo team: asking is paused.")
    said = used("run", typed="hello?\n/balance\n/quit\n").stdout
    assert "Asking is paused for this team by whoever runs Chipin; only they can let it go on. Not charged." in said
    assert "Asking is paused for all of Demo team by the operator since" in used("doctor").stdout
    assert used("unfreeze").stdout == "Demo team: asking goes on.\n"
    again = used("unfreeze")
    assert (again.returncode, again.stdout) == (0, "Demo team: asking was not paused; nothing changed.\n")


def test_freezing_nobody_names_those_there_are(used: Bot) -> None:
    unknown = used("freeze", "member", "cleo")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert 'There is no member "cleo". There is: you of Demo team' in unknown.stderr


def test_health_is_good_while_a_chipin_has_lately_been_there(used: Bot, tmp_path: Path) -> None:
    os.utime(tmp_path / "data/heartbeat")  # the run that these books were copied from may be minutes ago
    assert used("health").stdout == "healthy\n"
    os.utime(tmp_path / "data/heartbeat", (0, 0))
    assert "last sign of life" in (stale := used("health")).stdout
    assert stale.returncode == 1


def test_health_is_bad_before_the_first_run(bot: Bot) -> None:
    assert "No Chipin has run" in bot("health").stdout


def test_sigterm_ends_the_chat_with_exit_code_0_once_what_came_is_answered(used: Bot, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=CLEAN | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("what is a deadlock?\n")
    running.stdin.flush()
    while "Practice answer" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 0
    asked = json.loads(used("export", "--json").stdout)["requests"][-1]
    assert (asked["state"], asked["ending"], asked["estimated"]) == ("settled", "answered", 0)
    assert "0 notices" in used("audit").stdout
