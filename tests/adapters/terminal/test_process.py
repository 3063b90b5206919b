"""The whole program as people start it: through a pipe, and at a pseudo-terminal of its own."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.periods import Calendar, Period
from core.text.wording import day_in_words
from tests.bot.warm import run_warm

ROOT = Path(__file__).resolve().parents[3]
RUN = [sys.executable, "-m", "bot", "run"]
# Makes the pseudo-terminal the one that Ctrl-C works on, as a shell does, then becomes the program.
AT_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
SECONDS = 30


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str]:
    """No provider, a fresh database, and as little of this machine as possible."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": "a key for tests",
        "OLLAMA_BASE_URL": "http://127.0.0.1:1/v1",
        "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "PYTHONUTF8": "1",
    }


def nanos(exact: str) -> int:
    dollars, fraction = exact.split(".")
    return int(dollars) * 1_000_000_000 + int(fraction.ljust(9, "0"))


def piped(script: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return run_warm(["run"], folder=ROOT, environment=environment, typed=script, timeout=SECONDS)


def test_a_reader_can_check_the_arithmetic(environment: dict[str, str]) -> None:
    done = piped("/balance\n/topup 5\nwhat is a deadlock?\n/balance\n/quit\n", environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Team wallet: $5.00.\n" in done.stdout
    assert "$5.00 -> $10.00" in done.stdout
    assert '"what is a deadlock?"' in done.stdout
    (price,) = re.findall(r"· charged \$(\d+\.\d{9})", done.stdout)
    (after,) = re.findall(r"exactly \$(\d+\.\d{9})\)", done.stdout)
    assert nanos(price) > 0
    assert nanos(after) == nanos("10.00") - nanos(price)


def test_the_documented_transcript_is_true(environment: dict[str, str]) -> None:
    page = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    script = "".join(f"{line}\n" for line in re.findall(r"^you> (.*)$", shown, re.MULTILINE))
    assert repr(script)[1:-1] in page
    today = day_in_words(Calendar(ZoneInfo("UTC")).span(Period.MONTH, datetime.now(UTC)).end)
    here = environment["DATABASE_URL"].removeprefix("sqlite:///")
    expected = shown.replace("1 December", today).replace("data/chipin.db", here)
    pattern = re.escape(expected).replace(re.escape("[...]\n"), "(?s:.*)\n")
    # The page is of a machine on which nobody has set OLLAMA_BASE_URL, as the environment of these tests does.
    printed = re.sub(r"^Ollama does not answer.*\n", "", piped(script, environment).stdout, flags=re.MULTILINE)
    assert re.fullmatch(pattern, printed.strip()), printed


def test_a_reader_who_leaves_gets_no_complaint(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        RUN, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin and program.stdout and program.stderr
        assert "Welcome" in program.stdout.readline()
        program.stdout.close()
        program.stdin.write("what is it?\n/balance\n")
        program.stdin.close()
        assert program.stderr.read() == ""
        assert program.wait(SECONDS) == 0


class Person:
    """Somebody at a pseudo-terminal."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._terminal, theirs = pty.openpty()
        self._program = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *RUN],
            env=environment, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._seen = ""

    def types(self, keys: str) -> None:
        """Press keys."""
        os.write(self._terminal, keys.encode())

    def sees(self, wanted: str) -> str:
        """Wait until the text is on the screen; returns everything up to it that was not looked at before."""
        deadline = time.monotonic() + SECONDS
        while wanted not in self._seen:
            readable, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
            assert readable, f"{wanted!r} did not come, but {self._seen!r}"
            self._seen += os.read(self._terminal, 65_536).decode("utf-8", "replace")
        before, _, self._seen = self._seen.partition(wanted)
        return before

    def hears(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._program.send_signal(number)

    def left_with(self) -> int:
        """The exit code, once the program has ended."""
        deadline = time.monotonic() + SECONDS
        while self._program.poll() is None:
            assert time.monotonic() < deadline, f"still running after {self._seen!r}"
            readable, _, _ = select.select([self._terminal], [], [], 0.1)
            with suppress(OSError):  # it has ended meanwhile
                self._seen += os.read(self._terminal, 65_536).decode("utf-8", "replace") if readable else ""
        return self._program.returncode

    def close(self) -> None:
        """Leave nothing behind."""
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait(SECONDS)
        os.close(self._terminal)


@pytest.fixture
def person(environment: dict[str, str]) -> Iterator[Person]:
    with closing(Person(environment)) as somebody:
        somebody.sees("Type a question, or /help.")
        somebody.sees("you>")
        yield somebody


def test_keys_stop_an_answer_complete_a_command_and_leave(person: Person) -> None:
    for stop in ("\x03", "/stop\r"):
        person.types("how do I stop?\r")
        person.sees("You have just seen")
        person.types(stop)
        rest = person.sees("Stopped. Charged about 0.0")
        assert "real prices." not in rest  # the last words of the practice answer
        person.sees("you>")
    person.types("/bal")
    for key in ("\t", "\r"):
        time.sleep(0.3)  # completions are looked for beside the typing
        person.types(key)
    assert "held by" not in person.sees("new month on")
    person.sees("Team wallet: $4.99 (exactly")
    person.types("\x03")
    person.sees("/quit leaves.")
    person.sees("you>")
    person.types("\x04")
    assert person.left_with() == 0


def test_being_told_to_stop_finishes_what_runs(person: Person, environment: dict[str, str]) -> None:
    person.types("how do I stop?\r")
    person.sees("You have just seen")
    person.hears(signal.SIGTERM)
    person.sees("real prices.")  # the last words of the practice answer
    person.sees("charged $")
    assert person.left_with() == 0
    assert "held by" not in (shown := piped("/balance\n/usage\n", environment).stdout)
    assert "1 ask for 0.1" in shown and "You had not seen" not in shown
