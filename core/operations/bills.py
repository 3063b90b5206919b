"""Operations on what providers bill the operator."""

from dataclasses import dataclass, field

from core.operations.operation import Operation
from core.operations.outcome import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRecorded:
    """Recorded. `before_nanos` is what was recorded for that month before; None where nothing was."""

    before_nanos: int | None
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBill(Operation[BillRecorded | Refused]):
    """What a provider says that it took in a month of UTC ("2026-11"). A later one takes its place; both stay known.

    It moves no money. Refused as `UNCHANGED` where the same is recorded already.
    """

    provider: str
    month: str
    total_nanos: int
    actor: str
    reason: str
