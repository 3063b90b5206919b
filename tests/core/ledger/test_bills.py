"""What providers bill, as pure rules: the newest counts, what stood before is known, and no money moves."""

import pytest

from core.money import MAX_TOTAL_NANOS
from core.operations import BillRecorded, Reason
from core.rows import BillActRow, BillRow, EntryRow
from tests.billing import bill
from tests.core.ledger.conftest import Ledger


async def test_a_correction_takes_the_place_of_a_bill_and_both_stay_known(ledger: Ledger) -> None:
    before = ledger.books.rows(EntryRow)
    assert await ledger.apply(bill("first", 100, reason="invoice 7")) == BillRecorded(before_nanos=None)
    assert await ledger.apply(bill("second", 90, reason="credit note")) == BillRecorded(before_nanos=100)
    assert [(row.id, row.provider, row.month, row.total_nanos) for row in ledger.books.rows(BillRow)] == [
        ("acme:2026-11", "acme", "2026-11", 90)
    ]
    assert [
        (row.actor, row.words, row.corrects, row.before_nanos, row.total_nanos) for row in ledger.books.rows(BillActRow)
    ] == [("operator", "invoice 7", 0, 0, 100), ("operator", "credit note", 1, 100, 90)]
    assert ledger.books.rows(EntryRow) == before


async def test_the_same_again_is_no_correction(ledger: Ledger) -> None:
    await ledger.apply(bill("first"))
    assert await ledger.refusal(bill("second")) is Reason.UNCHANGED
    assert len(ledger.books.rows(BillActRow)) == 1


async def test_months_and_providers_are_billed_apart(ledger: Ledger) -> None:
    for each in (bill("a"), bill("b", month="2026-10"), bill("c", provider="other")):
        assert await ledger.apply(each) == BillRecorded(before_nanos=None)
    assert len(ledger.books.rows(BillRow)) == 3


@pytest.mark.parametrize("nanos", [-1, MAX_TOTAL_NANOS + 1])
async def test_what_is_no_amount_is_refused(ledger: Ledger, nanos: int) -> None:
    assert await ledger.refusal(bill("bill", nanos)) is Reason.TOO_MUCH
    assert ledger.books.rows(BillRow) == []


async def test_nothing_is_billed_too(ledger: Ledger) -> None:
    await ledger.apply(bill("first", 0))
    assert await ledger.apply(bill("second", 5)) == BillRecorded(before_nanos=0)
