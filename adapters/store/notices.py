"""Notices for admins that nobody has told yet, and what admins know, through SQLModel."""

from collections.abc import Collection, Mapping

from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.overdue import AT_MOST, lease_is_over
from adapters.store.tables import NOTICE_IS_UNTOLD, Notice, Team, Told, Workspace
from core.reports import DueNotice


class StoreNotices:
    """`core.ports.NoticeBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """Those for teams of these workspaces that nobody told, and nobody is telling now; the oldest first."""
        if not workspaces:
            return ()
        names = {f"{platform}:{workspace}": workspace for workspace in workspaces}
        untold = (
            select(Notice, Team.wallet_id, Workspace.id)
            .join(Team, col(Team.id) == Notice.team_id)
            .join(Workspace, col(Workspace.team_id) == Notice.team_id)
            .where(NOTICE_IS_UNTOLD, lease_is_over(col(Notice.lease_until_ms), await self._store.now_ms()))
            .where(col(Workspace.id).in_(names))
            .order_by(col(Notice.at_ms), col(Notice.id), col(Workspace.id).desc())
            .limit(AT_MOST)
        )
        async with self._store.snapshot() as session:
            rows = (await session.exec(untold)).all()
        # A team may have several of these workspaces: the first of them is enough.
        found = {
            row.id: DueNotice(row.id, row.team_id, wallet_id, names[workspace], row.kind, row.words)
            for row, wallet_id, workspace in rows
        }
        return tuple(found.values())

    async def told(self, team_id: str) -> Mapping[str, str]:
        """What a team's admins know, by subject."""
        known = select(Told.subject, Told.value).where(Told.team_id == team_id)
        async with self._store.snapshot() as session:
            return dict((await session.exec(known)).all())
