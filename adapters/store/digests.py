"""What a digest needs of the books beside what was spent, through SQLModel on the engine that can only read."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from adapters.store.charged import ENDED, between
from adapters.store.database import Store
from adapters.store.tables import REQUEST_IS_SETTLED, Digest, Notice, Request
from core.announcement import DIGEST, notice_id
from core.digest.savings import AutomaticChoice, Chosen
from core.digest.weeks import ToldWeek
from core.models import AUTO
from core.moments import from_ms

_SUMMED = (col(Request.cost_nanos), col(Request.input_tokens), col(Request.output_tokens))


class StoreDigests:
    """`core.ports.DigestBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def last(self, team_id: str) -> ToldWeek | None:
        """The newest week that a team was told of."""
        newest = (
            select(col(Digest.label), col(Digest.end_ms), col(Digest.weeks), col(Digest.at_ms))
            .where(col(Digest.team_id) == team_id)
            .order_by(col(Digest.label).desc())
            .limit(1)
        )
        async with self._store.snapshot() as session:
            connection = await session.connection()
            week = (await connection.execute(newest)).one_or_none()
            if week is None:
                return None
            label, end_ms, weeks, at_ms = week
            notice = col(Notice.id) == notice_id(DIGEST, team_id, label)
            told_ms = (await connection.execute(select(col(Notice.delivered_at_ms)).where(notice))).scalar()
        return ToldWeek(label, from_ms(end_ms), weeks, from_ms(at_ms), from_ms(told_ms) if told_ms else None)

    async def chosen(self, team_id: str, start: datetime, end: datetime) -> AutomaticChoice:
        """What was chosen automatically, of the charged asks that ended within this time."""
        ended = (
            col(Request.team_id) == team_id,
            REQUEST_IS_SETTLED,
            between(ENDED, start, end),
        )
        by_model = (
            select(col(Request.model), col(Request.needed_tier), func.count(), *map(func.sum, _SUMMED))
            .where(*ended, col(Request.route) == AUTO)
            .group_by(col(Request.model), col(Request.needed_tier))
            .order_by(col(Request.model), col(Request.needed_tier))
        )
        bettered = select(func.coalesce(func.sum(col(Request.cost_nanos)), 0)).where(
            *ended, col(Request.improves) != ""
        )
        async with self._store.snapshot() as session:
            connection = await session.connection()
            rows = (await connection.execute(by_model)).all()
            bettered_nanos = int((await connection.execute(bettered)).scalar_one())  # PostgreSQL sums to numeric
        chosen = (Chosen(model, tier, asks, *map(int, sums)) for model, tier, asks, *sums in rows)
        return AutomaticChoice(tuple(chosen), bettered_nanos)
