"""Budget in and out: top-ups and their refunds. No card is charged; the books record what the team may spend."""

from functools import partial

from core.announcement import TOPPED_UP, notice_id
from core.columns import changed
from core.ledger.entries import FUNDING, POOL, TransferKind, entries
from core.ledger.levels import mark_of, marked, marks_before, told_of_level, unmarked
from core.money import MAX_AMOUNT_NANOS, MAX_TOTAL_NANOS
from core.operations import Moved, Reason, Refund, Refused, TopUp
from core.page import Page, Wanted
from core.quota import Limit
from core.rows import ActRow, CounterRow, NoticeRow, Row, TeamRow, TopUpRow, WalletRow
from core.text.budget_requests import named
from core.text.notices import announced

Result = tuple[Moved | Refused, list[Row]]


def top_up(op: TopUp, page: Page, now_ms: int) -> Result:
    """Record budget."""
    wallet, team = page.get(WalletRow, op.wallet_id), page.get(TeamRow, op.team_id)
    if wallet is None or (team is not None and team.part_of):  # its wallet is another one by now
        return Refused(reason=Reason.NOT_FOUND), []
    balance = wallet.available_nanos + wallet.held_nanos
    if not 0 < op.amount_nanos <= MAX_AMOUNT_NANOS or balance + op.amount_nanos > MAX_TOTAL_NANOS:
        return Refused(reason=Reason.TOO_MUCH, needed=op.amount_nanos, available=wallet.available_nanos), []
    counted = list[Row]()
    for limit in (op.refill, op.limit):
        more = _counted(limit, op, page)
        if isinstance(more, Refused):
            return more, []
        counted += more
    amounts = {FUNDING: -op.amount_nanos, POOL: op.amount_nanos}
    rows = entries(op.id, wallet.id, TransferKind.TOP_UP, amounts, now_ms, actor=op.actor, reason=op.reason)
    record = TopUpRow(
        id=op.id,
        wallet_id=wallet.id,
        amount_nanos=op.amount_nanos,
        refunded_nanos=0,
        at_ms=now_ms,
        counter_id=op.limit.counter_id if op.limit is not None else "",
        mark_before=mark_of(wallet),
        refill_counter_id=op.refill.counter_id if op.refill is not None else "",
    )
    after = marked(_with(wallet, op.amount_nanos), op.id)
    moved, rows = _moved(op, wallet, after, [*rows, record, *counted], now_ms)
    return moved, [*rows, _announced(op, moved, now_ms)] if op.announced else rows


def _announced(op: TopUp, moved: Moved, now_ms: int) -> NoticeRow:
    """What the team reads of it: as sure as the money itself."""
    words = announced(
        named(op.actor),
        op.reason,
        amount_nanos=moved.amount_nanos,
        before_nanos=moved.balance_before_nanos,
        after_nanos=moved.balance_nanos,
    )
    notice = notice_id(TOPPED_UP, op.team_id, op.id)
    return NoticeRow(id=notice, team_id=op.team_id, kind=TOPPED_UP, words=words, at_ms=now_ms)


def _counted(limit: Limit | None, op: TopUp, page: Page) -> list[Row] | Refused:
    """What the month's counter is with it, or that it does not fit in what the operator allows."""
    if limit is None:
        return []
    counter = page.get(CounterRow, limit.counter_id) or CounterRow(
        id=limit.counter_id, wallet_id=op.wallet_id, scope=limit.scope, subject=limit.subject, label=limit.label
    )
    if counter.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND)
    if counter.used + op.amount_nanos > limit.at_most:
        return Refused(reason=Reason.LIMIT, needed=op.amount_nanos, used=counter.used, limit=limit)
    return [changed(counter, used=counter.used + op.amount_nanos)]


def refund(op: Refund, page: Page, now_ms: int) -> Result:
    """Take back what is left of a top-up: at most it minus its earlier refunds, and at most what is available."""
    wallet = page.get(WalletRow, op.wallet_id)
    record = page.get(TopUpRow, op.top_up_id)
    if wallet is None or record is None or record.wallet_id != wallet.id:
        return Refused(reason=Reason.NOT_FOUND), []
    left = record.amount_nanos - record.refunded_nanos
    amount = min(left, wallet.available_nanos)
    if amount <= 0:
        available, held = wallet.available_nanos, wallet.held_nanos
        return Refused(reason=Reason.NOTHING_LEFT, needed=left, available=available, held=held), []
    amounts = {POOL: -amount, FUNDING: amount}
    rows = entries(
        op.id, wallet.id, TransferKind.REFUND, amounts, now_ms, actor=op.actor, reason=op.reason, reverses=record.id
    )
    counters = [page.get(CounterRow, each) for each in _counters_of(record)]
    counted = [changed(counter, used=counter.used - amount) for counter in counters if counter is not None]
    record = changed(record, refunded_nanos=record.refunded_nanos + amount)
    left_over = unmarked(_with(wallet, -amount), record, partial(page.get, TopUpRow))
    after, notices = told_of_level(left_over, op.team_id, now_ms)
    return _moved(op, wallet, after, [*rows, record, *counted, *notices], now_ms)


def _with(wallet: WalletRow, amount: int) -> WalletRow:
    return changed(wallet, available_nanos=wallet.available_nanos + amount)


def _moved(
    op: TopUp | Refund, wallet: WalletRow, after: WalletRow, rows: list[Row], now_ms: int
) -> tuple[Moved, list[Row]]:
    amount = after.available_nanos - wallet.available_nanos
    outcome = Moved(
        transfer_id=op.id,
        amount_nanos=abs(amount),
        balance_before_nanos=wallet.available_nanos + wallet.held_nanos,
        balance_nanos=after.available_nanos + after.held_nanos,
        available_nanos=after.available_nanos,
    )
    act = ActRow(
        id=op.id,
        team_id=op.team_id,
        actor=op.actor,
        kind="top_up" if amount > 0 else "refund",
        words=op.reason,
        at_ms=now_ms,
        amount_nanos=abs(amount),
    )
    return outcome, [*rows, after, act]


def topup_wants(op: TopUp | Refund, page: Page) -> Wanted:
    """Rows that budget moves read, beside the wallet: a refund counts in the month in which its top-up counted."""
    if isinstance(op, TopUp):
        limits = [limit for limit in (op.limit, op.refill) if limit is not None]
        return [(TeamRow, op.team_id), *((CounterRow, limit.counter_id) for limit in limits)]
    record = page.peek(TopUpRow, op.top_up_id)
    counters = _counters_of(record) if record is not None else ()
    before = marks_before(record, partial(page.peek, TopUpRow)) if record is not None else ()
    return [*((TopUpRow, each) for each in (op.top_up_id, *before)), *((CounterRow, each) for each in counters)]


def _counters_of(record: TopUpRow) -> tuple[str, ...]:
    """The counters in which a top-up counts."""
    return tuple(each for each in (record.counter_id, record.refill_counter_id) if each)
