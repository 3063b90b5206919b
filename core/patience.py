"""Trying again what did not work: for how long, and after which pauses."""

from math import inf

from core.ports import Clock

FIRST_PAUSE_SECONDS = 0.5


class Patience:
    """That of one piece of work, from now on."""

    def __init__(self, clock: Clock, seconds: float = inf, *, longest_pause_seconds: float) -> None:
        self._clock = clock
        self._until = clock.monotonic() + seconds
        self._pause, self._longest = FIRST_PAUSE_SECONDS, longest_pause_seconds

    def seconds_before_next(self, failed: Exception, said_seconds: float | None = None) -> float:
        """How long to wait: as long as the other side said, else twice as long each time. Raises `failed` at the end.

        It is over where the next try would come too late.
        """
        seconds = said_seconds
        if seconds is None:
            seconds, self._pause = self._pause, min(self._pause * 2, self._longest)
        if self._clock.monotonic() + seconds > self._until:
            raise failed
        return seconds

    async def wait(self, failed: Exception, said_seconds: float | None = None) -> None:
        """Wait for so long. Raises `failed` where it is over."""
        await self._clock.sleep(self.seconds_before_next(failed, said_seconds))
