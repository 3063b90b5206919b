"""The machine a number was measured on, in one paragraph."""

import os
import platform
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

_SYNCS = 50


def describe_machine(postgres_version: str) -> str:
    """Cores, memory, versions, the disk's speed and the day."""
    parts = (
        datetime.now(UTC).date().isoformat(),
        f"{platform.system()} {platform.release()}",
        f"{os.cpu_count()} cores ({_processor()})",
        f"{_memory_gb():.0f} GB memory",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"PostgreSQL {postgres_version}, on the same cores",
        f"one fsync {_fsync_ms():.2f} ms",
    )
    return ", ".join(parts)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _fsync_ms() -> float:
    """What both databases wait for at every commit."""
    took: list[float] = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_SYNCS):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took) * 1000
