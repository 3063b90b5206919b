"""The codes by which accounts come together, through SQLModel."""

from collections.abc import Collection

from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.persons import speaks_as
from adapters.store.tables import Link, Member
from core.operations import LinkState
from core.reports import KnownLink


class StoreLinks:
    """`core.ports.LinkBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, link_id: str) -> KnownLink | None:
        """A code as it stands."""
        async with self._store.snapshot() as session:
            row = (await session.exec(select(Link).where(Link.id == link_id))).one_or_none()
        return None if row is None else _known(row)

    async def agreed(self, member_ids: Collection[str]) -> KnownLink | None:
        """The last code of these members to which the other side has agreed, and whose time is not up."""
        found = (
            select(Link)
            .where(col(Link.member_id).in_(member_ids), Link.state == LinkState.AGREED)
            .where(col(Link.until_ms) > await self._store.now_ms())
            .order_by(col(Link.until_ms).desc())
            .limit(1)
        )
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
        return None if row is None else _known(row)

    async def person(self, member_id: str) -> str:
        """The member as whom one speaks."""
        async with self._store.snapshot() as session:
            found = (await session.exec(select(speaks_as(Member)).where(Member.id == member_id))).one_or_none()
        return str(found or member_id)


def _known(row: Link) -> KnownLink:
    names = KnownLink.__dataclass_fields__
    return KnownLink(**{name: getattr(row, name) for name in names})
