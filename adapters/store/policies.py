"""The team's rules as they are set, through SQLModel."""

from collections.abc import Collection

from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.tables import Policy as PolicyTable
from core.ledger.policy_rows import policy_from
from core.policy import Policy, policy_id


class StorePolicies:
    """`core.ports.Policies` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, team_id: str, targets: Collection[str]) -> tuple[Policy, ...]:
        """What is set for these targets of a team, as far as anything is."""
        ids = [policy_id(team_id, target) for target in targets]
        async with self._store.snapshot() as session:
            rows = (await session.exec(select(PolicyTable).where(col(PolicyTable.id).in_(ids)))).all()
        return tuple(policy_from(row.target, row.entries) for row in rows)

    async def all(self, team_id: str) -> tuple[Policy, ...]:
        """Everything that is set in a team, by target."""
        everything = select(PolicyTable).where(PolicyTable.team_id == team_id).order_by(PolicyTable.target)
        async with self._store.snapshot() as session:
            rows = (await session.exec(everything)).all()
        return tuple(policy_from(row.target, row.entries) for row in rows)
