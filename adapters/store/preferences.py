"""What members and teams like to have, through SQLModel."""

from collections.abc import Mapping

from sqlmodel import select

from adapters.store.database import Store
from adapters.store.tables import Preference
from core.preferred import preferred_from


class StorePreferences:
    """`core.ports.PreferenceBooks` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, team_id: str, owner: str) -> Mapping[str, str]:
        """What somebody set, by name."""
        found = select(Preference).where(Preference.id == owner, Preference.team_id == team_id)
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
        return {} if row is None else preferred_from(row.entries)
