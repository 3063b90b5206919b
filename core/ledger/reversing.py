"""Reverse: what an ask charged is given back. The provider keeps its money, so the operator pays instead."""

from core.columns import changed
from core.ledger.entries import OPERATOR, POOL, TransferKind, entries
from core.operations import EraseKept, Moved, Reason, Refused, Reverse
from core.page import Page, Wanted
from core.quota import Measure, Scope
from core.rows import ActRow, CounterRow, HoldRow, RequestRow, Row, WalletRow


def reverse(op: Reverse, page: Page, now_ms: int) -> tuple[Moved | Refused, list[Row]]:
    """Give back everything that an ask charged, once: operator -> pool, and the limits it used have room again."""
    request, wallet = page.get(RequestRow, op.ask_id), page.get(WalletRow, op.wallet_id)
    if request is None or wallet is None or request.wallet_id != wallet.id:
        return Refused(reason=Reason.NOT_FOUND), []
    held = page.get(HoldRow, request.hold_id) if request.hold_id else None
    if held is None or held.charged_nanos == held.reversed_nanos:
        return Refused(reason=Reason.NOTHING_LEFT, available=wallet.available_nanos), []
    amount = held.charged_nanos - held.reversed_nanos
    after = changed(wallet, available_nanos=wallet.available_nanos + amount)
    transfer = entries(
        op.id,
        wallet.id,
        TransferKind.REVERSE,
        {OPERATOR: -amount, POOL: amount},
        now_ms,
        request_id=request.id,
        reverses=held.transfer_id,
        actor=op.actor,
        reason=op.reason,
    )
    rows: list[Row] = [
        *transfer,
        after,
        *_credited(page, held, amount),
        changed(held, reversed_nanos=held.charged_nanos),
        changed(request, cost_nanos=request.cost_nanos - amount),
        ActRow(
            id=op.id,
            team_id=request.team_id,
            actor=op.actor,
            kind="reverse",
            words=op.reason,
            at_ms=now_ms,
            subject=request.id,
            amount_nanos=amount,
        ),
    ]
    outcome = Moved(
        transfer_id=op.id,
        amount_nanos=amount,
        balance_before_nanos=wallet.available_nanos + wallet.held_nanos,
        balance_nanos=after.available_nanos + after.held_nanos,
        available_nanos=after.available_nanos,
    )
    return outcome, rows


def _credited(page: Page, held: HoldRow, amount: int) -> list[Row]:
    counters = (page.get(CounterRow, counter_id) for counter_id in held.counters.split())
    return [
        changed(counter, used=counter.used - amount)
        for counter in counters
        if counter is not None and Scope(counter.scope).measure is Measure.SPEND
    ]


def reverse_wants(op: Reverse | EraseKept, page: Page) -> Wanted:
    """Rows that `reverse` reads, beside the wallet."""
    wanted: Wanted = [(RequestRow, op.ask_id)]
    request = page.peek(RequestRow, op.ask_id)
    if request is not None and request.hold_id:
        wanted.append((HoldRow, request.hold_id))
        held = page.peek(HoldRow, request.hold_id)
        if held is not None:
            wanted += [(CounterRow, counter_id) for counter_id in held.counters.split()]
    return wanted
