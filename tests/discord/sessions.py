"""One connection to the gateway, and the session that outlives it."""

import asyncio
import json
import zlib
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord.events import guild_shard, intent_of
from tests.discord.people import Json

DISPATCH = 0


class Link:
    """One websocket: what is to be sent goes out in order, compressed when the client asked for it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.gone = False
        self._request = request
        stream = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if stream else None
        self._lock = asyncio.Lock()

    async def send(self, payload: Json) -> None:
        """Quietly nothing when the connection is gone: a session keeps what it could not send."""
        text = json.dumps(payload)
        async with self._lock:
            if self.gone or self.socket.closed:
                return
            with suppress(ConnectionError, RuntimeError):
                if self._zlib is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)

    def cut(self) -> None:
        """The connection breaks: no close frame."""
        self.gone = True
        if self._request.transport is not None:
            self._request.transport.abort()

    def hang_up(self) -> None:
        """The connection ends once what was written has left: no close frame either."""
        self.gone = True
        if self._request.transport is not None:
            self._request.transport.close()

    async def close(self, code: int) -> None:
        self.gone = True
        await self.socket.close(code=code)


@dataclass(slots=True, eq=False)
class Session:
    """What a client identified for. It outlives its connection: `events` are kept, and RESUME replays the missed."""

    id: str
    shard: tuple[int, int]
    intents: int
    events: list[Json] = field(default_factory=list)
    link: Link | None = None
    ended: bool = False
    resumed: int = 0
    sent: int = 0
    greeting: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def connected(self) -> bool:
        """Whether a client is there, and was told READY and of its guilds."""
        return self.link is not None and not self.ended and self.sent >= self.greeting

    def wants(self, event: str, guild_id: str) -> bool:
        """Whether this event is for this shard and its intents."""
        shard, count = self.shard
        if shard != (guild_shard(guild_id, count) if guild_id else 0):
            return False
        needed = intent_of(event, bool(guild_id))
        return not needed or bool(self.intents & needed)

    def add(self, event: str, data: Json) -> None:
        self.events.append({"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data})
        self.wake.set()
