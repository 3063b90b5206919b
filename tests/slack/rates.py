"""Slack's limits per minute: always counted, enforced when a test switches them on.

Tiers: docs.slack.dev/apis/web-api/rate-limits. The numbers are the floors that Slack promises ("100+ per minute").
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from tests.slack.state import Json

PER_MINUTE = {
    "chat.startStream": 20,
    "chat.appendStream": 100,
    "chat.stopStream": 20,
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.replies": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.open": 50,
    "conversations.members": 100,
    "users.info": 100,
    "users.list": 20,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
    "team.info": 50,
    "files.info": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "views.open": 100,
    "views.update": 100,
    "views.push": 100,
    "views.publish": 100,
    "agents.sessions.setStatus": 50,
    "agents.sessions.rename": 50,
}
POSTS_A_SECOND, POSTS_AT_ONCE = 1.0, 5  # in one channel; "short bursts" are allowed, how short is not said


@dataclass(slots=True)
class Bucket:
    left: float
    filled_at: float


class Rates:
    """Counts calls per workspace and method by the clock of the fake."""

    def __init__(self) -> None:
        self.enforced = False
        self.refused = 0
        self._taken: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self._recent: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._posts: dict[tuple[str, str], Bucket] = {}

    def take(self, team: str, method: str, fields: Json, now: float) -> int:
        """Count a call. Seconds to wait when it is refused, else 0."""
        wait = self._minute(team, method, now) or self._posting(team, method, fields, now)
        if wait and self.enforced:
            self.refused += 1
            return wait
        self._taken[team, method].append(now)
        return 0

    def peak(self, team: str, method: str, *, seconds: float = 60.0) -> int:
        """The most calls that were taken in any such window."""
        return most_in(self._taken[team, method], seconds)

    def _minute(self, team: str, method: str, now: float) -> int:
        limit = PER_MINUTE.get(method)
        if limit is None:
            return 0
        recent = self._recent[team, method]
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if len(recent) >= limit:
            return max(1, int(recent[0] + 60 - now) + 1)
        recent.append(now)
        return 0

    def _posting(self, team: str, method: str, fields: Json, now: float) -> int:
        if method != "chat.postMessage":
            return 0
        key = (team, str(fields.get("channel")))
        bucket = self._posts.setdefault(key, Bucket(POSTS_AT_ONCE, now))
        bucket.left = min(POSTS_AT_ONCE, bucket.left + (now - bucket.filled_at) * POSTS_A_SECOND)
        bucket.filled_at = now
        if bucket.left < 1:
            return 1
        bucket.left -= 1
        return 0


def most_in(moments: Iterable[float], seconds: float) -> int:
    """The most of these moments in any window of that length."""
    window: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        window.append(moment)
        while window[0] <= moment - seconds:
            window.popleft()
        most = max(most, len(window))
    return most
