"""What providers bill the operator: noted beside the ledger, which it does not move."""

from core.columns import changed
from core.money import MAX_TOTAL_NANOS
from core.operations import BillRecorded, Reason, RecordBill, Refused
from core.page import Page, Wanted
from core.rows import BillActRow, BillRow, Row


def bill_id(provider: str, month: str) -> str:
    """The row of a provider's bill for a month."""
    return f"{provider}:{month}"


def record_bill(op: RecordBill, page: Page, now_ms: int) -> tuple[BillRecorded | Refused, list[Row]]:
    """Note it in the place of what was noted before, and who did."""
    known = page.get(BillRow, bill_id(op.provider, op.month))
    if not 0 <= op.total_nanos <= MAX_TOTAL_NANOS:
        return Refused(reason=Reason.TOO_MUCH, needed=op.total_nanos), []
    if known is not None and known.total_nanos == op.total_nanos:
        return Refused(reason=Reason.UNCHANGED), []
    bill = BillRow(
        id=bill_id(op.provider, op.month),
        provider=op.provider,
        month=op.month,
        total_nanos=op.total_nanos,
        at_ms=now_ms,
    )
    act = BillActRow(
        id=op.id,
        bill_id=bill.id,
        actor=op.actor,
        words=op.reason,
        corrects=int(known is not None),
        before_nanos=0 if known is None else known.total_nanos,
        total_nanos=op.total_nanos,
        at_ms=now_ms,
    )
    before = None if known is None else known.total_nanos
    return BillRecorded(before_nanos=before), [bill if known is None else changed(known, **_now(bill)), act]


def _now(bill: BillRow) -> dict[str, int]:
    return {"total_nanos": bill.total_nanos, "at_ms": bill.at_ms}


def bill_wants(op: RecordBill, page: Page) -> Wanted:
    """Rows that `record_bill` reads."""
    del page
    return [(BillRow, bill_id(op.provider, op.month))]
