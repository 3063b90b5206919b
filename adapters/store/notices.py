"""Notices that nobody has told yet, and what admins know, through SQLModel."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.store.budget_requests import to_decide
from adapters.store.database import Store
from adapters.store.overdue import AT_MOST, lease_is_over
from adapters.store.persons import speaks_as
from adapters.store.tables import (
    NOTICE_IS_UNTOLD,
    TEXT_IS_KEPT,
    BudgetRequest,
    Identity,
    Kept,
    Member,
    Notice,
    Request,
    Team,
    Told,
    Workspace,
)
from core.announcement import BOUND_MS, PERHAPS_TOLD_MS
from core.ids import ask_of, attempt_id
from core.ledger.links import LINK
from core.moments import from_ms
from core.operations import ENDED_UNCHARGED
from core.people import Identity as PersonIdentity
from core.reports import DueNotice


class StoreNotices:
    """`core.ports.NoticeBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due(self, platform: str, workspaces: Collection[str], *, strays: bool = False) -> tuple[DueNotice, ...]:
        """Those for admins of these workspaces that nobody told, and nobody is telling now; the oldest first."""
        if not workspaces:
            return ()
        now_ms = await self._store.now_ms()
        names = {f"{platform}:{workspace}": workspace for workspace in workspaces}
        belongs_here = col(Notice.workspace) == col(Workspace.id)
        untold = (
            select(Notice, Team.wallet_id, Workspace.id)
            .join(Team, col(Team.id) == Notice.team_id)
            .join(Workspace, col(Workspace.team_id) == Notice.team_id)
            .where(NOTICE_IS_UNTOLD, lease_is_over(col(Notice.lease_until_ms), now_ms), Notice.member_id == "")
            .where(col(Workspace.id).in_(names))
            .where(or_(Notice.workspace == "", belongs_here, *([_has_strayed(now_ms)] if strays else [])))
            .order_by(col(Notice.at_ms), col(Notice.id), belongs_here, col(Workspace.id).desc())
            .limit(AT_MOST)
        )
        async with self._store.snapshot() as session:
            rows = (await session.exec(untold)).all()
            requests = await _requests(session, {row.about for row, *_ in rows if row.about})
        # A team may have several of these workspaces: the one it belongs to, else the first, is enough. It comes last.
        found = {}
        for row, wallet_id, workspace in rows:
            decide, reason = _under(requests.get(row.about), now_ms)
            due = DueNotice(row.id, row.team_id, wallet_id, names[workspace], row.kind, row.words, from_ms(row.at_ms))
            strayed = "" if row.workspace in ("", workspace) else row.workspace
            due = replace(due, channel="" if strayed else row.channel, chart=row.chart, strayed=strayed)
            found[row.id] = replace(due, decide=decide, reason=reason)
        return tuple(found.values())

    async def due_to_members(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """The same for single people, in the first of these workspaces in which they are."""
        if not workspaces:
            return ()
        account = aliased(Member)  # of all accounts of a person, whichever is here
        here = (col(Identity.id).startswith(f"{platform}:{each}/", autoescape=True) for each in workspaces)
        untold = (
            select(Notice, Team.wallet_id, Identity.id, Member.display_name)
            .join(Team, col(Team.id) == Notice.team_id)
            .join(Member, col(Member.id) == Notice.member_id)
            .join(account, speaks_as(account) == speaks_as(Member))
            .join(Identity, col(Identity.member_id) == account.id)
            .where(NOTICE_IS_UNTOLD, lease_is_over(col(Notice.lease_until_ms), await self._store.now_ms()))
            .where(Identity.gone == 0, or_(*here))
            .order_by(col(Notice.at_ms), col(Notice.id), col(Identity.id).desc())
            .limit(AT_MOST)
        )
        async with self._store.snapshot() as session:
            rows = (await session.exec(untold)).all()
            kept = await _kept_attempts(session, {ask_of(row.about) for row, *_ in rows})
        found = {}
        for row, wallet_id, key, name in rows:
            workspace, _, user = key.partition(":")[2].partition("/")
            to, press = PersonIdentity(platform, workspace, user, name), row.about if row.about in kept else ""
            due = DueNotice(row.id, row.team_id, wallet_id, workspace, row.kind, row.words, from_ms(row.at_ms))
            found[row.id] = replace(due, to=to, press=press, link=row.about if row.kind == LINK else "")
        return tuple(found.values())

    async def told(self, team_id: str) -> Mapping[str, str]:
        """What a team's admins know, by subject."""
        known = select(Told.subject, Told.value).where(Told.team_id == team_id)
        async with self._store.snapshot() as session:
            return dict((await session.exec(known)).all())

    async def was_told(self, kind: str, workspace: str) -> bool:
        """Whether somebody of the team of a workspace has read a notice of this kind."""
        told = (
            select(Notice.id)
            .join(Workspace, col(Workspace.team_id) == Notice.team_id)
            .where(Workspace.id == workspace, Notice.kind == kind, col(Notice.delivered_at_ms) > 0)
            .limit(1)
        )
        async with self._store.snapshot() as session:
            return (await session.exec(told)).one_or_none() is not None


def _has_strayed(now_ms: int) -> ColumnElement[bool]:
    """Nobody could tell it where it belongs, for so long that others may."""
    untouched = and_(col(Notice.tries) == 0, col(Notice.at_ms) < now_ms - BOUND_MS)
    return or_(untouched, col(Notice.at_ms) < now_ms - PERHAPS_TOLD_MS)


async def _requests(session: AsyncSession, ids: Collection[str]) -> dict[str, BudgetRequest]:
    found = select(BudgetRequest).where(col(BudgetRequest.id).in_(ids))
    return {row.id: row for row in (await session.exec(found)).all()} if ids else {}


def _under(request: BudgetRequest | None, now_ms: int) -> tuple[str, str]:
    """What stands under a notice about a request: its buttons while it is to be decided, and its reason."""
    if request is None:
        return "", ""
    return request.id if to_decide(request, now_ms) else "", request.reason


async def _kept_attempts(session: AsyncSession, asks: Collection[str]) -> set[str]:
    """The attempts at these asks that a press can still run: ended uncharged, and the question is kept."""
    query = (
        select(Request.id, Request.attempt)
        .join(Kept, col(Kept.id) == Request.id)
        .where(col(Request.id).in_(asks), col(Request.state).in_(ENDED_UNCHARGED), TEXT_IS_KEPT)
        .where(func.length(Kept.question) > 0)
    )
    return {attempt_id(ask, number) for ask, number in (await session.exec(query)).all()} if asks else set()
