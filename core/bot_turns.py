"""How often another bot may ask: so that two bots that answer each other come to an end.

Whether a bot may spend at all is a rule of the team's (core/policy); this bounds those that may. It is kept in memory:
a process that starts anew begins to count anew.
"""

from collections import deque

from core.ports import Clock

MOST_TURNS = 6
"""Of one bot, in one channel, within an hour: enough for one that reports, and little for two that talk."""
WITHIN_SECONDS = 3_600.0
MOST_KNOWN = 1_000


class BotTurns:
    """Counts them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken: dict[tuple[str, str], deque[tuple[float, str]]] = {}

    def take(self, channel: str, bot: str, message: str) -> bool:
        """Whether this message of a bot's may be answered. A copy of one that may be counts once."""
        now = self._clock.monotonic()
        taken = self._taken.pop((channel, bot), None) or deque[tuple[float, str]]()
        self._taken[channel, bot] = taken
        while len(self._taken) > MOST_KNOWN:
            del self._taken[next(iter(self._taken))]
        while taken and now - taken[0][0] >= WITHIN_SECONDS:
            taken.popleft()
        if any(known == message for _, known in taken):
            return True
        if len(taken) >= MOST_TURNS:
            return False
        taken.append((now, message))
        return True
