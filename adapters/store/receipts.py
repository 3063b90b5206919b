"""Asks with their receipts, through SQLModel."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from adapters.store.database import Store
from adapters.store.tables import ReceiptLine, Request
from core.ids import attempt_id
from core.moments import from_ms
from core.people import Place
from core.policy import Tagged
from core.prices import Usage
from core.receipt import BookedAsk, PricedLine
from core.rows.requests import NOT_REPORTED


class StoreReceipts:
    """`core.ports.ReceiptBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, team_id: str, ask_id: str) -> BookedAsk | None:
        """An ask of this team with the lines of its receipt."""
        asked = select(Request).where(Request.id == ask_id, Request.team_id == team_id)
        lines = select(ReceiptLine).where(ReceiptLine.request_id == ask_id).order_by(col(ReceiptLine.id))
        async with self._store.snapshot() as session:
            request = (await session.exec(asked)).one_or_none()
            if request is None:
                return None
            rows = (await session.exec(lines)).all()
        of_attempt = f"{attempt_id(ask_id, request.attempt)}."
        return _booked(request, tuple(_line(row) for row in rows if row.id.startswith(of_attempt)))

    async def newest(self, team_id: str, member_ids: Collection[str], at_most: int) -> tuple[BookedAsk, ...]:
        """The last asks of these members together, the newest first: of each by its index."""
        async with self._store.snapshot() as session:
            rows = [row for each in member_ids for row in (await session.exec(_newest(team_id, each, at_most))).all()]
        newest = sorted(rows, key=lambda row: (row.started_at_ms, row.id), reverse=True)
        return tuple(_booked(row) for row in newest[:at_most])


def _newest(team_id: str, member_id: str, at_most: int) -> SelectOfScalar[Request]:
    return (
        select(Request)
        .where(Request.member_id == member_id, Request.team_id == team_id)
        .order_by(col(Request.started_at_ms).desc(), col(Request.id).desc())
        .limit(at_most)
    )


def _booked(row: Request, lines: tuple[PricedLine, ...] = ()) -> BookedAsk:
    return BookedAsk(
        ask_id=row.id,
        member_id=row.member_id,
        place=Place(row.platform, row.workspace, row.channel, row.thread),
        at=from_ms(row.started_at_ms),
        state=row.state,
        ending=row.ending,
        provider=row.provider,
        model=row.model,
        why=row.why,
        charged_nanos=row.cost_nanos,
        estimated=bool(row.estimated),
        lines=lines,
        tagged=Tagged(row.tag, row.tag_by),
    )


def _line(row: ReceiptLine) -> PricedLine:
    return PricedLine(
        provider=row.provider,
        model=row.model,
        usage=Usage(
            input_tokens=row.input_tokens,
            cache_read_tokens=row.cache_read_tokens,
            cache_write_tokens=row.cache_write_tokens,
            output_tokens=row.output_tokens,
            reasoning_tokens=row.reasoning_tokens,
        ),
        cost_nanos=row.cost_nanos,
        charged_nanos=row.charged_nanos,
        estimated=bool(row.estimated),
        step=row.step,
        reported_nanos=None if row.reported_nanos == NOT_REPORTED else row.reported_nanos,
    )
