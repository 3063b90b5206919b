"""A team with a refill rule on books in memory, and what its tests say to it."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.announcement import REFILL, Notice
from core.errors import ChipinError
from core.notices import Notices
from core.people import Member, Team
from core.periods import Calendar
from core.refill import Refills
from core.rows import CounterRow, WalletRow
from core.top_up_ceiling import TopUpCeiling
from tests.bookkeeping import USD, ask_settled, enrol, month_limit
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople, Noticeboard
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA = Member("anna", TEAM, "Anna", admin=True)
CLEO = Member("cleo", TEAM, "Cleo", admin=True)
BEN = Member("ben", TEAM, "Ben")
RULE = "below 5 add 25 at most 100"


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
        reports, people = MemoryReports(self.books), MemoryPeople(self.books)
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
