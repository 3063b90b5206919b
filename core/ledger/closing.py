"""Settle, release and expire: the ways a hold ends. All of them go through `_close`."""

from core.columns import changed
from core.defaults import CLOCK_SLACK_MS, KEEP_SEALED_MS, LIVE_READER_MS
from core.ledger.delivery import INTERRUPTED
from core.ledger.entries import closing_transfer, receipt_lines
from core.ledger.holding import HoldState, current_hold, give_back
from core.ledger.in_force import likely, totals_of, wanted_in_force
from core.ledger.levels import told_of_level
from core.operations import Expire, Reason, Refused, Rehold, Release, RequestState, Settle, Settled
from core.page import Page, Wanted
from core.quota import Measure, Scope, Totals
from core.receipt import PricedLine, answering
from core.rows import CounterRow, HoldRow, KeptRow, RequestRow, Row, WalletRow
from core.together import added_up

Result = tuple[Settled | Refused, list[Row]]


def settle(op: Settle, page: Page, now_ms: int) -> Result:
    """Charge the lines, at most the hold; the operator pays the rest."""
    held = page.get(HoldRow, op.hold_id)
    if held is None or held.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if not isinstance(current_hold(op.hold_id, op.attempt, op.wallet_id, page), Refused):
        outcome, rows = _close(
            op, held, HoldState.SETTLED, _trim(op.lines, held.amount_nanos), page=page, now_ms=now_ms
        )
        return outcome, [*rows, *_kept_answer(op, held, page, now_ms)]
    return _too_late(op, held, page, now_ms)


def release(op: Release, page: Page, now_ms: int) -> Result:
    """Give the whole hold back; a hold that is unknown or closed is left as it is."""
    held = page.get(HoldRow, op.hold_id)
    if held is None or held.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if isinstance(current_hold(op.hold_id, op.attempt, op.wallet_id, page), Refused):
        return _too_late(op, held, page, now_ms)
    return _close(op, held, HoldState.RELEASED, (0,) * len(op.lines), page=page, now_ms=now_ms)


def _too_late(op: Settle | Release, held: HoldRow, page: Page, now_ms: int) -> Result:
    """The hold expired, or a newer attempt took the request over: the operator pays everything, once."""
    nothing = (0,) * len(op.lines)
    if held.state == HoldState.OPEN:
        return _close(op, held, HoldState.RELEASED, nothing, page=page, now_ms=now_ms, late=True)
    if held.state == HoldState.EXPIRED and not held.transfer_id:
        return _close(op, held, HoldState.EXPIRED, nothing, page=page, now_ms=now_ms, late=True)
    return Refused(reason=Reason.SUPERSEDED), []


def expire(op: Expire, page: Page, now_ms: int) -> Result:
    """Give back a hold whose owner is gone."""
    held = page.get(HoldRow, op.hold_id)
    if held is None or held.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if held.state != HoldState.OPEN:
        return Refused(reason=Reason.SUPERSEDED), []
    if now_ms < held.deadline_ms and held.opened_at_ms <= now_ms + CLOCK_SLACK_MS:
        return Refused(reason=Reason.NOT_DUE), []
    gone = Release(
        id=op.id,
        wallet_id=op.wallet_id,
        hold_id=op.hold_id,
        attempt=held.attempt,
        lines=(),
        ending=INTERRUPTED,
        why="the process that ran it was gone; not charged",
    )
    return _close(gone, held, HoldState.EXPIRED, (), page=page, now_ms=now_ms)


def _kept_answer(op: Settle, held: HoldRow, page: Page, now_ms: int) -> list[Row]:
    """The sealed answer beside its question. A day of its own begins: the press may have come late in the other."""
    kept = page.get(KeptRow, held.request_id)
    if kept is None or not op.sealed_answer:
        return []
    return [changed(kept, answer=op.sealed_answer, erase_after_ms=now_ms + KEEP_SEALED_MS)]


def _trim(lines: tuple[PricedLine, ...], amount_nanos: int) -> tuple[int, ...]:
    """The lines' charges in order, until the hold is used up."""
    left, charged = amount_nanos, []
    for line in lines:
        charged.append(min(line.charged_nanos, left))
        left -= charged[-1]
    return tuple(charged)


