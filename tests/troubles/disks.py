"""Small disks for tests: a tmpfs that can be filled and made read-only. Mounting one needs root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a tmpfs needs root")


@dataclass(frozen=True, slots=True)
class Disk:
    """A tmpfs at `path`."""

    path: Path

    @property
    def url(self) -> str:
        """A SQLite file on it."""
        return f"sqlite:///{self.path}/chipin.db"

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.path / "ballast").open("ab", buffering=0) as ballast:
            for size in (65_536, 1):
                try:
                    while True:
                        ballast.write(b"x" * size)
                except OSError:
                    continue

    def make_room(self) -> None:
        """Take away what filled it."""
        (self.path / "ballast").unlink(missing_ok=True)

    def read_only(self) -> None:
        """Nobody may write, root included."""
        _run("mount", "-o", "remount,ro", str(self.path))

    def writable(self) -> None:
        """As before."""
        _run("mount", "-o", "remount,rw", str(self.path))


@contextmanager
def a_disk(path: Path, *, megabytes: int) -> Iterator[Disk]:
    """A disk of that size; gone afterwards, with all that is on it."""
    path.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(path))
    except subprocess.CalledProcessError as refused:
        pytest.skip(f"no tmpfs can be mounted here: {refused.stderr.strip()}")
    try:
        yield Disk(path)
    finally:
        _run("umount", "--lazy", str(path))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
