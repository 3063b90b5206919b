"""What is overdue in the books, by the clock that holds and leases were made with."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, or_, select

from adapters.store.database import Store
from adapters.store.personal import forgotten_lately, traces_of
from adapters.store.persons import speaks_as
from adapters.store.tables import (
    HOLD_IS_OPEN,
    REQUEST_IS_UNTOLD,
    TEXT_IS_KEPT,
    Forgotten,
    Hold,
    Identity,
    Kept,
    KeptPress,
    Member,
    Request,
    Team,
)
from core.defaults import CLOCK_SLACK_MS, KEEP_SEALED_MS, MAX_LEASE_MS, TELL_WITHIN_MS
from core.ledger.delivery import INTERRUPTED
from core.operations import RequestState
from core.people import Identity as PersonIdentity
from core.people import Place
from core.reports import AskEnd, Traces

AT_MOST = 500
"""How many rows one round takes on."""

UNFINISHED = (RequestState.RUNNING, RequestState.AWAITING)


class StoreOverdue:
    """`core.ports.Overdue` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def holds(self) -> tuple[tuple[str, str], ...]:
        """Open holds past their deadline, the oldest first; and those opened while the clock was ahead."""
        now_ms = await self._store.now_ms()
        due = or_(col(Hold.deadline_ms) <= now_ms, col(Hold.opened_at_ms) > now_ms + CLOCK_SLACK_MS)
        found = select(Hold.id, Hold.wallet_id).where(HOLD_IS_OPEN, due)
        return await _pairs(self._store, found.order_by(col(Hold.deadline_ms)))

    async def abandoned(self) -> tuple[tuple[str, str], ...]:
        """Asks that are not over, whose lease is, and whose asker was told nothing."""
        gone = select(Request.id, Request.wallet_id).where(
            REQUEST_IS_UNTOLD, lease_is_over(col(Request.lease_until_ms), await self._store.now_ms())
        )
        return await _pairs(self._store, gone.where(col(Request.state).in_(UNFINISHED)))

    async def kept(self) -> tuple[tuple[str, str], ...]:
        """Asks whose kept text is past its day; and text that was kept while the clock was ahead."""
        now_ms = await self._store.now_ms()
        until = col(Kept.erase_after_ms)
        due = or_(until <= now_ms, until > now_ms + KEEP_SEALED_MS + CLOCK_SLACK_MS)
        old = select(Kept.id, Request.wallet_id).join(Request, col(Request.id) == Kept.id)
        return await _pairs(self._store, old.where(TEXT_IS_KEPT, due))

    async def presses(self) -> tuple[tuple[str, str], ...]:
        """What buttons stood for that is past its day; and what was kept while the clock was ahead."""
        now_ms = await self._store.now_ms()
        until = col(KeptPress.erase_after_ms)
        due = or_(until <= now_ms, until > now_ms + KEEP_SEALED_MS + CLOCK_SLACK_MS)
        old = select(KeptPress.id, Team.wallet_id).join(Team, col(Team.id) == KeptPress.team_id)
        return await _pairs(self._store, old.where(due))

    async def forgotten(self) -> tuple[tuple[str, str], ...]:
        """Hashes of identities whose periods are over, of members who are not frozen or suspended."""
        over = (
            select(Forgotten.id, Team.wallet_id)
            .join(Member, col(Member.id) == Forgotten.member_id)
            .join(Team, col(Team.id) == Member.team_id)
            .where(col(Forgotten.until_ms) <= await self._store.now_ms(), Member.frozen == 0, Member.suspended == 0)
        )
        return await _pairs(self._store, over)

    async def traces(self) -> tuple[Traces, ...]:
        """What members left who were forgotten lately."""
        left = [await traces_of(self._store, member_id) for member_id in await forgotten_lately(self._store)]
        return tuple(traces for traces in left if traces.any)


class StoreUndelivered:
    """`core.ports.Undelivered` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due(self, platform: str, workspaces: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Asks of these workspaces that are over, whose asker was not told, and whom nobody is telling now."""
        if not workspaces:
            return ()
        now_ms = await self._store.now_ms()
        untold = select(Request.id, Request.wallet_id).where(
            REQUEST_IS_UNTOLD,
            lease_is_over(col(Request.lease_until_ms), now_ms),
            col(Request.started_at_ms) > now_ms - TELL_WITHIN_MS,
        )
        here = untold.where(Request.platform == platform, col(Request.workspace).in_(workspaces))
        over = here.where(col(Request.state).not_in(UNFINISHED))
        return await _pairs(self._store, over.order_by(col(Request.started_at_ms), col(Request.id)))

    async def end_of(self, ask_id: str) -> AskEnd:
        """How an ask ended."""
        query = (
            select(Request, Member.display_name, Kept.question, Kept.answer)
            .join(Member, col(Member.id) == Request.member_id)
            .join(Kept, col(Kept.id) == Request.id)
            .where(Request.id == ask_id)
        )
        async with self._store.snapshot() as session:
            request, asked_by, question, answer = (await session.exec(query)).one()
            here = f"{request.platform}:{request.workspace}/"
            whose = select(speaks_as(Member)).where(Member.id == request.member_id).scalar_subquery()
            accounts = select(Member.id).where(or_(col(Member.id) == whose, col(Member.same_as) == whose))
            asker = select(Identity.id).where(col(Identity.member_id).in_(accounts), Identity.gone == 0)
            keys = (await session.exec(asker.where(col(Identity.id).startswith(here, autoescape=True)))).all()
        users = sorted(key.removeprefix(here) for key in keys)
        return AskEnd(
            ask_id=request.id,
            place=Place(request.platform, request.workspace, request.channel, request.thread),
            member_id=request.member_id,
            asked_by=asked_by,
            state=request.state,
            ending=request.ending,
            interrupted=request.state == RequestState.RELEASED and request.ending == INTERRUPTED,
            provider=request.provider,
            model=request.model,
            cost_nanos=request.cost_nanos,
            estimated=bool(request.estimated),
            question=question,
            answer=answer,
            to=PersonIdentity(request.platform, request.workspace, users[0], asked_by) if users else None,
        )


def lease_is_over(until: Any, now_ms: int) -> Any:
    """Whether the lease in a column is over, as `core.ledger.delivery.lease_is_over` says it."""
    return or_(until <= now_ms, until > now_ms + MAX_LEASE_MS + CLOCK_SLACK_MS)


async def _pairs(store: Store, query: Any) -> tuple[tuple[str, str], ...]:
    async with store.snapshot() as session:
        return tuple((row[0], row[1]) for row in (await session.exec(query.limit(AT_MOST))).all())
