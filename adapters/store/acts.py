"""Administrative acts, newest first, through SQLModel."""

from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.reports import team_from
from adapters.store.tables import Act as ActTable
from adapters.store.tables import Request
from adapters.store.tables import Team as TeamTable
from core.moments import from_ms
from core.people import Team
from core.reports import Act


class StoreActs:
    """`core.ports.Acts` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def newest(self, team_id: str, at_most: int) -> tuple[Act, ...]:
        """The newest, newest first."""
        acts = select(ActTable).where(ActTable.team_id == team_id)
        newest = acts.order_by(col(ActTable.at_ms).desc(), col(ActTable.id).desc()).limit(at_most)
        async with self._store.snapshot() as session:
            rows = (await session.exec(newest)).all()
        return tuple(map(_act, rows))

    async def last(self, team_id: str, kind: str, subject: str) -> Act | None:
        """The newest of a kind about somebody or the team."""
        acts = select(ActTable).where(ActTable.team_id == team_id, ActTable.kind == kind, ActTable.subject == subject)
        newest = acts.order_by(col(ActTable.at_ms).desc(), col(ActTable.id).desc()).limit(1)
        async with self._store.snapshot() as session:
            row = (await session.exec(newest)).one_or_none()
        return None if row is None else _act(row)


class StoreWhoseAsks:
    """`core.ports.WhoseAsks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def team_of(self, ask_id: str) -> Team | None:
        """The team whose ask it is."""
        found = select(TeamTable).join(Request, col(Request.team_id) == TeamTable.id).where(Request.id == ask_id)
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
        return None if row is None else team_from(row)


def _act(row: ActTable) -> Act:
    return Act(row.actor, row.kind, row.subject, row.words, row.amount_nanos, from_ms(row.at_ms))
