"""`backup` and `restore` as an operator uses them: what they say, and what is left when they are killed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.test_commands import CLEAN, ROOT, Bot, bot, run_bot, used, used_folder

__all__ = ["bot", "used", "used_folder"]


@pytest.fixture(scope="session")
def backup_file(used_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the used folder."""
    file = tmp_path_factory.mktemp("backup") / "b"
    assert run_bot(used_folder, ("backup", str(file)), "", {}).returncode == 0
    return file


@pytest.fixture
def backed_up(used: Bot, tmp_path: Path, backup_file: Path) -> Bot:
    """The bot in a used folder, stopped a while ago, with its backup `b`."""
    shutil.copy(backup_file, tmp_path / "b")
    os.utime(tmp_path / "data/heartbeat", (0, 0))
    return used


KILLED_HALFWAY = """
import sys, time
{patch}
def halfway(usual):
    def half(*asked, **named):
        done = usual(*asked, **named)
        print("half", flush=True)
        time.sleep(600)
        return done
    return half
{target} = halfway({target})
from bot.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def kill_halfway(folder: Path, patch: str, target: str, *words: str, **settings: str) -> None:
    """Run a command that stands still in the middle of `target`, and kill it there."""
    running = subprocess.Popen(
        [sys.executable, "-c", KILLED_HALFWAY.format(patch=patch, target=target), *words],
        cwd=folder,
        env=CLEAN | {"PYTHONPATH": str(ROOT)} | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "half\n"
    running.kill()
    running.communicate()


def test_a_backup_says_what_belongs_to_it_and_a_restore_what_it_cannot_know(backed_up: Bot, tmp_path: Path) -> None:
    made = backed_up("backup", "new")
    assert made.returncode == 0
    assert "The secret key is not in it" in made.stdout and "it is in data/secret.key" in made.stdout
    books = backed_up("export", "--json").stdout
    (tmp_path / "data/chipin.db").unlink()
    restored = backed_up("restore", "new")
    assert restored.returncode == 0
    assert "Demo team: $7.99 (exactly " in restored.stdout
    assert "is unknown to these books" in restored.stdout
    assert "The secret key that is set here belongs to them: Chipin can start." in restored.stdout
    assert backed_up("export", "--json").stdout == books
    assert "$7.99" in backed_up("run", typed="/balance\n/quit\n").stdout


def test_a_restore_asks_for_the_secret_that_belongs_to_the_books(backed_up: Bot, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "data")
    restored = backed_up("restore", "b")
    assert "Before the start, put the secret.key that belongs to them into data" in restored.stdout
    assert not (tmp_path / "data/secret.key").exists()


def test_nothing_is_restored_where_a_chipin_runs(backed_up: Bot, tmp_path: Path) -> None:
    (tmp_path / "data/chipin.db").rename(tmp_path / "moved")
    os.utime(tmp_path / "data/heartbeat")
    refused = backed_up("restore", "b")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "A Chipin runs on data, or did a minute ago" in refused.stderr
    assert not (tmp_path / "data/chipin.db").exists()


def test_books_are_never_restored_over(backed_up: Bot, tmp_path: Path) -> None:
    before = (tmp_path / "data/chipin.db").read_bytes()
    refused = backed_up("restore", "b")
    assert refused.returncode == 1
    assert "data/chipin.db is there already, and is left as it is. Stop Chipin and move it away" in refused.stderr
    assert (tmp_path / "data/chipin.db").read_bytes() == before


def test_a_killed_backup_leaves_no_backup_and_the_next_one_is_made(used: Bot, tmp_path: Path) -> None:
    kill_halfway(tmp_path, "from adapters.store import backup", "backup.insert", "backup", "b")
    assert not (tmp_path / "b").exists() and (tmp_path / "b.partial").exists()
    assert used("backup", "b").returncode == 0
    assert not (tmp_path / "b.partial").exists()


def test_a_killed_restore_leaves_no_books_to_start_on(backed_up: Bot, tmp_path: Path) -> None:
    (tmp_path / "data/chipin.db").unlink()
    kill_halfway(tmp_path, "from adapters.store import restore", "restore.insert", "restore", "b")
    assert "There are no books at data/chipin.db" in backed_up("audit").stderr
    assert backed_up("restore", "b").returncode == 0
    assert "The books balance" in backed_up("audit").stdout


@pytest.mark.soak
def test_a_killed_restore_into_postgresql_leaves_an_empty_database(
    backed_up: Bot, tmp_path: Path, empty_postgres_url: str
) -> None:
    there = {"DATABASE_URL": empty_postgres_url, "SECRET_KEY": (tmp_path / "data/secret.key").read_text()}
    copying = "asyncpg.Connection.copy_records_to_table"
    kill_halfway(tmp_path, "import asyncpg", copying, "restore", "b", **there)
    while "other connections" in (restored := backed_up("restore", "b", **there)).stderr:
        pass  # the server has not noticed yet that the killed one is gone
    assert restored.returncode == 0, restored.stderr
    assert "The secret key that is set here belongs to them" in restored.stdout
    assert backed_up("export", "--json", **there).stdout == backed_up("export", "--json").stdout


@pytest.mark.parametrize("words", ["backup full", "restore b"])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(words: str, backed_up: Bot, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/new.db" if words == "restore b" else "sqlite:///data/chipin.db"
    full = subprocess.run(
        ["bash", "-c", f"ulimit -f 64; exec {sys.executable} -m bot {words}"],
        cwd=tmp_path,
        env=CLEAN | {"PYTHONPATH": str(ROOT), "DATABASE_URL": target},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (full.returncode, full.stdout) == (1, "")
    assert "cannot be written" in full.stderr and "Traceback" not in full.stderr
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(("full", "new.db"))]


def test_a_restore_says_what_is_wrong_with_the_file(used: Bot, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("not a backup\n" * 100)
    refused = used("restore", "b", DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    assert refused.returncode == 1
    assert "b is not a backup of Chipin, or it is damaged" in refused.stderr
    assert not (tmp_path / "new.db").exists()
