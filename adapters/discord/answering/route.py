"""Where the messages of one answer go: by the best way that Discord still takes."""

from adapters.discord.answering.threads import Threads
from adapters.discord.answering.ways import BELOW, IN_DIRECT, Channel, Direct, FollowUp, Original, Way
from adapters.discord.api import DiscordApi
from adapters.discord.origin import Origin

BESIDE, FIRST = 0, 1
"""Parts of an answer: what goes along with its beginning, and its beginning; the others are counted on."""


class Route:
    """The ways of one answer. A way that is closed stays closed."""

    def __init__(self, api: DiscordApi, origin: Origin, *, private: bool, threads: Threads) -> None:
        """`private`: nobody but its asker reads it."""
        self._api = api
        handle, is_public = origin.handle, not private or origin.is_direct
        direct = Direct(api, origin.user_id)
        follow_up = FollowUp(api, handle, ephemeral=private) if handle is not None else None
        reply = Channel(api, origin.writes_to, "" if handle is not None else origin.message_id) if is_public else None
        channel = Channel(api, origin.writes_to) if is_public else None
        self._original = Original(api, handle) if handle is not None else None
        self._first: list[Way] = [each for each in (self._original, reply, direct) if each is not None]
        self._more: list[Way] = [each for each in (channel, follow_up, direct) if each is not None]
        self._threads = threads
        self._looked_before = self._looked_after = False
        self._first_id = ""
        self._is_left = False

    async def ways(self, part: int) -> tuple[Way, ...]:
        """Those that are open for a part, the best first."""
        if part == FIRST and not self._looked_before:
            self._looked_before = True
            if thread_id := await self._threads.before():
                self._first = [Channel(self._api, thread_id), *self._first]
                self._more = [Channel(self._api, thread_id), *self._more]
                self._looked_after = True
        if part > FIRST and not self._looked_after and self._first_id:
            self._looked_after = True
            if thread_id := await self._threads.after(self._first_id):
                self._more = [Channel(self._api, thread_id), *self._more]
        return tuple(self._first if part == FIRST else self._more)

    def is_once(self, way: Way) -> bool:
        """Whether there is but one message to be had by it."""
        return way is self._original

    async def stands(self, part: int, way: Way, message_id: str) -> None:
        """A message stands there: what follows it goes the same way."""
        if part == FIRST and not way.is_away:
            self._first_id = message_id
        if way.is_away:
            self._more = [way]
        if self._is_left and self._original is not None:
            self._is_left = False
            await self._original.leave(IN_DIRECT if way.is_away else BELOW)

    def close(self, way: Way) -> None:
        """It takes nothing more."""
        self._first = [each for each in self._first if each is not way]
        self._more = [each for each in self._more if each is not way]
        self._is_left |= way is self._original
