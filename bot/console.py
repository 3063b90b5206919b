"""Where a command says things. Only the process itself prints; a command is handed this."""

import time
from collections.abc import Callable
from dataclasses import dataclass

PROGRESS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Console:
    """`say` prints a line of the answer, `write` a piece of it; `note` tells a person who waits, past the answer."""

    say: Callable[[str], object]
    write: Callable[[str], object]
    note: Callable[[str], object]


class Progress:
    """Notes how far something is, at most once a second from its first step on: what is quickly done is not noted."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: float | None = None

    def __call__(self, how_far: str) -> None:
        """Say it, if it is time to."""
        now = time.monotonic()
        if self._told is None:
            self._told = now
        elif now - self._told >= PROGRESS_SECONDS:
            self._told = now
            self._console.note(how_far)
