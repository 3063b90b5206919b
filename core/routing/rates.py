"""Keeps below what a provider's account allows in a minute, so that it never has to say 429."""

from collections import deque
from dataclasses import dataclass, field

from core.ports import Clock
from core.routing.rules import ProviderRate, Rules

WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class _Minute:
    """The calls of the last minute: when, and how many tokens."""

    calls: deque[tuple[float, int]] = field(default_factory=deque)
    tokens: int = 0

    def forget_before(self, moment: float) -> None:
        while self.calls and self.calls[0][0] <= moment:
            self.tokens -= self.calls.popleft()[1]


class Rates:
    """The sliding minute of every provider with a limit in the rules. Each process counts its own calls only."""

    def __init__(self, rules: Rules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._minutes: dict[str, _Minute] = {}

    def wait_seconds(self, provider: str, tokens: int) -> float:
        """How long until a call of so many tokens fits; 0 for now. A call above the whole limit fits when alone."""
        rate = self._rules.rates.get(provider)
        if rate is None:
            return 0.0
        now, minute = self._clock.monotonic(), self._minute(provider)
        requests_left, tokens_left = len(minute.calls), minute.tokens
        free_at = now
        for at, used in minute.calls:
            if _fits(rate, requests_left, tokens_left, tokens):
                break
            requests_left, tokens_left, free_at = requests_left - 1, tokens_left - used, at + WINDOW_SECONDS
        return max(0.0, free_at - now)

    def take(self, provider: str, tokens: int) -> None:
        """Count a call that is made now."""
        if provider in self._rules.rates:
            minute = self._minute(provider)
            minute.calls.append((self._clock.monotonic(), tokens))
            minute.tokens += tokens

    def _minute(self, provider: str) -> _Minute:
        minute = self._minutes.setdefault(provider, _Minute())
        minute.forget_before(self._clock.monotonic() - WINDOW_SECONDS)
        return minute


def _fits(rate: ProviderRate, requests: int, used_tokens: int, tokens: int) -> bool:
    if rate.requests_per_minute is not None and requests >= rate.requests_per_minute:
        return False
    return rate.tokens_per_minute is None or used_tokens + tokens <= rate.tokens_per_minute
