"""How often the answers of one workspace may be written to: Slack counts all of them together."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from core.ports import Clock

WINDOW_SECONDS = 60.0
MOST_IN_WINDOW = 95
"""chat.appendStream takes about 100 a minute for each workspace (docs.slack.dev, tier 4); some are left to others."""
USUAL_PACE_SECONDS = 1.0
"""How often an answer is written to while there is room."""
ENOUGH_CHARS = 256
"""An answer with this much to show need not wait for its usual pace, while there is room."""
EDITS_ARE_SLOWER = 3
"""chat.update takes about 50 a minute (tier 3), and each edit carries the whole message."""


class AppendBudget:
    """Shared by the answers that are being written in one workspace: the more there are, the slower is each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers = 0
        self._taken: deque[float] = deque()

    @contextmanager
    def answer(self) -> Iterator[None]:
        """One more answer is being written."""
        self._answers += 1
        try:
            yield
        finally:
            self._answers -= 1

    @property
    def idle(self) -> bool:
        """Whether nothing is written, and nothing was lately."""
        self._forget()
        return self._answers == 0 and not self._taken

    def seconds_to_wait(self, last_at: float, *, is_enough: bool, edits: bool) -> float:
        """How long an answer last written to at `last_at` has to wait; 0 when it may be written to now.

        `is_enough`: it has `ENOUGH_CHARS` to show. `edits`: it is edited, which Slack takes half as often.
        """
        self._forget()
        fair = self._answers * WINDOW_SECONDS / MOST_IN_WINDOW
        pace = fair if is_enough else max(fair, USUAL_PACE_SECONDS)
        at = last_at + pace * (EDITS_ARE_SLOWER if edits else 1)
        if len(self._taken) >= MOST_IN_WINDOW:
            at = max(at, self._taken[0] + WINDOW_SECONDS)
        return max(0.0, at - self._clock.monotonic())

    def take(self) -> None:
        """An answer is written to now."""
        self._taken.append(self._clock.monotonic())

    def _forget(self) -> None:
        oldest = self._clock.monotonic() - WINDOW_SECONDS
        while self._taken and self._taken[0] <= oldest:
            self._taken.popleft()
