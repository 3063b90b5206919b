"""What one process at a time looks after: the first has it, for as long as it says again that it lives."""

from core.defaults import CLOCK_SLACK_MS
from core.operations import GiveLeaseUp, LeasedTo, TakeLease
from core.page import Change, Gone, Page, Wanted
from core.rows import LeaseRow


def take_lease(op: TakeLease, page: Page, now_ms: int) -> tuple[LeasedTo, list[Change]]:
    """Have it, or learn who does."""
    lease = page.get(LeaseRow, op.lease)
    if lease is not None and lease.holder not in (op.holder, op.instead_of) and _lasts(lease, op, now_ms):
        return LeasedTo(holder=lease.holder), []
    until_ms = now_ms + op.seconds * 1000
    return LeasedTo(holder=op.holder), [LeaseRow(id=op.lease, holder=op.holder, until_ms=until_ms)]


def give_lease_up(op: GiveLeaseUp, page: Page, now_ms: int) -> tuple[LeasedTo, list[Change]]:
    """Free from now on, if it was theirs."""
    del now_ms
    lease = page.get(LeaseRow, op.lease)
    if lease is None or lease.holder != op.holder:
        return LeasedTo(holder="" if lease is None else lease.holder), []
    return LeasedTo(holder=""), [Gone(lease)]


def lease_wants(op: TakeLease | GiveLeaseUp, page: Page) -> Wanted:
    """Rows that these operations read."""
    del page
    return [(LeaseRow, op.lease)]


def _lasts(lease: LeaseRow, op: TakeLease, now_ms: int) -> bool:
    """Whether its time is not up. What lasts longer than anybody asks for was given while the clock was ahead."""
    return now_ms < lease.until_ms <= now_ms + op.seconds * 1000 + CLOCK_SLACK_MS
