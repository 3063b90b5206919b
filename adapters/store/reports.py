"""What the books tell, through SQLModel on the engine that can only read."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from adapters.store import routing_numbers
from adapters.store.database import Store
from adapters.store.persons import accounts_of, speaks_as
from adapters.store.tables import (
    HOLD_IS_OPEN,
    Counter,
    Hold,
    Identity,
    Kept,
    Request,
    TopUp,
    Wallet,
    Workspace,
)
from adapters.store.tables import Member as MemberTable
from adapters.store.tables import Team as TeamTable
from core.ledger.holding import BY_OPERATOR
from core.moments import from_ms, to_ms
from core.people import AdminBecause, KnownIdentity, Member, Team
from core.people import Identity as PersonIdentity
from core.periods import calendar_from
from core.ports import Clock
from core.quota import Scope, Totals
from core.reports import RoutingReport, TopUpReport, VariantReport, WalletReport
from core.together import beside_from


class StoreReports:
    """`core.ports.Reports` on a store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def wallet(self, wallet_id: str) -> WalletReport:
        """Totals, running asks and pace of one wallet.

        Read from a handful of running totals, whatever the ledger has grown to. A month is the counters' own, by its
        name: where the team's month began some hours before or after the one in UTC, a pace of days does not show it.
        """
        month = (self._clock.now().astimezone(UTC).replace(day=1) - timedelta(days=1)).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        running = select(func.count()).where(Hold.wallet_id == wallet_id, HOLD_IS_OPEN)
        spent = select(func.coalesce(func.sum(Counter.used), 0)).where(
            Counter.wallet_id == wallet_id, Counter.scope == Scope.MEMBER_MONTH, Counter.label >= f"{month:%Y-%m}"
        )
        first_top_up = select(func.min(TopUp.at_ms)).where(TopUp.wallet_id == wallet_id)
        async with self._store.snapshot() as session:
            wallet = (await session.exec(select(Wallet).where(Wallet.id == wallet_id))).one()
            running_asks = (await session.exec(running)).one()
            spent_nanos = int((await session.exec(spent)).one())  # PostgreSQL sums BIGINT to numeric
            first_ms: int | None = (await session.exec(first_top_up)).one()
        since = month if first_ms is None else max(month, from_ms(first_ms))
        return WalletReport(
            available_nanos=wallet.available_nanos,
            held_nanos=wallet.held_nanos,
            running_asks=running_asks,
            spent_nanos=spent_nanos,
            spending_since=since if spent_nanos else None,
        )

    async def counters(self, counter_ids: Collection[str]) -> Mapping[str, Totals]:
        """Those of these counters on which something was counted yet."""
        async with self._store.snapshot() as session:
            rows = (await session.exec(select(Counter).where(col(Counter.id).in_(counter_ids)))).all()
        return {row.id: Totals(row.used, row.held, row.granted, row.limited_to) for row in rows}

    async def top_ups(self, wallet_id: str, at_most: int) -> tuple[TopUpReport, ...]:
        """The newest top-ups, newest first."""
        newest = select(TopUp).where(TopUp.wallet_id == wallet_id).order_by(col(TopUp.at_ms).desc()).limit(at_most)
        async with self._store.snapshot() as session:
            rows = (await session.exec(newest)).all()
        return tuple(TopUpReport(row.id, row.amount_nanos, row.refunded_nanos, from_ms(row.at_ms)) for row in rows)

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        """Every arm of every experiment."""
        return await routing_numbers.variants(self._store, team_id, to_ms(since))

    async def routing(self, team_id: str, since: datetime) -> RoutingReport:
        """What automatic choice came to."""
        return await routing_numbers.routing(self._store, team_id, to_ms(since))


