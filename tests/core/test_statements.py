"""The month's books equal the ledger to the nano-dollar, and only admins read them."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.csv_safe import BYTE_ORDER_MARK
from core.errors import BadInput, NotAllowed
from core.month_books import sums_of
from core.people import Member, Team
from core.periods import Calendar
from core.rows import EntryRow, TransferRow
from core.statements import Statements
from core.text.focus_csv import focus_csv
from core.text.statement_csv import statement_csv
from tests.billing import bill
from tests.bookkeeping import ask_settled, claim, enrol, hold, line, refund, reverse, settle, top_up
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople
from tests.memory_charges import MemoryBills, MemoryCharges
from tests.memory_spending import MemorySpending

OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
MONTHS = ("2026-10", "2026-11", "2026-12")


class Office:
    """A team in New York and its statements, from October on."""

    def __init__(self) -> None:
        self.clock = FakeClock(OCTOBER)
        self.books = MemoryBooks(self.clock)
        people = MemoryPeople(self.books)
        ports = MemorySpending(self.books), MemoryCharges(self.books), MemoryBills(self.books)
        self.statements = Statements(*ports, people=people, models=lambda: (), clock=self.clock)
        self.team = Team("team", "wal", "Team", NEW_YORK)
        self.anna = Member("anna", self.team, "Anna", admin=True)

    async def open(self) -> "Office":
        for operation in (enrol("anna", zone="America/New_York"), enrol("ben"), top_up("budget", 10_000)):
            await self.books.apply(operation)
        return self

    def pool(self, start: datetime, end: datetime) -> int:
        """What the pool's entries of this stretch sum to: the ledger itself."""
        stretch = range(int(start.timestamp() * 1000), int(end.timestamp() * 1000))
        moved = {row.id for row in self.books.rows(TransferRow) if row.at_ms in stretch}
        entries = (row for row in self.books.rows(EntryRow) if row.transfer_id in moved and row.account == "pool")
        return sum(row.amount_nanos for row in entries)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "ask", "top_up", "refund", "reverse", "wait", "wait"]),
        st.integers(min_value=1, max_value=400),
        st.integers(min_value=0, max_value=9),
    ),
    max_size=25,
)


async def live(office: Office, acts: list[tuple[str, int, int]]) -> None:
    """Some months of a team: asks, budget in and out, charges that are given back, sometimes months later."""
    asks: list[str] = []
    budgets = ["budget"]
    for number, (what, amount, which) in enumerate(acts):
        match what:
            case "ask":
                asks.append(f"ask{number}")
                member = "ben" if which % 2 else "anna"
                await office.books.apply(claim(asks[-1], member=member))
                await office.books.apply(hold(asks[-1], amount))
                await office.books.apply(settle(asks[-1], line(amount)))
            case "top_up":
                budgets.append(f"top{number}")
                await office.books.apply(top_up(budgets[-1], amount))
            case "refund":
                await office.books.apply(refund(f"back{number}", budgets[which % len(budgets)]))
            case "reverse" if asks:
                await office.books.apply(reverse(asks[which % len(asks)], id=f"reverse{number}"))
            case _:
                office.clock.advance(amount * 20_000)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_statement_and_export_equal_the_ledger_to_the_nano_dollar(acts: list[tuple[str, int, int]]) -> None:
    async def told() -> None:
        office = await Office().open()
        await live(office, acts)
        office.clock.advance(70 * 86_400)
        before = None
        for label in MONTHS:
            books = await office.statements.month(office.anna, label)
            exact = sums_of(books.movements)
            start, end = books.span.start, books.span.end
            long_ago = datetime(2000, 1, 1, tzinfo=UTC)
            assert exact.opening == office.pool(long_ago, start)
            assert exact.closing == office.pool(long_ago, end)
            assert exact.opening + exact.topped_up - exact.taken_back + exact.given_back - exact.spent == exact.closing
            assert before in (None, exact.opening)
            before = exact.closing
            export = await office.statements.export(office.anna, label)
            assert sum(row.cost_nanos for row in export.charges) == exact.spent - exact.given_back
            assert column("".join(focus_csv(export)), "BilledCost") == exact.spent - exact.given_back
            assert column(statement_csv(books), "Amount in USD", yes="In the sum") == exact.closing

    asyncio.run(told())


