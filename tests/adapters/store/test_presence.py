"""Which processes of a machine live: told by locks that end with them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.store.presence import FilePresence

LIVES = "import sys, pathlib; from adapters.store.presence import FilePresence as F; its = F(pathlib.Path(sys.argv[1]))"


def test_a_process_is_alive_until_it_ends_and_its_name_is_never_anothers(tmp_path: Path) -> None:
    one, two = FilePresence(tmp_path), FilePresence(tmp_path)
    assert one.name != two.name
    assert not two.is_dead(one.name) and not one.is_dead(one.name)
    one.close()
    assert not two.is_dead(one.name)  # it left by itself, and gave up what it had
    two.close()
    assert list((tmp_path / "processes").iterdir()) == []


def test_of_a_process_on_another_machine_nobody_here_says_that_it_is_dead(tmp_path: Path) -> None:
    there, here = FilePresence(tmp_path / "there"), FilePresence(tmp_path / "here")
    assert not here.is_dead(there.name) and not here.is_dead("") and not here.is_dead(f"../{there.name}")
    there.close()
    here.close()


def test_whose_lock_the_kernel_took_back_is_dead_and_that_is_found_once(tmp_path: Path) -> None:
    one, here = FilePresence(tmp_path), FilePresence(tmp_path)
    assert one._held is not None
    one._held.close()  # as when it ends, however that was
    assert here.is_dead(one.name)
    assert not here.is_dead(one.name)  # whoever found it dead has removed its file
    here.close()


@pytest.mark.soak
def test_one_that_was_killed_is_dead_at_once(tmp_path: Path) -> None:
    here = FilePresence(tmp_path)
    command = [sys.executable, "-c", f"{LIVES}; print(its.name, flush=True); sys.stdin.read()"]
    killed = subprocess.Popen([*command, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with killed:
        assert killed.stdout is not None
        name = killed.stdout.readline().strip()
        assert not here.is_dead(name)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
    assert here.is_dead(name)
    here.close()


def test_where_no_file_can_be_made_it_lives_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "processes").write_text("in the way")
    one = FilePresence(tmp_path)
    assert one.name and not one.is_dead("another")
    one.close()