class StoreRequests:
    """`core.ports.Requests` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def stop_requested(self, ask_id: str) -> bool:
        """Whether somebody pressed Stop."""
        async with self._store.snapshot() as session:
            found = (await session.exec(select(Request.stop_requested).where(Request.id == ask_id))).one_or_none()
        return bool(found)

    async def kept_question(self, ask_id: str) -> bytes:
        """The sealed question of an ask; empty once it is erased."""
        async with self._store.snapshot() as session:
            found = (await session.exec(select(Kept.question).where(Kept.id == ask_id))).one_or_none()
        return found or b""


class StorePeople:
    """`core.ports.People` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, identity: PersonIdentity) -> Member | None:
        """The member behind an identity."""
        account = aliased(MemberTable)
        found = (
            select(MemberTable, TeamTable, Identity, account)
            .select_from(Identity)
            .join(account, col(account.id) == Identity.member_id)
            .join(MemberTable, col(MemberTable.id) == speaks_as(account))
            .join(TeamTable, col(TeamTable.id) == MemberTable.team_id)
            .where(Identity.id == identity.key)
        )
        async with self._store.snapshot() as session:
            row = (await session.exec(found)).one_or_none()
            if row is None:
                return None
            accounts = await accounts_of(session, row[0].id) if row[0].counts_with else ()
        member = _member(row[0], team_from(row[1]), row[2])
        return replace(member, seen_as="" if row[3].id == member.id else row[3].display_name, accounts=accounts)

    async def teams(self) -> tuple[Team, ...]:
        """Every team, by name."""
        async with self._store.snapshot() as session:
            rows = (await session.exec(select(TeamTable).order_by(TeamTable.name, TeamTable.id))).all()
        return tuple(map(team_from, rows))

    async def members(self, team: Team) -> tuple[Member, ...]:
        """Everyone of a team, by name; not the forgotten."""
        everyone = select(MemberTable).where(MemberTable.team_id == team.id, MemberTable.forgotten_at_ms == 0)
        everyone = everyone.where(MemberTable.same_as == "")
        everyone = everyone.order_by(MemberTable.display_name)
        async with self._store.snapshot() as session:
            rows = (await session.exec(everyone)).all()
        return tuple(_member(row, team) for row in rows)

    async def names(self, team_id: str, member_ids: Collection[str]) -> Mapping[str, str]:
        """The names of these members, of those who are known."""
        if not member_ids:
            return {}
        known = select(MemberTable.id, MemberTable.display_name).where(
            MemberTable.team_id == team_id, col(MemberTable.id).in_(member_ids), MemberTable.forgotten_at_ms == 0
        )
        async with self._store.snapshot() as session:
            return dict((await session.exec(known)).all())

    async def identities(self, team_id: str) -> tuple[KnownIdentity, ...]:
        """Every identity of a team's members, by its key."""
        theirs = (
            select(Identity, speaks_as(MemberTable))
            .join(MemberTable, col(MemberTable.id) == Identity.member_id)
            .where(MemberTable.team_id == team_id)
            .order_by(Identity.id)
        )
        async with self._store.snapshot() as session:
            rows = (await session.exec(theirs)).all()
        return tuple(KnownIdentity(row.id, whose, bool(row.admin), bool(row.gone)) for row, whose in rows)

    async def workspaces_of(self, platform: str, user: str) -> tuple[str, ...]:
        """The workspaces in which a user is known: of every workspace there is one key to look up."""
        begins = f"{platform}:"
        theirs = (
            select(Workspace.id)
            .join(Identity, col(Identity.id) == col(Workspace.id).concat(f"/{user}"))
            .where(col(Workspace.id).startswith(begins, autoescape=True))
            .order_by(Workspace.id)
        )
        async with self._store.snapshot() as session:
            return tuple(found.removeprefix(begins) for found in (await session.exec(theirs)).all())


def team_from(row: TeamTable) -> Team:
    """A team as its row has it."""
    return Team(
        id=row.id,
        wallet_id=row.wallet_id,
        name=row.name,
        calendar=calendar_from(row.zone, row.zones),
        demo=bool(row.demo),
        frozen=bool(row.frozen),
        frozen_by_operator=row.frozen == BY_OPERATOR,
        part_of=row.part_of,
        made_at=from_ms(row.created_at_ms),
    )


def _member(row: MemberTable, team: Team, identity: Identity | None = None) -> Member:
    because = [AdminBecause.MADE] if row.admin else []
    if identity is not None and identity.admin and not identity.gone:
        because.append(AdminBecause.PLATFORM)
    return Member(
        row.id,
        team,
        row.display_name,
        bool(because) and not row.suspended,
        frozen=bool(row.frozen),
        suspended=bool(row.suspended),
        welcomed=bool(row.welcomed_at_ms),
        joined_at=from_ms(row.created_at_ms),
        because=tuple(because),
        gone=identity is not None and bool(identity.gone),
        frozen_by_operator=row.frozen == BY_OPERATOR,
        counts_with=beside_from(row.counts_with),
    )
