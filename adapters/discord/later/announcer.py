"""Tells people on Discord later: how their asks ended, what admins are to know, and that something goes on now."""

from collections.abc import Collection, Coroutine
from typing import Any

import structlog

from adapters.discord.api import DiscordApi, DiscordFailed, RateLimited, Rejected, Unreachable, Unsure
from adapters.discord.later.late_answers import LateAnswers
from adapters.discord.later.telling import Telling
from adapters.discord.origin import PLATFORM, Origin
from adapters.discord.people import People
from adapters.discord.servers import Server, Servers
from core.announcement import DIGEST, Announcement, Notice
from core.errors import NotAllowed
from core.people import Identity
from core.ports import Clock, Drawing

AWAY_SECONDS = 20.0
"""How long nothing is posted after Discord could not be reached, or said "later"."""
NOT_IN_CHANNEL = (
    "This belongs in the channel that you chose for announcements, where Chipin may not post. Let it see that channel "
    "and send messages there, or choose another one: /admin announce."
)
NO_DIGEST_CHANNEL = (
    "This belongs in the channel that you chose for it, where Chipin may not post. Let it see that channel and send "
    "messages there, or choose another one: /admin digest channel."
)

_log = structlog.get_logger(__name__)


class DiscordAnnouncer:
    """`core.ports.Announcer` for every server that this process is connected for."""

    platform = PLATFORM

    def __init__(self, servers: Servers, people: People, api: DiscordApi, clock: Clock, drawing: Drawing) -> None:
        self._servers = servers
        self._people = people
        self._api = api
        self._clock = clock
        self._drawing = drawing
        self._late = LateAnswers(api, clock)
        self._away_until = 0.0

    @property
    def workspaces(self) -> Collection[str]:
        """Those that are known; none for a while after Discord was not there."""
        return () if self._clock.monotonic() < self._away_until else self._servers.reachable

    @property
    def admin_workspaces(self) -> Collection[str]:
        """The same: each admin is written to alone."""
        return self.workspaces

    # --- how an ask ended ---

    async def announce(self, announcement: Announcement) -> bool:
        """Where it was asked, else as a direct message to whoever asked."""
        server = self._server(announcement.place.workspace)
        return server is not None and await self._surely(self._late.post(announcement, self._servers.bot_user_id))

    # --- what people are to know ---

    async def tell_admins(self, notice: Notice) -> bool:
        """In the channel that was chosen for it, else each of the server's admins alone."""
        server = self._server(notice.workspace)
        return server is not None and await self._surely(self._tell_admins(server, notice))

    async def _tell_admins(self, server: Server, notice: Notice) -> bool:
        telling = self._telling(notice)
        if notice.channel:
            if await telling.in_channel(notice.channel):
                return True
            telling.add(NO_DIGEST_CHANNEL if notice.kind == DIGEST else NOT_IN_CHANNEL)
        admins = [admin for admin in notice.admins if await self._is_admin(server, admin)]
        told = [await telling.alone(admin) for admin in admins]
        return any(told)

    async def _is_admin(self, server: Server, person: Identity) -> bool:
        """Whether they still are one: without a privileged intent Discord tells nobody who left, or lost a role."""
        try:
            return (await self._people.member(server, Origin(server.guild_id, person.user))).admin
        except (NotAllowed, Rejected):
            return False

    async def tell_member(self, notice: Notice) -> bool:
        """As a direct message."""
        server, to = self._server(notice.workspace), notice.to
        if server is None or to is None:
            return False
        return await self._surely(self._telling(notice).alone(to))

    def _telling(self, notice: Notice) -> Telling:
        return Telling(self._api, self._servers.bot_user_id, notice, self._drawing, self._clock)

    # --- Discord ---

    def _server(self, guild_id: str) -> Server | None:
        return self._servers.of(guild_id) if guild_id in self.workspaces else None

    async def _surely(self, telling: Coroutine[Any, Any, bool]) -> bool:
        """Whether it stands there now. What it is not sure of is looked for in a later round."""
        try:
            return await telling
        except (Unreachable, RateLimited, Unsure) as failed:
            self._away_until = self._clock.monotonic() + AWAY_SECONDS
            _log.warning("discord_is_not_there", kind=type(failed).__name__, again_in_seconds=AWAY_SECONDS)
        except DiscordFailed as refused:
            _log.warning("discord_did_not_take_what_is_told_later", kind=type(refused).__name__, why=str(refused))
        return False
