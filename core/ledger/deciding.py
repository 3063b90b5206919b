"""How a request for more is decided: once, by an admin who did not ask for it, by two above a threshold, in time."""

from dataclasses import replace

from core.columns import changed
from core.defaults import SECOND_ADMIN_ABOVE_NANOS
from core.ledger.budget_requests import (
    CONFIRM,
    DENIED,
    FUNDED,
    GRANTED,
    TOLD_ADMINS,
    act_on,
    has_ended,
    leading,
    notice_of,
    request_of,
    request_wants,
    scope_of,
    subject_and_label,
    until_of,
    what_of,
)
from core.ledger.persons import same_person, same_person_wants
from core.ledger.topups import top_up, topup_wants
from core.money import MAX_TOTAL_NANOS, NANOS_PER_CENT
from core.operations import Decided, DecideRequest, Decision, Reason, Refused, RequestedState
from core.page import Page, Wanted
from core.rows import BudgetRequestRow, CounterRow, MemberRow, Row
from core.text import budget_requests as words

Result = tuple[Decided | Refused, list[Row]]


def granted_nanos(amount_nanos: int, decision: Decision) -> int:
    """What a decision gives of what was asked for; half of it in whole cents, rounded up."""
    match decision:
        case Decision.APPROVE:
            return amount_nanos
        case Decision.HALF:
            return min(amount_nanos, -(-amount_nanos // (2 * NANOS_PER_CENT)) * NANOS_PER_CENT)
        case Decision.DENY:
            return 0


def decide_request(op: DecideRequest, page: Page, now_ms: int) -> Result:
    """Grant, deny, or note the first of two admins."""
    request = request_of(op, page)
    if request is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if (reason := _why_not(op, request, page, now_ms)) is not None:
        return Refused(reason=reason), []
    if op.decision is Decision.DENY:
        denied = changed(leading(request, page), state=RequestedState.DENIED, **_by(op, now_ms), granted_nanos=0)
        return _decided(op, denied, page, now_ms, alone=False)
    amount = granted_nanos(request.amount_nanos, op.decision)
    if not request.counter_id:
        return _fund(op, request, amount, page, now_ms)
    if request.confirmed_by:  # both have agreed to the lower of the two
        amount = min(amount, request.granted_nanos)
    confirmed = bool(request.confirmed_by) and not same_person(request.confirmed_by, op.actor, page)
    if amount > SECOND_ADMIN_ABOVE_NANOS and op.others and not confirmed:
        return _first_of_two(op, request, amount, now_ms)
    return _grant(op, request, amount, page, now_ms, confirmed=confirmed)


def _why_not(op: DecideRequest, request: BudgetRequestRow, page: Page, now_ms: int) -> Reason | None:
    member = page.get(MemberRow, op.member_id)
    if member is None or member.team_id != op.team_id or member.suspended or not (member.admin or op.admin):
        return Reason.NOT_ADMIN
    if leading(request, page).state != RequestedState.OPEN:
        return Reason.DECIDED
    if has_ended(request, now_ms):
        return Reason.OVER
    return Reason.OWN_REQUEST if op.others and same_person(op.member_id, request.member_id, page) else None


def _first_of_two(op: DecideRequest, request: BudgetRequestRow, amount: int, now_ms: int) -> Result:
    if request.confirmed_by:
        return Refused(reason=Reason.NEEDS_ANOTHER), []
    noted = changed(request, confirmed_by=op.actor, granted_nanos=amount)
    told = words.needs_another(op.actor, request.member_id, what_of(request, amount))
    return Decided(state=RequestedState.OPEN.value, granted_nanos=amount), [
        noted,
        act_on(op.id, request, op.actor, "confirm", now_ms, nanos=amount),
        notice_of(f"{request.id}.first", CONFIRM, told, request, now_ms, about=request.id),
    ]


def _grant(
    op: DecideRequest, request: BudgetRequestRow, amount: int, page: Page, now_ms: int, *, confirmed: bool
) -> Result:
    subject, label = subject_and_label(request.counter_id)
    counter = page.get(CounterRow, request.counter_id) or CounterRow(
        id=request.counter_id,
        wallet_id=op.wallet_id,
        scope=scope_of(request.counter_id) or "",
        subject=subject,
        label=label,
    )
    if counter.granted + amount > MAX_TOTAL_NANOS:
        return Refused(reason=Reason.TOO_MUCH), []
    first = request.confirmed_by if confirmed else ""
    approved = changed(
        request, state=RequestedState.APPROVED, granted_nanos=amount, **_by(op, now_ms) | {"confirmed_by": first}
    )
    own = same_person(op.member_id, request.member_id, page)
    alone = not confirmed and (amount > SECOND_ADMIN_ABOVE_NANOS or own)
    decided, rows = _decided(op, approved, page, now_ms, alone=alone)
    return decided, [*rows, changed(counter, granted=counter.granted + amount)]


def _fund(op: DecideRequest, request: BudgetRequestRow, amount: int, page: Page, now_ms: int) -> Result:
    """Record it as budget. Whoever else waits for the same wallet is told by the next round."""
    if op.top_up is None:
        return Refused(reason=Reason.NOT_FOUND), []
    moved, moved_rows = top_up(replace(op.top_up, amount_nanos=amount), page, now_ms)
    if isinstance(moved, Refused):
        return moved, []
    shown = leading(request, page)
    approved = changed(request, state=RequestedState.APPROVED, granted_nanos=amount, **_by(op, now_ms))
    decided, rows = _decided(op, approved, page, now_ms, alone=same_person(op.member_id, request.member_id, page))
    if shown.id != request.id:  # it was about the same wallet: nobody decides that one any more
        told = notice_of(f"{shown.id}.told", FUNDED, words.FUNDED, shown, now_ms, to_asker=True, about=shown.ask_id)
        rows += [changed(shown, state=RequestedState.FUNDED, **_by(op, now_ms)), told]
    return decided, [*moved_rows, *rows]


def _by(op: DecideRequest, now_ms: int) -> dict[str, str | int]:
    return {"decided_by": op.actor, "decided_at_ms": now_ms}


def _decided(op: DecideRequest, request: BudgetRequestRow, page: Page, now_ms: int, *, alone: bool) -> Result:
    """What was decided, its act, and a notice to whoever asked and to the other admins."""
    amount, approved = request.granted_nanos, request.state == RequestedState.APPROVED
    asked = what_of(request)
    what = what_of(request, amount) if approved else asked
    if not approved:
        told = words.denied(op.actor, asked)
    elif request.counter_id:
        own = same_person(op.member_id, request.member_id, page)
        told = words.granted(op.actor, what, asked, until_of(request, page), own=own)
    else:
        told = words.wallet_granted(op.actor, amount)
    kind, attempt = (GRANTED, request.ask_id) if approved else (DENIED, "")
    rows: list[Row] = [
        request,
        act_on(op.id, request, op.actor, op.decision, now_ms, nanos=amount if approved else None),
        notice_of(f"{request.id}.told", kind, told, request, now_ms, to_asker=True, about=attempt),
    ]
    if op.others:
        first = request.confirmed_by if approved else ""
        news = words.told_admins(op.actor, first, request.member_id, what, state=request.state, alone=alone)
        rows.append(notice_of(f"{request.id}.decided", TOLD_ADMINS, news, request, now_ms))
    funded = approved and not request.counter_id
    return Decided(state=RequestedState(request.state).value, granted_nanos=amount, alone=alone, funded=funded), rows


def decide_wants(op: DecideRequest, page: Page) -> Wanted:
    """Rows that `decide_request` reads, beside the wallet."""
    wanted: Wanted = [*request_wants(op, page), (MemberRow, op.member_id)]
    request = page.peek(BudgetRequestRow, op.request_id)
    if request is not None:
        wanted += same_person_wants(op.member_id, request.member_id)
        wanted += same_person_wants(request.confirmed_by, op.actor) if request.confirmed_by else []
    if request is not None and request.counter_id:
        wanted.append((CounterRow, request.counter_id))
    return [*wanted, *topup_wants(op.top_up, page)] if op.top_up is not None else wanted
