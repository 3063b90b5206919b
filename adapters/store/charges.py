"""What a team was charged, line by line of the receipts, grouped for an export."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlmodel import col

from adapters.store.charged import ENDED, MOVED, between, is_of_the_last_attempt, of_reversals, wallet_of
from adapters.store.database import Store
from adapters.store.persons import speaks_as
from adapters.store.tables import (
    REQUEST_IS_SETTLED,
    Member,
    ReceiptLine,
    Request,
)
from core.charges import Charge
from core.moments import to_ms

_LINE = ReceiptLine
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
                charged = between(ENDED, start, end)
                for row in await connection.execute(_used(team_id, charged).limit(at_most + 1)):
                    found.append(_charge(row, start, end))
                given = between(MOVED, start, end)
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
    earlier: Any = case((first_ms > ENDED, 1), else_=0)
    nothing = (literal(0).label(name) for name in ("input", "output", "estimated"))
    columns = (*_GROUP, _ASKS, *nothing, (-_CHARGED).label("nanos"), earlier.label("of_earlier"))
    query = of_reversals(select(*columns), wallet_of(team_id))
    lines = _with_lines(query).where(col(Request.team_id) == team_id, given, col(_LINE.charged_nanos) > 0)
    return lines.group_by(*_GROUP, earlier).order_by(*_GROUP, earlier)


def _with_lines(query: Select[Any]) -> Select[Any]:
    lines = query.join(_LINE, col(_LINE.request_id) == Request.id).join(Member, col(Member.id) == Request.member_id)
    return lines.where(is_of_the_last_attempt(_LINE.id))


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
