"""How long `python -m bot run` takes to its prompt, and how much memory it has when nobody asks."""

import asyncio
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from benchmarks.databases import NewDatabase
from benchmarks.measure import memory_mb
from benchmarks.provider import ROOT
from benchmarks.table import Table, at_most, number

READY_WITHIN_SECONDS = 2
IDLE_AT_MOST_MB = 150
_PROMPT = b"you>"
_KEY = {"OPENAI_API_KEY": "sk-bench"}  # no question is asked, so nobody is called
_GIVEN_UP_AFTER_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    later_starts: int = 5
    settle_seconds: float = 3.0
    """After the prompt it still loads what counts tokens: the memory is read when that is over."""


FULL = Size()


@dataclass(frozen=True, slots=True)
class Started:
    """One start."""

    seconds: float
    idle_mb: float
    peak_mb: float


async def tables(kind: str, new_database: NewDatabase, size: Size = FULL) -> list[Table]:
    """The first start, which makes the schema, and those after it."""
    url = await new_database("start")
    first = await asyncio.to_thread(_start, url, size.settle_seconds, {})
    later = [await asyncio.to_thread(_start, url, size.settle_seconds, {}) for _ in range(size.later_starts)]
    keyed = [await asyncio.to_thread(_start, url, size.settle_seconds, _KEY) for _ in range(size.later_starts)]
    return [
        Table(
            title=f"The terminal from start to prompt, {kind}",
            heading=("start", "ready after", "memory idle", "memory at most"),
            rows=(
                _row("first, with migration", first),
                _row(f"later, median of {len(later)}", _middle(later)),
                _row(f"later with a provider's key, median of {len(keyed)}", _middle(keyed)),
            ),
            notes=(
                "At a pseudo-terminal, the first two without a provider. With a key the ranks that count tokens are "
                "loaded after the prompt. A chat is loaded only where it runs.",
            ),
        )
    ]


def _middle(starts: list[Started]) -> Started:
    return Started(
        seconds=median(start.seconds for start in starts),
        idle_mb=median(start.idle_mb for start in starts),
        peak_mb=median(start.peak_mb for start in starts),
    )


def _row(what: str, started: Started) -> tuple[str, ...]:
    return (
        what,
        at_most(started.seconds, READY_WITHIN_SECONDS, " s"),
        at_most(started.idle_mb, IDLE_AT_MOST_MB, " MB"),
        f"{number(started.peak_mb)} MB",
    )


def _start(database_url: str, settle_seconds: float, provider: dict[str, str]) -> Started:
    began = time.perf_counter()
    with _at_a_terminal(database_url, provider) as (process, terminal):
        _read_until(terminal, _PROMPT)
        seconds = time.perf_counter() - began
        time.sleep(settle_seconds)
        idle_mb, peak_mb = memory_mb(process.pid), memory_mb(process.pid, peak=True)
        os.write(terminal, b"/quit\r")
        assert process.wait(_GIVEN_UP_AFTER_SECONDS) == 0
    return Started(seconds, idle_mb, peak_mb)


@contextmanager
def _at_a_terminal(database_url: str, provider: dict[str, str]) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    terminal, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret for measuring",
        "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody is there to answer where the cursor is
        "PYTHONUTF8": "1",
        **provider,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield process, terminal
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def _read_until(terminal: int, wanted: bytes) -> None:
    seen, deadline = b"", time.monotonic() + _GIVEN_UP_AFTER_SECONDS
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"no prompt came: {seen!r}"
        seen += os.read(terminal, 4096)
