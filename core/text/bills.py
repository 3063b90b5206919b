"""Providers' bills in words: what was recorded, and how far it is from the books."""

from collections.abc import Sequence

from core.money import format_shortest
from core.month_books import BilledMonth
from core.operations import BillRecorded
from core.text.statements import drift_line

NO_BILLS = "none recorded: `python -m bot bill PROVIDER MONTH AMOUNT` compares one with the books"
DRIFT_TOLD_PERMILLE = 20
"""From two per cent on a drift is worth a look: prices that changed, or calls that Chipin does not know of."""
MEND = (
    "Compare the prices with the provider's (MODELS_FILE replaces what has changed), and look whether its key is used "
    "elsewhere too."
)


def recorded_lines(compared: BilledMonth, recorded: BillRecorded | None) -> tuple[str, ...]:
    """What became of a bill."""
    return _what(compared, recorded), drift_line(compared), *([MEND] if is_far_off(compared) else [])


def _what(compared: BilledMonth, recorded: BillRecorded | None) -> str:
    bill = f"{compared.provider}, {compared.month}"
    if recorded is None:
        return f"{bill}: {format_shortest(compared.billed_nanos)} is recorded already; nothing was changed."
    if recorded.before_nanos is None:
        return f"{bill}: {format_shortest(compared.billed_nanos)} recorded. No balance changes by it."
    before, now = format_shortest(recorded.before_nanos), format_shortest(compared.billed_nanos)
    return f"{bill}: {before} -> {now}, corrected. No balance changes by it; what stood there before stays known."


def is_far_off(bill: BilledMonth) -> bool:
    """Whether somebody should look into it."""
    permille = bill.drift_permille
    return bill.drift_nanos != 0 if permille is None else abs(permille) >= DRIFT_TOLD_PERMILLE


def doctor_finding(bills: Sequence[BilledMonth]) -> tuple[str, str]:
    """What `doctor` says of the bills of the last months, and the fix where one is far off."""
    if not bills:
        return NO_BILLS, ""
    return " ".join(map(drift_line, bills)), MEND if any(map(is_far_off, bills)) else ""
