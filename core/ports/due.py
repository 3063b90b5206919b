"""What the books say is due, by the database's clock."""

from collections.abc import Collection, Mapping
from typing import Protocol

from core.reports import (
    AskEnd,
    DueNotice,
    Traces,
)


class Overdue(Protocol):
    """What the sweep looks for, by the database's clock. Pairs of (id, wallet id)."""

    async def forgotten(self) -> tuple[tuple[str, str], ...]:
        """Hashes of identities that nothing counts for any more."""

    async def traces(self) -> tuple[Traces, ...]:
        """What members left who were forgotten lately: what a process that died, or an ask that still ran, did."""

    async def holds(self) -> tuple[tuple[str, str], ...]:
        """Open holds past their deadline."""

    async def abandoned(self) -> tuple[tuple[str, str], ...]:
        """Asks whose process is gone, before they held money or before their price was shown."""

    async def kept(self) -> tuple[tuple[str, str], ...]:
        """Asks whose kept text is past its day."""

    async def presses(self) -> tuple[tuple[str, str], ...]:
        """What buttons stood for that is past its day."""


class Undelivered(Protocol):
    """Asks that are over and whose asker was not told, by the database's clock."""

    async def due(self, platform: str, workspaces: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Those of these workspaces that nobody is telling now, the oldest first: pairs of (ask id, wallet id)."""

    async def end_of(self, ask_id: str) -> AskEnd:
        """How an ask ended. Whoever has taken its delivery reads what cannot change meanwhile."""


class NoticeBooks(Protocol):
    """What the books know of notices for admins, by the database's clock."""

    async def due(self, platform: str, workspaces: Collection[str], *, strays: bool = False) -> tuple[DueNotice, ...]:
        """Those for admins of these workspaces that nobody told, and nobody is telling now; the oldest first.

        With `strays` also what belongs to another workspace of the team that has not been told there for long
        (`core.announcement.BOUND_MS`, `PERHAPS_TOLD_MS`): it is `strayed` then, and has no channel.
        """

    async def due_to_members(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """The same for single people of these workspaces."""

    async def told(self, team_id: str) -> Mapping[str, str]:
        """What a team's admins know, by subject (`TellChange`)."""

    async def was_told(self, kind: str, workspace: str) -> bool:
        """Whether somebody of the team of a workspace ("slack:T1") has read a notice of this kind."""
