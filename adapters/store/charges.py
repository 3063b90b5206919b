"""What a team was charged, line by line of the receipts, grouped for an export."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlmodel import col

from adapters.store.database import Store
from adapters.store.persons import speaks_as
from adapters.store.reports import to_ms
from adapters.store.tables import (
    REQUEST_IS_SETTLED,
    TRANSFER_IS_NO_SETTLEMENT,
    Member,
    ReceiptLine,
    Request,
    Team,
    Transfer,
)
from core.charges import Charge
from core.ledger.entries import TransferKind

_LINE, _ENDED, _GIVEN_AT = ReceiptLine, col(Request.finished_at_ms), col(Transfer.at_ms)
_GROUP: tuple[Any, ...] = (
    speaks_as(Member).label("member_id"),
    col(_LINE.provider),
    col(_LINE.model),
    col(Request.tag),
)
_ASKS: Any = func.count(func.distinct(col(Request.id))).label("asks")
_INPUT = col(_LINE.input_tokens) + col(_LINE.cache_read_tokens) + col(_LINE.cache_write_tokens)
_CHARGED: Any = func.sum(col(_LINE.charged_nanos)).label("nanos")


class StoreCharges:
    """`core.ports.ChargeBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def charges(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], *, at_most: int
    ) -> tuple[Charge, ...] | None:
        """What came to something in each of these stretches; None where those are more than `at_most`."""
        found: list[Charge] = []
        first_ms = to_ms(spans[0][0]) if spans else 0
        async with self._store.snapshot() as session:
            connection = await session.connection()
            for start, end in spans:
                charged = between(_ENDED, start, end)
                for row in await connection.execute(_used(team_id, charged).limit(at_most + 1)):
                    found.append(_charge(row, start, end))
                given = between(_GIVEN_AT, start, end)
                for row in await connection.execute(_given_back(team_id, given, first_ms).limit(at_most + 1)):
                    found.append(_charge(row, start, end, given_back=True))
                if len(found) > at_most:
                    return None
        return tuple(found)


def _used(team_id: str, ended: ColumnElement[bool]) -> Select[Any]:
    """Of asks that were charged: what the pool paid for, and who answered, also where that cost nothing."""
    answered = (col(_LINE.provider) == col(Request.provider)) & (col(_LINE.model) == col(Request.model))
    output, estimated = (func.sum(col(each)) for each in (_LINE.output_tokens, _LINE.estimated))
    counted = (func.sum(_INPUT).label("input"), output.label("output"), estimated.label("estimated"))
    query = select(*_GROUP, _ASKS, *counted, _CHARGED, literal(0).label("of_earlier")).select_from(Request)
    lines = _with_lines(query).where(col(Request.team_id) == team_id, REQUEST_IS_SETTLED, ended)
    return lines.where((col(_LINE.charged_nanos) > 0) | answered).group_by(*_GROUP).order_by(*_GROUP)


def _given_back(team_id: str, given: ColumnElement[bool], first_ms: int) -> Select[Any]:
    earlier: Any = case((first_ms > _ENDED, 1), else_=0)
    nothing = (literal(0).label(name) for name in ("input", "output", "estimated"))
    wallet = select(col(Team.wallet_id)).where(col(Team.id) == team_id).scalar_subquery()
    query = _reversals(
        select(*_GROUP, _ASKS, *nothing, (-_CHARGED).label("nanos"), earlier.label("of_earlier")), wallet
    )
    lines = _with_lines(query).where(col(Request.team_id) == team_id, given, col(_LINE.charged_nanos) > 0)
    return lines.group_by(*_GROUP, earlier).order_by(*_GROUP, earlier)


def _with_lines(query: Select[Any]) -> Select[Any]:
    lines = query.join(_LINE, col(_LINE.request_id) == Request.id).join(Member, col(Member.id) == Request.member_id)
    return lines.where(is_of_the_last_attempt(_LINE.id))


def _reversals(query: Select[Any], wallet: Any) -> Select[Any]:
    """Over what was given back in a wallet: the transfer and its ask."""
    given_back = (col(Transfer.wallet_id) == wallet) & (col(Transfer.kind) == TransferKind.REVERSE)
    asks = query.select_from(Transfer).join(Request, col(Request.id) == Transfer.request_id)
    return asks.where(given_back, TRANSFER_IS_NO_SETTLEMENT)


def between(moment: Any, start: datetime, end: datetime) -> ColumnElement[bool]:
    """Whether a moment is in a stretch: from its start until before its end."""
    within: ColumnElement[bool] = (moment >= to_ms(start)) & (moment < to_ms(end))
    return within


def is_of_the_last_attempt(made_id: Any) -> ColumnElement[bool]:
    """Whether the id of a line or a transfer is of the attempt at which its ask ended (core/ids.py)."""
    attempt = col(Request.id).concat(".").concat(cast(col(Request.attempt), String)).concat(".")
    of_it: ColumnElement[bool] = func.substr(col(made_id), 1, func.length(attempt)) == attempt
    return of_it


def _charge(row: Any, start: datetime, end: datetime, *, given_back: bool = False) -> Charge:
    """A row as a value. PostgreSQL sums BIGINT to numeric."""
    return Charge(
        start,
        end,
        row.member_id,
        row.provider,
        row.model,
        row.tag,
        asks=int(row.asks),
        input_tokens=int(row.input),
        output_tokens=int(row.output),
        estimated=int(row.estimated),
        cost_nanos=int(row.nanos),
        given_back=given_back,
        of_earlier=bool(row.of_earlier),
    )
