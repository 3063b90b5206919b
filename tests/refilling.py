"""A team with a refill rule on books in memory, and what its tests say to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from core.announcement import REFILL, Notice
from core.errors import ChipinError
from core.notices import Notices
from core.people import Member, Team
from core.periods import Calendar
from core.ports import Reports
from core.quota import Totals
from core.refill import Refills
from core.reports import TopUpReport, WalletReport
from core.rows import CounterRow, TopUpRow, WalletRow
from core.top_up_ceiling import TopUpCeiling
from tests.bookkeeping import USD, ask_settled, enrol, month_limit
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople, Noticeboard
from tests.memory import MemoryNotices, MemoryPreferences

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA = Member("anna", TEAM, "Anna", admin=True)
CLEO = Member("cleo", TEAM, "Cleo", admin=True)
BEN = Member("ben", TEAM, "Ben")
RULE = "below 5 add 25 at most 100"


@dataclass
class MemoryReports:
    """The reports that budget needs, read from books in memory."""

    books: MemoryBooks

    async def wallet(self, wallet_id: str) -> WalletReport:
        row = next(row for row in self.books.rows(WalletRow) if row.id == wallet_id)
        return WalletReport(row.available_nanos, row.held_nanos, 0, 0, None)

    async def top_ups(self, wallet_id: str, at_most: int) -> tuple[TopUpReport, ...]:
        rows = [row for row in self.books.rows(TopUpRow) if row.wallet_id == wallet_id]
        newest = sorted(rows, key=lambda row: row.at_ms, reverse=True)[:at_most]
        return tuple(
            TopUpReport(row.id, row.amount_nanos, row.refunded_nanos, datetime.fromtimestamp(row.at_ms / 1000, UTC))
            for row in newest
        )

    async def counters(self, counter_ids: Collection[str]) -> Mapping[str, Totals]:
        rows = (row for row in self.books.rows(CounterRow) if row.id in counter_ids)
        return {row.id: Totals(row.used, row.held) for row in rows}


@dataclass
class House:
    """Anna and Cleo are admins, Ben is none; the wallet has what was recorded, less what `spend` took."""

    ceiling: TopUpCeiling = field(default_factory=TopUpCeiling)
    clock: FakeClock = field(default_factory=FakeClock)
    books: MemoryBooks = field(init=False)
    refills: Refills = field(init=False)
    notices: Notices = field(init=False)
    spent: int = 0

    def __post_init__(self) -> None:
        self.books = MemoryBooks(self.clock)
        reports, people = cast(Reports, MemoryReports(self.books)), MemoryPeople(self.books)
        preferred = MemoryPreferences(self.books)
        self.refills = Refills(self.books, reports, people, preferred=preferred, clock=self.clock, ceiling=self.ceiling)
        self.notices = Notices(
            self.books, MemoryNotices(self.books, self.clock), people, self.clock, preferred=preferred, reports=reports
        )

    async def begin(self) -> None:
        for name in ("anna", "ben", "cleo"):
            await self.books.apply(enrol(name, admin=name != "ben"))
        await self.books.apply(month_limit("enough", 9_000 * USD))

    async def spend(self, usd: int) -> None:
        self.spent += 1
        await ask_settled(self.books, f"ask-{self.spent}", usd * USD, usd * USD)

    async def round(self) -> list[Notice]:
        """What admins read of the rule after one more round, a little later."""
        self.clock.advance(30)
        await self.refills.run()
        board = Noticeboard(workspaces=("team",))
        await self.notices.run(board)
        return [notice for notice in board.notices if notice.kind == REFILL]

    async def press(self, admin: Member, notice: Notice) -> str:
        """What they read then."""
        self.clock.advance(1)
        try:
            done = await self.refills.press(admin, notice.refill)
        except ChipinError as refused:
            return str(refused)
        return "again" if done.again else "added"

    @property
    def balance(self) -> int:
        """In whole dollars."""
        (wallet,) = self.books.rows(WalletRow)
        return (wallet.available_nanos + wallet.held_nanos) // USD

    @property
    def refilled(self) -> dict[str, int]:
        """Whole dollars by month."""
        rows = (row for row in self.books.rows(CounterRow) if row.scope == "team_month_refilled")
        return {row.label: row.used // USD for row in rows}


async def house(ceiling: TopUpCeiling | None = None) -> House:
    made = House(ceiling or TopUpCeiling())
    await made.begin()
    return made
