"""How to compare on a machine with neighbours: turn and turn about, and the middle of several rounds."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

Name = TypeVar("Name")


async def in_turn(runs: Mapping[Name, Callable[[], Awaitable[float]]], *, rounds: int) -> dict[Name, float]:
    """Every run once a round, A B C A B C ...; each one's median. A slow minute hits all of them."""
    found: dict[Name, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            found[name].append(await run())
    return {name: median(values) for name, values in found.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least `share` of all values are not above (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def memory_mb(pid: int | str = "self", *, peak: bool = False) -> float:
    """Resident memory of a process now, or the most it ever was, in megabytes (Linux only).

    `getrusage` is not asked: its peak includes that of the process it was forked from.
    """
    wanted = "VmHWM:" if peak else "VmRSS:"
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith(wanted))
    return int(kilobytes) * 1024 / 1_000_000
