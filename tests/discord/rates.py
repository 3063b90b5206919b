"""Discord's limits: always told in X-RateLimit-* headers, refused with 429 where a test says how many."""

import hashlib
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.discord.faults import Call
from tests.discord.people import Json

if TYPE_CHECKING:
    from tests.discord.clock import Clock

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
UNLIMITED = ("create_interaction_response",)  # interaction endpoints are not bound to the global limit either


@dataclass(frozen=True, slots=True)
class Limit:
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Told:
    """The headers of an answer, and the body of a 429 when there is one."""

    headers: dict[str, str] = field(default_factory=dict)
    refused: Json | None = None


class Rates:
    """Counts calls per bucket (a route and its channel, guild or webhook) by the clock of the fake.

    `limits` per operation; what has none is told the default and never refused. `refused` counts the 429.
    """

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock
        self.limits: dict[str, Limit] = {}
        self.everywhere: Limit | None = None
        self.refused = 0
        self._recent: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def allow(self, operation: str, requests: int, seconds: float) -> None:
        """From now on that many calls of an operation in that time, in each channel."""
        self.limits[operation] = Limit(requests, seconds)

    def take(self, call: Call) -> Told | None:
        """Count a call. None: no bucket is told of it."""
        if call.operation in UNLIMITED or not call.operation:
            return None
        now = self._clock.now()
        if self.everywhere is not None and (wait := self._wait("*", "", self.everywhere, now)):
            self.refused += 1
            return Told(_headers_of_refusal(wait, "global") | {"X-RateLimit-Global": "true"}, _refusal(wait, True))
        limit = self.limits.get(call.operation)
        major = "+".join(call.parameters[name] for name in MAJOR if name in call.parameters)
        if limit is None:
            return Told(_headers(call.operation, Limit(50, 1.0), 49, 1.0, now))
        if wait := self._wait(call.operation, major, limit, now):
            self.refused += 1
            told = _headers(call.operation, limit, 0, wait, now) | _headers_of_refusal(wait, "user")
            return Told(told, _refusal(wait, False))
        recent = self._recent[call.operation, major]
        return Told(_headers(call.operation, limit, limit.requests - len(recent), recent[0] + limit.seconds - now, now))

    def _wait(self, operation: str, major: str, limit: Limit, now: float) -> float:
        """Seconds until it would be allowed; 0.0: it is, and was counted."""
        recent = self._recent[operation, major]
        while recent and recent[0] <= now - limit.seconds:
            recent.popleft()
        if len(recent) >= limit.requests:
            return recent[0] + limit.seconds - now
        recent.append(now)
        return 0.0


def _headers(operation: str, limit: Limit, remaining: int, after: float, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit.requests),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{now + after:.3f}",
        "X-RateLimit-Reset-After": f"{after:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(operation.encode()).hexdigest()[:32],
    }


def _headers_of_refusal(wait: float, scope: str) -> dict[str, str]:
    return {"Retry-After": str(int(wait) + 1), "X-RateLimit-Scope": scope}


def _refusal(wait: float, everywhere: bool) -> Json:
    return {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": everywhere}
