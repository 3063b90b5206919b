"""Recording a provider's bill: nonsense is refused in a sentence, and what is recorded is compared with all teams."""

from datetime import UTC, datetime

import pytest

from core.bills import Bills
from core.errors import BadInput
from core.operations import BillRecorded
from core.rows import BillActRow, BillRow
from tests.bookkeeping import ask_settled, enrol, top_up
from tests.fakes import FakeClock, MemoryBooks
from tests.memory_charges import MemoryBills

KNOWN = frozenset({"acme", "openai"})


async def office() -> tuple[MemoryBooks, Bills]:
    clock = FakeClock(datetime(2026, 11, 21, 12, tzinfo=UTC))
    books = MemoryBooks(clock)
    for operation in (enrol(), top_up("budget", 100)):
        await books.apply(operation)
    await ask_settled(books, "ask", 40, 30)
    return books, Bills(books, MemoryBills(books), clock)


async def test_a_bill_is_compared_with_what_the_books_say_and_may_be_corrected() -> None:
    books, bills = await office()
    compared, done = await bills.record("Acme", "2026-11", "0.00000004", "invoice 7", known=KNOWN)
    assert (compared.provider, compared.billed_nanos, compared.booked_nanos, compared.drift_nanos) == (
        *("acme", 40),
        *(30, 10),
    )
    assert done == BillRecorded(before_nanos=None)
    assert (await bills.record("acme", "2026-11", "0.00000003", "", known=KNOWN))[1] == BillRecorded(before_nanos=40)
    assert (await bills.record("acme", "2026-11", "0.00000003", "", known=KNOWN))[1] is None
    acts = {(row.actor, row.before_nanos, row.words) for row in books.rows(BillActRow)}  # their ids are of chance
    assert acts == {("operator", 0, "invoice 7"), ("operator", 40, "")}
    assert [(each.month, each.drift_nanos) for each in await bills.newest()] == [("2026-11", 0)]


@pytest.mark.parametrize(
    ("provider", "month", "amount", "says"),
    [
        ("nobody", "2026-11", "5", 'There is no provider "nobody". There is: acme, openai. Nothing was recorded.'),
        ("", "2026-11", "5", "There is no provider"),
        ("acme", "2026-13", "5", "is not a month"),
        ("acme", "november", "5", "is not a month"),
        ("acme", "2026-11-01", "5", "is not a month"),
        ("acme", "2026-12", "5", "has not begun yet"),
        ("acme", "2026-11", "-5", "cannot be negative"),
        ("acme", "2026-11", "5 euros", "not an amount"),
        ("acme", "2026-11", "1e3", "not an amount"),
        ("acme", "2026-11", "0.0000000001", "not an amount"),
        ("acme", "2026-11", "", "No amount given"),
    ],
)
async def test_nonsense_is_refused_and_nothing_is_recorded(provider: str, month: str, amount: str, says: str) -> None:
    books, bills = await office()
    with pytest.raises(BadInput) as refused:
        await bills.record(provider, month, amount, "", known=KNOWN)
    assert says in str(refused.value)
    assert books.rows(BillRow) == []


async def test_of_many_months_the_last_three_are_told_newest_first() -> None:
    _, bills = await office()
    for month in ("2026-08", "2026-10", "2026-09", "2026-11"):
        await bills.record("acme", month, "5", "", known=KNOWN)
    assert [each.month for each in await bills.newest()] == ["2026-11", "2026-10", "2026-09"]
