"""What providers bill, by hand."""

from typing import Any

from core.operations import RecordBill


def bill(op_id: str, nanos: int = 100, **fields: Any) -> RecordBill:
    """What Acme billed the operator for November."""
    known: dict[str, Any] = {"wallet_id": "", "provider": "acme", "month": "2026-11", "actor": "operator", "reason": ""}
    return RecordBill(id=op_id, total_nanos=nanos, **(known | fields))
