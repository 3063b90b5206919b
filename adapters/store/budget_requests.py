"""Requests for more as they stand, through SQLModel."""

from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.store.database import Store
from adapters.store.overdue import AT_MOST
from adapters.store.tables import REQUEST_FOR_MORE_IS_OPEN, Team, TopUp
from adapters.store.tables import BudgetRequest as BudgetRequestTable
from core.ids import new_id
from core.moments import from_ms
from core.operations import CloseRequest, RequestedState
from core.reports import BudgetRequest

DECIDED = (RequestedState.APPROVED, RequestedState.DENIED, RequestedState.FUNDED)


class StoreBudgetRequests:
    """`core.ports.BudgetRequestBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, team_id: str, request_id: str) -> BudgetRequest | None:
        """A request of this team, with the decision about the one that it joins."""
        found = select(BudgetRequestTable).where(
            BudgetRequestTable.id == request_id, BudgetRequestTable.team_id == team_id
        )
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
            if row is None:
                return None
            shown = await session.get(BudgetRequestTable, row.joins) if row.joins else None
        leads = shown is not None and row.state == RequestedState.OPEN and shown.state in DECIDED
        return _request(row, shown if leads and shown is not None else row)

    async def open(self, team_id: str) -> tuple[BudgetRequest, ...]:
        """What is still to be decided, the oldest first."""
        waiting = (
            select(BudgetRequestTable)
            .where(REQUEST_FOR_MORE_IS_OPEN, BudgetRequestTable.team_id == team_id)
            .order_by(col(BudgetRequestTable.asked_at_ms), col(BudgetRequestTable.id))
            .limit(AT_MOST)
        )
        now_ms = await self._store.now_ms()
        async with self._store.snapshot() as session:
            rows = (await session.exec(waiting)).all()
        return tuple(_request(row, row) for row in rows if to_decide(row, now_ms))

    async def to_close(self, now: datetime) -> tuple[CloseRequest, ...]:
        """Those of all teams that nobody has to decide any more."""
        now_ms = await self._store.now_ms()
        waiting = (
            select(BudgetRequestTable, Team.wallet_id)
            .join(Team, col(Team.id) == BudgetRequestTable.team_id)
            .where(REQUEST_FOR_MORE_IS_OPEN)
            .limit(AT_MOST)
        )
        async with self._store.snapshot() as session:
            rows = (await session.exec(waiting)).all()
            joined = {row.joins for row, _ in rows if row.joins}
            decided = select(BudgetRequestTable.id).where(
                col(BudgetRequestTable.id).in_(joined), col(BudgetRequestTable.state).in_(DECIDED)
            )
            over = set((await session.exec(decided)).all()) if joined else set()
            funded = await self._funded(session, {wallet for row, wallet in rows if not row.counter_id})
        found = []
        for row, wallet_id in rows:
            top_up_id, at_ms = funded.get(wallet_id, ("", 0)) if not row.counter_id else ("", 0)
            if row.joins in over or at_ms > row.asked_at_ms or not to_decide(row, now_ms):
                close = CloseRequest(
                    id=new_id("close", now),
                    wallet_id=wallet_id,
                    team_id=row.team_id,
                    request_id=row.id,
                    funded_by=top_up_id,
                )
                found.append(close)
        return tuple(found)

    async def _funded(self, session: AsyncSession, wallets: set[str]) -> dict[str, tuple[str, int]]:
        """The newest top-up of each wallet of which something is left, and when it was."""
        left = (col(TopUp.wallet_id).in_(wallets), col(TopUp.refunded_nanos) < col(TopUp.amount_nanos))
        newest = select(TopUp.wallet_id, func.max(TopUp.at_ms)).where(*left).group_by(col(TopUp.wallet_id)).subquery()
        found = select(TopUp).join(newest, (newest.c[0] == TopUp.wallet_id) & (newest.c[1] == TopUp.at_ms)).where(*left)
        rows = (await session.exec(found)).all() if wallets else []
        return {row.wallet_id: (row.id, row.at_ms) for row in rows}


def to_decide(row: BudgetRequestTable, now_ms: int) -> bool:
    """Whether somebody can decide it: it is open, and its period has not ended."""
    return row.state == RequestedState.OPEN and not 0 < row.expires_at_ms <= now_ms


def _request(row: BudgetRequestTable, decided: BudgetRequestTable) -> BudgetRequest:
    return BudgetRequest(
        id=row.id,
        member_id=row.member_id,
        counter_id=row.counter_id,
        amount_nanos=row.amount_nanos,
        reason=row.reason,
        attempt=row.ask_id,
        state=decided.state,
        asked_at=from_ms(row.asked_at_ms),
        ends_at=from_ms(row.expires_at_ms) if row.expires_at_ms else None,
        confirmed_by=row.confirmed_by,
        decided_by=decided.decided_by,
        decided_at=from_ms(decided.decided_at_ms),
        joins=row.joins,
    )
