"""A team with two admins on a real store, and what tests say to them about asking for more."""

from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.store.budget_requests import StoreBudgetRequests
from adapters.store.database import Store
from adapters.store.notices import StoreNotices
from adapters.store.policies import StorePolicies
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from core.allowance import Allowances
from core.announcement import Notice
from core.budget_requests import BudgetRequests
from core.errors import ChipinError
from core.events import Shortfall
from core.notices import Notices
from core.operations import Decision, RequestState
from core.people import Identity, Member, Place
from core.rows import BudgetRequestRow, CounterRow, WalletRow
from core.top_up_ceiling import TopUpCeiling
from tests.bookkeeping import claim, conclude, delivered, enrol, rows_of
from tests.fakes import FakeClock, Noticeboard

PLACE = Place("test", "team", "general")
TEAM_PLACES = ("team",)


@dataclass
class House:
    """One process on a store, and the clock by which its database goes."""

    store: Store
    clock: FakeClock
    budget_requests: BudgetRequests
    notices: Notices

    def advance(self, seconds: float) -> None:
        self.store.driver.clock_offset_ms += int(seconds * 1000)
        self.clock.advance(seconds)

    async def member(self, name: str) -> Member:
        found = await StorePeople(self.store).find(Identity("test", "team", name, name))
        assert found is not None
        return found

    async def ask(self, name: str, typed: str = "", reason: str = "", shortfall: Shortfall | None = None) -> str:
        return await self.budget_requests.ask(await self.member(name), PLACE, typed, reason, shortfall)

    async def open(self) -> list[str]:
        return [row.id for row in await rows_of(self.store, BudgetRequestRow) if row.state == "open"]

    async def decide(self, name: str, request: str = "", decision: Decision = Decision.APPROVE) -> str:
        return await self.budget_requests.decide(await self.member(name), request or (await self.open())[0], decision)

    async def said(self, name: str, request: str = "", decision: Decision = Decision.APPROVE) -> str:
        """The same, and why not where it is refused."""
        try:
            return await self.decide(name, request, decision)
        except ChipinError as refused:
            return str(refused)

    async def read(self) -> list[Notice]:
        board = Noticeboard(workspaces=TEAM_PLACES)
        await self.notices.run(board)
        return board.notices

    async def granted(self) -> dict[str, int]:
        return {row.id.split(":")[0]: row.granted for row in await rows_of(self.store, CounterRow) if row.granted}

    async def budget(self) -> int:
        return next(row.available_nanos for row in await rows_of(self.store, WalletRow) if row.id == "wal")


async def house_on(store: Store, ceiling: TopUpCeiling | None = None) -> House:
    clock = FakeClock(datetime.fromtimestamp(await store.now_ms() / 1000, UTC))
    people, reports = StorePeople(store), StoreReports(store, clock)
    allowances = Allowances(StorePolicies(store), reports, clock)
    budget_requests = BudgetRequests(
        store.books,
        StoreBudgetRequests(store),
        people=people,
        allowances=allowances,
        reports=reports,
        clock=clock,
        ceiling=ceiling,
    )
    notices = Notices(
        store.books, StoreNotices(store), people, clock, preferred=StorePreferences(store), reports=reports
    )
    return House(store, clock, budget_requests, notices)


async def team_on(store: Store) -> None:
    for name in ("anna", "ben", "cleo"):
        await store.books.apply(enrol(name, member_id=f"mbr_{name}", admin=name != "ben"))


def wallet_empty(attempt: str = "", nanos: int = 0) -> Shortfall:
    return Shortfall("", "", None, nanos, attempt)


async def refused_ask(house: House, ask: str, member: str = "mbr_ben") -> str:
    """A question of his that got no money, and was read so; returns what a press carries."""
    await house.store.books.apply(claim(ask, member=member))
    await house.store.books.apply(conclude(ask, RequestState.REFUSED))
    await house.store.books.apply(delivered(ask, member_id=member))
    return f"{ask}.1"
