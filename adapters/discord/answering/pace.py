"""How often messages are edited while they are written: Discord counts all edits in a channel together."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

EDIT_SECONDS = 1.25
"""Four edits in five seconds. Discord publishes no limit (discord-api-docs#4413); five in five seconds is what bots
meet, and one is left for the end."""


class Pace:
    """Shared by the answers that this process is writing: those that share a limit are edited one after the other."""

    def __init__(self) -> None:
        self._answers: Counter[str] = Counter()

    @contextmanager
    def answer(self, limit: str) -> Iterator[None]:
        """One more answer is being written under this limit: a channel's, or that of what answers one interaction."""
        self._answers[limit] += 1
        try:
            yield
        finally:
            self._answers[limit] -= 1
            self._answers += Counter()  # what is at 0 is forgotten

    def seconds_between(self, limit: str) -> float:
        """From one edit of an answer to its next."""
        return EDIT_SECONDS * max(1, self._answers[limit])
