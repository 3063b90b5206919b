"""One clock that tests may advance, and the numbers that only rise."""

import itertools
import time


class Clock:
    """Real time plus what a test added: an hour passes with `clock.advance(3600)`."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead_seconds

    def advance(self, seconds: float) -> None:
        self._ahead_seconds += seconds


class Numbers:
    """Order numbers of everything that happens, timestamps of messages, and ids; none is given twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._orders = itertools.count(1)
        self._ids = itertools.count(1)
        self._last_ts = 0

    def order(self) -> int:
        return next(self._orders)

    def ts(self) -> str:
        """A message's timestamp: its id in its channel, seconds with six digits."""
        self._last_ts = max(self._last_ts + 1, int(self._clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self._ids):08d}"