def _close(
    op: Settle | Release,
    held: HoldRow,
    state: HoldState,
    charged: tuple[int, ...],
    *,
    page: Page,
    now_ms: int,
    late: bool = False,
) -> Result:
    total = sum(charged)
    absorbed = sum(line.cost_nanos for line in op.lines) - total
    transfer = closing_transfer(op, held, charged, now_ms)
    request = page.get(RequestRow, held.request_id)
    totals = give_back(page, held, charged=total, absorbed=absorbed)
    if total and request is not None:
        totals = _told(totals, request.team_id, now_ms)
    closed = changed(
        held,
        state=state,
        charged_nanos=total,
        absorbed_nanos=absorbed,
        transfer_id=op.id if transfer else "",
        closed_at_ms=held.closed_at_ms or now_ms,
    )
    rows: list[Row] = [closed, *totals, *transfer, *receipt_lines(op, held, charged)]
    if request is not None and not late and request.attempt == held.attempt:
        rows.append(_finished(request, op, state, total, now_ms))
    counters = [row for row in totals if isinstance(row, CounterRow)]
    outcome = Settled(
        charged_nanos=total,
        absorbed_nanos=absorbed,
        available_nanos=next((row.available_nanos for row in totals if isinstance(row, WalletRow)), 0),
        charged_by_line=charged,
        used_by_counter=tuple((row.id, _whole(row, held, page).used) for row in counters),
        left_by_counter=tuple(
            (row.id, _left(row, _whole(row, held, page)))
            for row in counters
            if Scope(row.scope).measure is Measure.SPEND
        ),
        late=late,
    )
    return outcome, rows


def _told(totals: list[Row], team_id: str, now_ms: int) -> list[Row]:
    """The same totals, and what admins are told where the wallet has come to a level by them."""
    wallet = totals[-1]
    if not isinstance(wallet, WalletRow):
        return totals
    after, notices = told_of_level(wallet, team_id, now_ms)
    return [*totals, after, *notices] if notices else totals


def _whole(counter: CounterRow, held: HoldRow, page: Page) -> Totals:
    """What a counter says now, with those that counted with it at its hold."""
    others = (page.get(CounterRow, counter_id) for counter_id in held.beside.split())
    same = (each for each in others if each is not None and (each.scope, each.label) == (counter.scope, counter.label))
    return added_up(map(totals_of, (counter, *same))) or Totals()


def _left(counter: CounterRow, whole: Totals) -> int:
    return max(0, counter.limited_to + whole.granted - whole.used)


def _finished(request: RequestRow, op: Settle | Release, state: HoldState, charged: int, now_ms: int) -> RequestRow:
    told = answering(op.lines)
    return changed(
        request,
        state=RequestState.SETTLED if state is HoldState.SETTLED else RequestState.RELEASED,
        ending=op.ending,
        why=op.why,
        input_tokens=sum(line.usage.all_input_tokens for line in told),
        output_tokens=sum(line.usage.all_output_tokens for line in told),
        cost_nanos=charged,
        estimated=int(any(line.estimated for line in told)),
        first_word_ms=max(op.first_word_ms, 0),
        lease_until_ms=now_ms if state is HoldState.EXPIRED else now_ms + LIVE_READER_MS,
        finished_at_ms=now_ms,
    )


def closing_wants(op: Rehold | Settle | Release | Expire, page: Page) -> Wanted:
    """Rows that everything done to an existing hold reads, beside the wallet."""
    wanted: Wanted = [(HoldRow, op.hold_id), *(likely(op) if isinstance(op, Rehold) else [])]
    held = page.peek(HoldRow, op.hold_id)
    if held is not None:
        wanted += [(CounterRow, counter_id) for counter_id in (*held.counters.split(), *held.beside.split())]
        wanted += [(RequestRow, held.request_id), (KeptRow, held.request_id)]
        request = page.peek(RequestRow, held.request_id)
        if isinstance(op, Rehold) and request is not None:
            wanted += wanted_in_force(op, request, page)
    return wanted
