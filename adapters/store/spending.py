"""What was spent, through SQLModel on the engine that can only read.

An ask's row says what it costs now: what was given back of it later is added again, from the few transfers that did.
So a stretch of time is read off one index of the asks that were charged, and not off the ledger, which is as long as
everything that ever happened; contract tests hold both equal. docs/decisions/0043.
"""

from collections import Counter as Tally
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from adapters.store.charged import ENDED, MOVED, between, of_reversals, wallet_of
from adapters.store.database import Store
from adapters.store.tables import (
    ACCOUNT_IS_JOINED,
    HOLD_WAS_ABSORBED,
    REQUEST_IS_SETTLED,
    TRANSFER_IS_NO_SETTLEMENT,
    Entry,
    Hold,
    Member,
    ReceiptLine,
    Request,
    Team,
    Transfer,
    Wallet,
)
from core.ledger.entries import OPERATOR, POOL, TransferKind
from core.moments import from_ms, to_ms
from core.spending import Movement, SpendBy, Spent, SpentOn, WalletMovements, channel_of

MOST_AT_ONCE = 100
"""How many stretches are summed up in one statement: SQLite takes 500 parts of one."""
_COLUMNS: dict[SpendBy, tuple[Any, ...]] = {
    SpendBy.MODEL: (col(Request.model),),
    SpendBy.TAG: (col(Request.tag),),
    SpendBy.CHANNEL: (col(Request.platform), col(Request.channel)),
    SpendBy.MEMBER: (col(Request.member_id),),
}


class StoreSpending:
    """`core.ports.SpendBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def spent(
        self, team_id: str, start: datetime, end: datetime, by: SpendBy, member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        """Dearest first, then by name."""
        asked = _asked_by(team_id, member_ids) & between(ENDED, start, end)
        asks, nanos = Tally[str](), Tally[str]()
        async with self._store.snapshot() as session:
            connection = await session.connection()
            rows = await _charged(connection, asked, team_id, by)
            persons = await _persons(connection, team_id) if by is SpendBy.MEMBER else {}
        for *named, count, cost in rows:
            name = channel_of(*named) if by is SpendBy.CHANNEL else persons.get(named[0], named[0])
            asks[name] += count
            nanos[name] += int(cost)  # PostgreSQL sums BIGINT to numeric
        found = (Spent(name, asks[name], nanos[name]) for name in asks)
        return tuple(sorted(found, key=lambda each: (-each.cost_nanos, each.name)))

    async def totals(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        """The sum of each of these stretches, in their order."""
        whose = _asked_by(team_id, member_ids)
        sums: list[tuple[int, int]] = []
        async with self._store.snapshot() as session:
            connection = await session.connection()
            for first in range(0, len(spans), MOST_AT_ONCE):
                sums += await _sums(connection, whose, spans[first : first + MOST_AT_ONCE])
            back = (await connection.execute(_given_back(team_id, whose))).all() if spans else []
        return tuple(
            Spent("", asks, nanos + sum(row.amount_nanos for row in back if start <= from_ms(row.finished_at_ms) < end))
            for (asks, nanos), (start, end) in zip(sums, spans, strict=True)
        )

    async def movements(self, wallet_id: str, start: datetime, end: datetime) -> WalletMovements:
        """All that moved a wallet; the tuples by time, or dearest first."""
        ended, moved = between(ENDED, start, end), between(MOVED, start, end)
        async with self._store.snapshot() as session:
            connection = await session.connection()
            asked = await _asked_in(connection, wallet_id)
            budget = [_movement(row) for row in await connection.execute(_budget(wallet_id, moved))]
            lines = (await connection.execute(_lines(asked & ended))).all()
            back = (await connection.execute(_lines_given_back(wallet_id, moved))).all()
            absorbed = await _sum(connection, _absorbed(wallet_id, moved))
            absorbed += await _sum(connection, _absorbed_of_charges(wallet_id, start, end))
            closing = await _closing(connection, wallet_id, asked, to_ms(end))
        top_ups = tuple(each for each in budget if not each.of)
        taken_back = tuple(each for each in budget if each.of)
        spent, given_back = _by_provider(lines), _by_provider(back)
        came_in = sum(each.amount_nanos for each in top_ups) + sum(each.cost_nanos for each in given_back)
        went_out = sum(each.amount_nanos for each in taken_back) + sum(each.cost_nanos for each in spent)
        return WalletMovements(
            opening_nanos=closing - came_in + went_out,
            top_ups=top_ups,
            taken_back=taken_back,
            spent=spent,
            given_back=given_back,
            absorbed_nanos=absorbed,
            closing_nanos=closing,
        )

    async def first_ask_at(self, team_id: str) -> datetime | None:
        """When a team's first ask ended that was charged."""
        first = select(func.min(ENDED)).where(_asked_by(team_id))
        async with self._store.snapshot() as session:
            connection = await session.connection()
            at_ms: int | None = (await connection.execute(first)).scalar()
        return None if at_ms is None else from_ms(at_ms)


