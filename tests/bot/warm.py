"""`python -m bot ...` in a process of its own, forked off one that has imported everything already.

A start takes two thirds of a second of imports, and operators' commands are tried a hundred times. What starts as it
does on a machine is tested beside it (test_commands.py, adapters/terminal/test_process.py).
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any

_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(
    ["bot.run", "bot.doctor", "bot.books", "bot.backups", "bot.__main__", "alembic.command", "tests.bot.preloaded"]
)


def run_warm(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], typed: str, timeout: float
) -> "subprocess.CompletedProcess[str]":
    """Run a command; what it said and its exit code."""
    with tempfile.TemporaryDirectory() as place:
        said = Path(place)
        process = _WARM.Process(target=_command, args=(words, folder, dict(environment), typed, said))
        process.start()
        process.join(timeout)
        ended = process.exitcode
        if ended is None:
            process.kill()
            process.join()
        process.close()
        if ended is None:
            raise subprocess.TimeoutExpired(list(words), timeout)
        return subprocess.CompletedProcess(list(words), ended, *(_read(said / name) for name in ("out", "err")))


def start_warm(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str], ends: Sequence[int]
) -> ForkServerProcess:
    """Start a command that is typed to, read from, signalled and killed. `ends` are of its pipes: in, out, err."""
    given = [_Given(end) for end in ends]
    process = _WARM.Process(target=_command_at, args=(words, folder, dict(environment), given))
    process.start()
    return process


class _Given:
    """One end of a pipe, on its way into another process."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __getstate__(self) -> Any:
        return DupFd(self._number)

    def __setstate__(self, given: Any) -> None:
        self.number = given.detach()


def _command_at(words: Sequence[str], folder: Path, environment: Mapping[str, str], ends: Sequence[_Given]) -> None:
    """In the new process: put everything in its place, and be `python -m bot`."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, end in enumerate(ends):
        os.dup2(end.number, number)
        os.close(end.number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    _be(words)


def _read(file: Path) -> str:
    return file.read_text("utf-8")


def _command(words: Sequence[str], folder: Path, environment: Mapping[str, str], typed: str, said: Path) -> None:
    """In the new process: put everything in its place, and be `python -m bot`."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    reading, writing = os.pipe()  # a question is less than a pipe holds
    os.write(writing, typed.encode())
    os.close(writing)
    os.dup2(reading, 0)
    os.close(reading)
    for name, number in (("out", 1), ("err", 2)):
        file = os.open(said / name, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    _be(words)


def _be(words: Sequence[str]) -> None:
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, open to the end
    from bot.__main__ import main  # noqa: PLC0415 - in the new process only

    sys.argv = ["bot", *words]
    sys.exit(main(words))
