"""What a chat does for core."""

from collections.abc import Collection
from typing import Protocol

from core.announcement import Announcement, Notice
from core.people import Team


class PlaceNames(Protocol):
    """Roles and channels as people of one platform name them."""

    def target(self, typed: str) -> str:
        """The target (core/policy) of a role or channel that was typed or picked; empty for what is neither."""

    def name(self, target: str) -> str:
        """What people call a role or a channel."""

    def channel(self, target: str) -> str:
        """What people call a channel; empty where it is none that is here: a direct message, or one that is gone."""


class Notifier(Protocol):
    """Posts something for a team's admins."""

    async def post(self, team: Team, kind: str, key: str, words: str) -> bool:
        """Post it, unless this kind was posted to them with this key before; whether it was posted now."""


class Announcer(Protocol):
    """One platform's way to tell people later how their asks ended, and admins what they are to know."""

    @property
    def platform(self) -> str:
        """The platform it posts on."""

    @property
    def workspaces(self) -> Collection[str]:
        """Those that it can reach at this moment; none while it cannot post."""

    async def announce(self, announcement: Announcement) -> bool:
        """Post it where it was asked, as the asker's own; whether it stands there now (or stood there before)."""

    @property
    def admin_workspaces(self) -> Collection[str]:
        """Those whose admins it can reach at this moment, and nobody else by it."""

    async def tell_admins(self, notice: Notice) -> bool:
        """Post it where only the workspace's admins read it; whether it stands there now (or stood there before)."""

    async def tell_member(self, notice: Notice) -> bool:
        """Post it where only `notice.to` reads it; the same. In one of `workspaces`."""
