"""Books in memory, and short words for what stands in them."""

from dataclasses import dataclass
from typing import Any, TypeVar

import pytest_asyncio

from core.operations import Operation, Reason, Refused
from core.quota import Limit
from core.rows import KINDS, CounterRow, EntryRow, HoldRow, KeptRow, RequestRow, Row, WalletRow
from tests.bookkeeping import enrol, top_up
from tests.fakes import FakeClock, MemoryBooks

Outcome = TypeVar("Outcome")
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rules on one page, with a clock to move."""

    books: MemoryBooks
    clock: FakeClock

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Do one operation."""
        return await self.books.apply(operation)

    async def refusal(self, operation: Operation[Any]) -> Reason:
        """Why an operation is refused; it must be, and it must leave no trace."""
        before = self.everything()
        outcome = await self.apply(operation)
        assert isinstance(outcome, Refused), outcome
        assert self.everything() == before
        return outcome.reason

    def everything(self) -> list[Row]:
        """Every row there is."""
        return [row for kind in KINDS for row in self.books.rows(kind)]

    def one(self, kind: type[R], row_id: str) -> R:
        """The row of that id."""
        return next(row for row in self.books.rows(kind) if row.id == row_id)

    @property
    def wallet(self) -> tuple[int, int]:
        """What is available, and what is held."""
        row = self.one(WalletRow, "wal")
        return row.available_nanos, row.held_nanos

    def counter(self, limit: Limit) -> tuple[int, int]:
        """What is used of a limit, and what is held."""
        row = self.one(CounterRow, limit.counter_id)
        return row.used, row.held

    def hold(self, ask: str, attempt: int = 1) -> HoldRow:
        """The hold of an attempt."""
        return self.one(HoldRow, f"{ask}.{attempt}.hold")

    def request(self, ask: str) -> RequestRow:
        """The ask's own row."""
        return self.one(RequestRow, ask)

    def kept(self, ask: str) -> KeptRow:
        """What is kept of its text."""
        return self.one(KeptRow, ask)

    def account(self, name: str) -> int:
        """What an account comes to."""
        return sum(row.amount_nanos for row in self.books.rows(EntryRow) if row.account == name)

    def transfer(self, transfer_id: str) -> dict[str, int]:
        """What a transfer moved, by account."""
        entries = [row for row in self.books.rows(EntryRow) if row.transfer_id == transfer_id]
        return {row.account: row.amount_nanos for row in entries}


@pytest_asyncio.fixture
async def ledger() -> Ledger:
    """The books of a team with a wallet of 100 nano-dollars."""
    clock = FakeClock()
    books = MemoryBooks(clock)
    await books.apply(enrol())
    await books.apply(top_up("budget", 100))
    return Ledger(books, clock)
