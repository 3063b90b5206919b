"""One clock that tests may advance, and the numbers that only rise (order, snowflakes)."""

import itertools
from datetime import UTC, datetime

from tests.slack.clock import Clock

DISCORD_EPOCH_MS = 1_420_070_400_000  # the first second of 2015: snowflakes count from there

__all__ = ["Clock", "Numbers"]


class Numbers:
    """Order numbers of everything that happens, and snowflakes; none is given twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._orders = itertools.count(1)
        self._last = 0

    def order(self) -> int:
        return next(self._orders)

    def snowflake(self, shard: tuple[int, int] = (0, 1)) -> str:
        """An id as Discord makes them: the moment in milliseconds above 22 bits, and later ones are greater.

        `shard`: (number, count) of the shard that hears of a guild with this id.
        """
        moment = int(self._clock.now() * 1000) - DISCORD_EPOCH_MS
        self._last = max(self._last + 1, moment << 22)
        while (self._last >> 22) % shard[1] != shard[0]:
            self._last += 1 << 22
        return str(self._last)

    def timestamp(self) -> str:
        return datetime.fromtimestamp(self._clock.now(), UTC).isoformat()
