"""Discord's limits: always told in X-RateLimit-* headers, refused with 429 where a test says how many."""

import hashlib
from dataclasses import dataclass, field

from tests.discord.clock import Clock
from tests.discord.faults import Call
from tests.discord.people import Json

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
UNLIMITED = ("create_interaction_response",)  # interaction endpoints are not bound to the global limit either


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: float


DEFAULT = Limit(50, 1.0)  # what is told of a bucket that no test limits


@dataclass(slots=True)
class Window:
    """Calls since it opened; all of them are forgotten at its end, as X-RateLimit-Reset promises."""

    opened_at: float
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """The headers of an answer, and the body of a 429 when there is one."""

    headers: dict[str, str] = field(default_factory=dict)
    refused: Json | None = None


class Rates:
    """Counts calls per bucket (a route and its channel, guild or webhook) by the clock of the fake.

    `limits` per operation; what has none is told the default and never refused. `everywhere`: the global limit, which
    calls by an interaction's token are not bound to. `refused` counts the 429.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.limits: dict[str, Limit] = {}
        self.everywhere: Limit | None = None
        self.refused = 0
        self._windows: dict[tuple[str, str], Window] = {}

    def allow(self, operation: str, requests: int, seconds: float) -> None:
        """From now on that many calls of an operation in that time, in each channel ("*": of all together)."""
        if operation == "*":
            self.everywhere = Limit(requests, seconds)
        else:
            self.limits[operation] = Limit(requests, seconds)

    def take(self, call: Call) -> Told | None:
        """Count a call. None: no bucket is told of it."""
        if call.operation in UNLIMITED or not call.operation:
            return None
        now = self._clock.now()
        if self.everywhere is not None and "webhook_token" not in call.parameters:
            window = self._window("*", "", self.everywhere, now)
            if window.calls >= self.everywhere.requests:
                return self._refuse({}, window.opened_at + self.everywhere.seconds - now, True)
            window.calls += 1
        limit = self.limits.get(call.operation)
        if limit is None:
            return Told(_headers(call.operation, DEFAULT, DEFAULT.requests - 1, DEFAULT.seconds, now))
        major = "+".join(call.parameters[name] for name in MAJOR if name in call.parameters)
        window = self._window(call.operation, major, limit, now)
        after = window.opened_at + limit.seconds - now
        if window.calls >= limit.requests:
            return self._refuse(_headers(call.operation, limit, 0, after, now), after, False)
        window.calls += 1
        return Told(_headers(call.operation, limit, limit.requests - window.calls, after, now))

    def _window(self, operation: str, major: str, limit: Limit, now: float) -> Window:
        window = self._windows.get((operation, major))
        if window is None or now >= window.opened_at + limit.seconds:
            window = self._windows[operation, major] = Window(now)
        return window

    def _refuse(self, headers: dict[str, str], wait: float, everywhere: bool) -> Told:
        self.refused += 1
        scope = "global" if everywhere else "user"
        told = headers | {"Retry-After": str(int(wait) + 1), "X-RateLimit-Scope": scope}
        if everywhere:
            told["X-RateLimit-Global"] = "true"
        message = "You are being rate limited."
        return Told(told, {"message": message, "retry_after": round(wait + 0.001, 3), "global": everywhere})


def _headers(operation: str, limit: Limit, remaining: int, after: float, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit.requests),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{now + after:.3f}",
        "X-RateLimit-Reset-After": f"{after:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(operation.encode()).hexdigest()[:32],
    }
