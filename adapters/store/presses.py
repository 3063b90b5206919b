"""What buttons stand for, through SQLModel."""

from sqlmodel import select

from adapters.store.database import Store
from adapters.store.tables import KeptPress
from core.ledger.presses import has_lapsed


class StorePresses:
    """`core.ports.PressBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def kept(self, team_id: str, press_id: str) -> bytes:
        """What is kept under this id in this team."""
        now_ms = await self._store.now_ms()
        found = select(KeptPress).where(KeptPress.id == press_id, KeptPress.team_id == team_id)
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
        return b"" if row is None or has_lapsed(row.erase_after_ms, now_ms) else row.sealed
