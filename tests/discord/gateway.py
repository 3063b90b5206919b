"""The gateway: sessions of shards over websockets, with resuming, and all that can go wrong with a connection."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aiohttp import WSMessage, WSMsgType, web

from tests.discord.events import MESSAGE_CONTENT, guild_shard
from tests.discord.people import Json
from tests.discord.sessions import Link, Session
from tests.discord.state import Message
from tests.waiting import until

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID, HELLO, ACK = 1, 2, 6, 7, 8, 9, 10, 11
AUTHENTICATION_FAILED, INVALID_SEQUENCE, INVALID_SHARD, DISALLOWED_INTENTS = 4004, 4007, 4010, 4014
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT


@dataclass(slots=True, eq=False)
class Drop:
    """The connection breaks when an event is to be sent: before it, or right after. Once."""

    event: str
    moment: Literal["before", "after"]
    struck: bool = False


class Gateway:
    """All sessions. `identified` and `resumes` count; `silent`: heartbeats are not acknowledged any more.

    `breaks_before_hello`: so many connections break before a word is said.
    """

    def __init__(self, discord: "FakeDiscord") -> None:
        self._discord = discord
        self.sessions: list[Session] = []
        self.identified = 0
        self.resumes = 0
        self.silent = False
        self.refuses_resume = False
        self.breaks_before_hello = 0
        self.heartbeat_seconds = 41.25
        self._drops: list[Drop] = []
        self._links: set[Link] = set()

    # --- what tests do ---

    @property
    def live(self) -> list[Session]:
        return [session for session in self.sessions if session.connected]

    async def connected(self, sessions: int = 1) -> None:
        """Until that many sessions are connected and READY."""
        await until(lambda: len(self.live) >= sessions)

    async def drop(self, code: int = 0, *, sessions: Iterable[Session] = ()) -> None:
        """Break every connection (or these), with a close code or without a word. Sessions can be resumed."""
        for session in list(sessions) or self.live:
            link, session.link = session.link, None
            if link is not None and code:
                await link.close(code)
            elif link is not None:
                link.cut()

    async def reconnect(self) -> None:
        """Ask every client to reconnect (op 7), as Discord does before it restarts a node."""
        for session in self.live:
            assert session.link is not None
            await session.link.send({"op": RECONNECT, "d": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is over (op 9)."""
        for session in self.live:
            assert session.link is not None
            session.ended = not resumable
            await session.link.send({"op": INVALID, "d": resumable})

    def drop_at(self, event: str, moment: Literal["before", "after"] = "after") -> Drop:
        """The next time this event is sent, the connection breaks before or right after."""
        self._drops.append(Drop(event, moment))
        return self._drops[-1]

    # --- what happens ---

    def dispatch(self, event: str, data: Json, guild_id: str = "", *, sessions: Iterable[Session] = ()) -> int:
        """Tell every session it is for (one that is cut off hears it when it resumes). How many there are."""
        told = [one for one in (sessions or self.sessions) if not one.ended and one.wants(event, guild_id)]
        for session in told:
            session.add(event, data)
        return len(told)

    def message_event(self, event: str, message: Message) -> None:
        """A message came, changed or went: each session sees of it what its intents let it see."""
        guild = {"guild_id": message.guild_id} if message.guild_id else {}
        for session in self.sessions:
            if session.ended or not session.wants(event, message.guild_id):
                continue
            if event == "MESSAGE_DELETE":
                session.add(event, {"id": message.id, "channel_id": message.channel_id, **guild})
                continue
            told = self._discord.seen_by_bot(message, everything=bool(session.intents & MESSAGE_CONTENT)) | guild
            home = self._discord.guilds.get(message.guild_id)
            if home is not None and message.author.id in home.members:
                told["member"] = home.members[message.author.id].as_json(with_user=False)
            session.add(event, told)

    # --- the server ---

    async def serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        link = Link(request, socket)
        self._links.add(link)
        session: Session | None = None
        writer: asyncio.Task[None] | None = None
        try:
            if self.breaks_before_hello:
                self.breaks_before_hello -= 1
                link.cut()
                return socket
            await link.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}})
            async for message in socket:
                said = _read(message)
                if said["op"] == HEARTBEAT and not self.silent:
                    await link.send({"op": ACK})
                elif said["op"] == REQUEST_MEMBERS and session is not None:
                    session.add("GUILD_MEMBERS_CHUNK", self._chunk(said["d"]))
                elif said["op"] in (IDENTIFY, RESUME) and writer is None:
                    opening = self._identify if said["op"] == IDENTIFY else self._resume
                    session = await opening(link, said["d"])
                    if session is not None:
                        writer = asyncio.create_task(self._write(session, link))
        finally:
            self._links.discard(link)
            if writer is not None:
                writer.cancel()
            if session is not None and session.link is link:
                session.link = None
                session.ended = session.ended or socket.close_code in (1000, 1001)
        return socket

    async def close(self) -> None:
        for link in list(self._links):
            link.cut()

    async def _identify(self, link: Link, data: Json) -> Session | None:
        discord = self._discord
        shard, count = data.get("shard") or (0, 1)
        if data["token"] != discord.token:
            await link.close(AUTHENTICATION_FAILED)
            return None
        if not 0 <= shard < count:
            await link.close(INVALID_SHARD)
            return None
        if data["intents"] & PRIVILEGED & ~discord.privileged:
            await link.close(DISALLOWED_INTENTS)
            return None
        self.identified += 1
        session = Session(discord.numbers.snowflake(), (shard, count), data["intents"])
        self.sessions.append(session)
        guilds = [each for each in discord.guilds.values() if each.present and guild_shard(each.id, count) == shard]
        session.add("READY", self._ready(session, [guild.id for guild in guilds]))
        for guild in guilds:
            if session.wants("GUILD_CREATE", guild.id):
                session.add("GUILD_CREATE", guild.created_json(discord.told_members(guild, session.intents)))
        session.greeting = len(session.events)
        session.link = link
        return session

    def _ready(self, session: Session, guild_ids: list[str]) -> Json:
        discord = self._discord
        return {
            "v": 10,
            "user": discord.bot_user.as_json() | {"mfa_enabled": True, "verified": True, "email": None},
            "guilds": [{"id": each, "unavailable": True} for each in guild_ids],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": discord.gateway_url,
            "shard": list(session.shard),
            "application": {"id": discord.application_id, "flags": 0},
            "private_channels": [],
        }

    def _chunk(self, asked: Json) -> Json:
        """The members that a client asked for, by their ids or by how their names begin."""
        guild = self._discord.guilds[str(asked["guild_id"])]
        ids = [str(each) for each in asked.get("user_ids") or ()]
        begins = (asked.get("query") or "").lower()
        every = [each for each in guild.members.values() if not ids or each.id in ids]
        found = [each.as_json() for each in every if each.user.name.lower().startswith(begins)]
        missing = [each for each in ids if each not in guild.members]
        told = {"guild_id": guild.id, "members": found, "chunk_index": 0, "chunk_count": 1, "not_found": missing}
        return told | ({"nonce": asked["nonce"]} if "nonce" in asked else {})

    async def _resume(self, link: Link, data: Json) -> Session | None:
        session = next((each for each in self.sessions if each.id == data["session_id"]), None)
        if data["token"] != self._discord.token:
            await link.close(AUTHENTICATION_FAILED)
            return None
        if session is None or session.ended or self.refuses_resume:
            await link.send({"op": INVALID, "d": False})
            return None
        if data["seq"] is None or data["seq"] > len(session.events):
            await link.close(INVALID_SEQUENCE)
            return None
        self.resumes += 1
        if session.link is not None:
            session.link.cut()
        session.resumed += 1
        for missed in session.events[data["seq"] :]:
            await link.send(missed)
        session.sent = len(session.events)
        session.add("RESUMED", {})
        session.link = link
        return session

    async def _write(self, session: Session, link: Link) -> None:
        """Send what is added, as long as this connection is the session's."""
        while session.link is link:
            while session.sent < len(session.events) and session.link is link:
                event = session.events[session.sent]
                drop = next((each for each in self._drops if not each.struck and each.event == event["t"]), None)
                if drop is not None and drop.moment == "before":
                    drop.struck, session.link = True, None
                    link.cut()
                    return
                session.sent += 1
                await link.send(event)
                if drop is not None:
                    drop.struck, session.link = True, None
                    link.hang_up()
                    return
            session.wake.clear()
            if session.sent == len(session.events):
                await session.wake.wait()


def _read(message: WSMessage) -> Json:
    if message.type is not WSMsgType.TEXT:
        raise ValueError(f"no text: {message.type}")
    said: Json = json.loads(message.data)
    return said
