"""The codes by which accounts come together, through SQLModel."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select

from adapters.store.database import Store
from adapters.store.persons import speaks_as
from adapters.store.tables import BudgetRequest, Counter, KeptPress, Link, Member, Policy, Workspace
from core.operations import LinkKind, LinkState
from core.people import Team
from core.quota import Scope
from core.reports import Belongings, KnownLink


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
        return await self._agreed(col(Link.member_id).in_(member_ids), LinkKind.PEOPLE)

    async def agreed_by_team(self, team_id: str) -> KnownLink | None:
        """The same of a code for teams."""
        return await self._agreed(col(Link.team_id) == team_id, LinkKind.TEAMS)

    async def _agreed(self, whose: Any, kind: LinkKind) -> KnownLink | None:
        found = (
            select(Link)
            .where(whose, Link.kind == kind, Link.state == LinkState.AGREED)
            .where(col(Link.until_ms) > await self._store.now_ms())
            .order_by(col(Link.until_ms).desc())
            .limit(1)
        )
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
        return None if row is None else _known(row)

    async def belongings(self, team: Team) -> Belongings:
        """What is a team's."""
        counted = select(Counter.id).where(
            Counter.wallet_id == team.wallet_id,
            col(Counter.scope).not_in((Scope.TEAM_MONTH_TOPPED_UP, Scope.TEAM_MONTH_REFILLED)),
        )
        wished = select(BudgetRequest.id).where(BudgetRequest.team_id == team.id)
        async with self._store.snapshot() as session:
            lives = [(await session.exec(query.limit(1))).one_or_none() for query in (counted, wished)]
            members = (await session.exec(select(Member.id).where(Member.team_id == team.id))).all()
            places = (await session.exec(select(Workspace.id).where(Workspace.team_id == team.id))).all()
            targets = (await session.exec(select(Policy.target).where(Policy.team_id == team.id))).all()
            presses = (await session.exec(select(KeptPress.id).where(KeptPress.team_id == team.id))).all()
        has_lived = any(each is not None for each in lives)
        return Belongings(tuple(members), tuple(places), tuple(targets), tuple(presses), has_lived)

    async def person(self, member_id: str) -> str:
        """The member as whom one speaks."""
        async with self._store.snapshot() as session:
            found = (await session.exec(select(speaks_as(Member)).where(Member.id == member_id))).one_or_none()
        return str(found or member_id)


def _known(row: Link) -> KnownLink:
    names = KnownLink.__dataclass_fields__
    return KnownLink(**{name: getattr(row, name) for name in names})