def _asked_by(team_id: str, member_ids: Collection[str] = ()) -> ColumnElement[bool]:
    """Asks that were charged, of a team or of some of its members."""
    of_team = (col(Request.team_id) == team_id) & REQUEST_IS_SETTLED
    return of_team & col(Request.member_id).in_(member_ids) if member_ids else of_team


async def _asked_in(connection: AsyncConnection, wallet_id: str) -> ColumnElement[bool]:
    """The same of all teams that a wallet pays for: by their ids, a planner knows how few they are."""
    teams = (await connection.execute(select(col(Team.id)).where(col(Team.wallet_id) == wallet_id))).scalars().all()
    return col(Request.team_id).in_(teams) & REQUEST_IS_SETTLED


async def _charged(connection: AsyncConnection, asked: ColumnElement[bool], team_id: str, by: SpendBy) -> list[Any]:
    """How many asks, and what they took of the pool, by name; some names twice, with what was given back since."""
    named = _COLUMNS[by]
    now = select(*named, func.count(), _total(Request.cost_nanos)).select_from(Request)
    since = _pool_given_back(select(*named, literal(0), _total(Entry.amount_nanos)), wallet_of(team_id))
    rows: list[Any] = []
    for query in (now, since):
        rows += (await connection.execute(query.where(asked).group_by(*named))).all()
    return rows


async def _persons(connection: AsyncConnection, team_id: str) -> dict[str, str]:
    """As whom those speak who speak as another one."""
    joined = select(col(Member.id), col(Member.same_as)).where(ACCOUNT_IS_JOINED, col(Member.team_id) == team_id)
    return {row.id: row.same_as for row in await connection.execute(joined)}


async def _sums(
    connection: AsyncConnection, whose: ColumnElement[bool], spans: Sequence[tuple[datetime, datetime]]
) -> list[tuple[int, int]]:
    """How many asks ended in each of these stretches, and what they cost as they stand: one statement for all."""
    each = (
        select(literal(place).label("place"), func.count(), _total(Request.cost_nanos)).where(
            whose, between(ENDED, *span)
        )
        for place, span in enumerate(spans)
    )
    rows = (await connection.execute(union_all(*each))).all()
    return [(asks, int(nanos)) for _, asks, nanos in sorted((tuple(row) for row in rows), key=itemgetter(0))]


def _given_back(team_id: str, whose: ColumnElement[bool]) -> Select[Any]:
    """What was ever given back to a team, each with when its ask ended: few asks."""
    columns: tuple[Any, ...] = (ENDED, col(Entry.amount_nanos))
    return _pool_given_back(select(*columns), wallet_of(team_id)).where(whose)


def _total(column: Any) -> Any:
    return func.coalesce(func.sum(col(column)), 0)


def _pool_given_back(query: Select[Any], wallet: Any) -> Select[Any]:
    """Over what was given back in a wallet, whenever: the transfer, its side of the pool, and its ask."""
    return _on(POOL, of_reversals(query, wallet))


def _on(account: str, query: Select[Any]) -> Select[Any]:
    """With the side that a transfer has on this account."""
    return query.join(Entry, (col(Entry.transfer_id) == Transfer.id) & (col(Entry.account) == account))


