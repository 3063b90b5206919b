"""How processes of one machine know which of them live: each locks a file of its own for as long as it does.

The machine's kernel gives the lock back however the process ends.
"""

import fcntl
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

FOLDER = "processes"


class FilePresence:
    """`core.ports.Presence` in a folder that only this machine's processes see, or on a disk that keeps locks."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / FOLDER
        self.name = secrets.token_hex(8)
        self._held: IO[bytes] | None = None
        with suppress(OSError):  # then its leases lapse, when it dies, as those of another machine do
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held = self._path(self.name).open("xb")
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_dead(self, name: str) -> bool:
        """Whether a process of this machine had that name, and is gone. Of other machines nobody here can say so."""
        with suppress(OSError), self._path(name).open("rb") as its:
            fcntl.flock(its, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._path(name).unlink(missing_ok=True)
            return True
        return False

    def close(self) -> None:
        """This process is dead to others."""
        held, self._held = self._held, None
        if held is not None:
            with suppress(OSError):
                self._path(self.name).unlink()
            held.close()

    def _path(self, name: str) -> Path:
        return self._folder / Path(name).name