def column(text: str, name: str, *, yes: str = "") -> int:
    """What a column of a file sums to, in nano-dollars; of rows that say yes in another one."""
    rows = csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
    return sum(int(row[name].replace(".", "")) for row in rows if not yes or row[yes] == "yes")


async def test_a_month_is_the_teams_own() -> None:
    office = await Office().open()
    office.clock.advance((datetime(2026, 11, 1, 3, 59, tzinfo=UTC) - OCTOBER).total_seconds())
    await ask_settled(office.books, "october", 30, 30)
    office.clock.advance(60)
    await ask_settled(office.books, "november", 20, 20)
    october, november = [await office.statements.month(office.anna, label) for label in ("last", "")]
    assert (sums_of(october.movements).spent, sums_of(november.movements).spent) == (30, 20)
    assert (october.span.label, october.so_far, november.so_far) == ("2026-10", False, True)
    assert october.span.end == november.span.start == datetime(2026, 11, 1, 4, tzinfo=UTC)


async def test_days_of_an_export_are_the_teams_own() -> None:
    office = await Office().open()
    for day in (0, 1):
        await ask_settled(office.books, f"ask{day}", 30, 30)
        office.clock.advance(86_400)
    first, second = (await office.statements.export(office.anna, "")).charges
    assert (first.start, first.end) == (datetime(2026, 10, 20, 4, tzinfo=UTC), datetime(2026, 10, 21, 4, tzinfo=UTC))
    assert (second.start, second.end) == (first.end, datetime(2026, 10, 22, 4, tzinfo=UTC))


async def test_too_many_days_are_told_by_month_and_too_much_is_left_to_the_operator() -> None:
    office = await Office().open()
    for day in range(3):
        await ask_settled(office.books, f"ask{day}", 30, 30)
        office.clock.advance(86_400)
    by_month = await office.statements.export_of(office.team, "", at_most=2)
    assert ([each.asks for each in by_month.charges], by_month.by_day) == ([3], False)
    assert (await office.statements.export_of(office.team, "", at_most=3)).by_day
    with pytest.raises(BadInput, match=r"python -m bot export --csv --team team --month 2026-10"):
        await office.statements.export_of(office.team, "", at_most=0)


async def test_before_the_first_top_up_there_is_nothing_and_a_month_to_come_is_none() -> None:
    office = await Office().open()
    september = await office.statements.month(office.anna, "2026-09")
    assert sums_of(september.movements).closing == 0
    for typed, says in (("2026-12", "has not begun"), ("13", "not a month"), ("2026-13", "not a month")):
        with pytest.raises(BadInput, match=says):
            await office.statements.month(office.anna, typed)


async def test_only_admins_read_them() -> None:
    office = await Office().open()
    ben = replace(office.anna, id="ben", admin=False)
    for asked in (office.statements.month, office.statements.export):
        with pytest.raises(NotAllowed, match="Only admins"):
            await asked(ben, "")


async def test_names_are_as_they_are_now() -> None:
    office = await Office().open()
    books = await office.statements.month(office.anna, "")
    assert books.names == {"anna": "Anna"}
    await ask_settled(office.books, "ask", 30, 30)
    office.clock.advance(1)
    assert (await office.statements.export(office.anna, "")).names.members == {"anna": "Anna"}


@pytest.mark.parametrize(("others", "told"), [([], 1), ([{"team": "others", "wallet": "wal2"}], 0)])
async def test_a_bill_is_told_where_nobody_elses_asks_are_in_it(others: list[dict[str, Any]], told: int) -> None:
    office = await Office().open()
    for fields in others:
        await office.books.apply(enrol("zoe", **fields))
    await office.books.apply(bill("bill", 40, month="2026-10"))
    await ask_settled(office.books, "ask", 30, 30)
    office.clock.advance(timedelta(days=1).total_seconds())
    bills = (await office.statements.month(office.anna, "")).bills
    assert [(each.provider, each.billed_nanos, each.booked_nanos) for each in bills] == [("acme", 40, 30)] * told
