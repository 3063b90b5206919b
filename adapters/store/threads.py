"""What was asked in a thread of a chat, through SQLModel."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.tables import REQUEST_IS_IN_A_THREAD, Request
from core.operations import RequestState
from core.people import Place


class StoreThreads:
    """`core.ports.ThreadBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answered_for(self, place: Place) -> str:
        """The id of the team that was answered there last."""
        found = (
            select(Request.team_id)
            .where(_in(place), Request.state == RequestState.SETTLED)
            .order_by(col(Request.started_at_ms).desc())
            .limit(1)
        )
        async with self._store.snapshot() as session:
            return (await session.exec(found)).one_or_none() or ""

    async def running(self, place: Place) -> tuple[str, ...]:
        """The ids of the asks there that are running."""
        found = select(Request.id).where(_in(place), Request.state == RequestState.RUNNING)
        async with self._store.snapshot() as session:
            return tuple((await session.exec(found.order_by(col(Request.id)))).all())


def _in(place: Place) -> ColumnElement[bool]:
    return and_(
        REQUEST_IS_IN_A_THREAD,
        col(Request.channel) == place.channel,
        col(Request.thread) == place.thread,
        col(Request.platform) == place.platform,
        col(Request.workspace) == place.workspace,
    )