def _budget(wallet_id: str, moved: ColumnElement[bool]) -> Select[Any]:
    moved_by = (Transfer.id, Transfer.actor, Transfer.reason, Transfer.reverses, Transfer.at_ms)
    named: tuple[Any, ...] = tuple(map(col, (*moved_by, Entry.amount_nanos)))
    found = _on(POOL, select(*named).select_from(Transfer)).where(col(Transfer.wallet_id) == wallet_id, moved)
    kinds = col(Transfer.kind).in_((TransferKind.TOP_UP, TransferKind.REFUND))
    return found.where(kinds, TRANSFER_IS_NO_SETTLEMENT).order_by(MOVED, col(Transfer.id))


def _movement(row: Any) -> Movement:
    return Movement(row.id, abs(row.amount_nanos), row.actor, row.reason, from_ms(row.at_ms), of=row.reverses)


def _lines(asked: ColumnElement[bool]) -> Select[Any]:
    """What providers took of the pool for asks that were charged. Attempts that failed before took nothing of it."""
    query = select(*_BY_PROVIDER, _total(ReceiptLine.charged_nanos).label("taken")).select_from(Request)
    lines = query.join(ReceiptLine, col(ReceiptLine.request_id) == Request.id)
    return lines.where(asked).group_by(*_BY_PROVIDER)


_BY_PROVIDER: tuple[Any, ...] = (col(ReceiptLine.provider), col(Request.tag))


def _lines_given_back(wallet_id: str, moved: ColumnElement[bool]) -> Select[Any]:
    query = of_reversals(select(*_BY_PROVIDER, _total(ReceiptLine.charged_nanos).label("taken")), wallet_id)
    lines = query.join(ReceiptLine, col(ReceiptLine.request_id) == Request.id)
    return lines.where(moved).group_by(*_BY_PROVIDER)


def _by_provider(rows: Iterable[Any]) -> tuple[SpentOn, ...]:
    found = (SpentOn(row.provider, row.tag, int(row.taken)) for row in rows if row.taken)
    return tuple(sorted(found, key=lambda each: (-each.cost_nanos, each.provider, each.tag)))


def _absorbed(wallet_id: str, moved: ColumnElement[bool]) -> Select[Any]:
    """What the operator paid alone: the transfers in which the pool has no side."""
    paid = _on(OPERATOR, select(-_total(Entry.amount_nanos)).select_from(Transfer))
    alone = (col(Transfer.wallet_id) == wallet_id) & (col(Transfer.kind) == TransferKind.ABSORB)
    return paid.where(alone, TRANSFER_IS_NO_SETTLEMENT, moved)


def _absorbed_of_charges(wallet_id: str, start: datetime, end: datetime) -> Select[Any]:
    """What the operator paid of asks that the team paid too."""
    closed = between(col(Hold.closed_at_ms), start, end) & (col(Hold.charged_nanos) > 0)
    return select(_total(Hold.absorbed_nanos)).where(col(Hold.wallet_id) == wallet_id, closed, HOLD_WAS_ABSORBED)


async def _closing(connection: AsyncConnection, wallet_id: str, asked: ColumnElement[bool], end_ms: int) -> int:
    """What was in the pool at a moment: what is in it now, without what came and went since."""
    now = select(col(Wallet.available_nanos) + col(Wallet.held_nanos)).where(col(Wallet.id) == wallet_id)
    came = _on(POOL, select(_total(Entry.amount_nanos)).select_from(Transfer))
    kinds = col(Transfer.kind).in_((TransferKind.TOP_UP, TransferKind.REFUND, TransferKind.REVERSE))
    came = came.where(col(Transfer.wallet_id) == wallet_id, kinds, TRANSFER_IS_NO_SETTLEMENT, end_ms <= MOVED)
    went = select(_total(Request.cost_nanos)).where(asked, end_ms <= ENDED)
    since = _pool_given_back(select(_total(Entry.amount_nanos)), wallet_id).where(end_ms <= ENDED)
    balance, came_in, went_out, given_back = [await _sum(connection, each) for each in (now, came, went, since)]
    return balance - came_in + went_out + given_back


async def _sum(connection: AsyncConnection, query: Select[Any]) -> int:
    return int((await connection.execute(query)).scalar() or 0)
