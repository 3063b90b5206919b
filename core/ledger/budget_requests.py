"""Requests for more: one open at a time for each member and counter. How they are decided is in deciding.py."""

from core.columns import changed
from core.defaults import MAX_REQUEST_NANOS
from core.ledger.notices import told_id
from core.ledger.persons import same_person, same_person_wants
from core.moments import from_ms
from core.operations import (
    Asked,
    AskForMore,
    CancelRequest,
    Closed,
    CloseRequest,
    DecideRequest,
    Reason,
    Refused,
    RequestedState,
)
from core.page import Page, Wanted
from core.people import CHIPIN
from core.periods import calendar_from
from core.quota import Measure, Scope, subject_of
from core.rows import ActRow, BudgetRequestRow, CounterRow, MemberRow, NoticeRow, Row, TeamRow, ToldRow, TopUpRow
from core.text import budget_requests as words

CARD, CONFIRM, TOLD_ADMINS = "request", "request_confirm", "request_decided"
GRANTED, DENIED, FUNDED, LAPSED = "request_granted", "request_denied", "wallet_funded", "request_lapsed"
"""The kinds of notices: admins decide under the first two, read the third, and the others are for whoever asked."""
WALLET = "wallet"
OnRequest = DecideRequest | CancelRequest | CloseRequest


def scope_of(counter_id: str) -> Scope | None:
    """The scope of a counter that admins can raise, by its id; None for the wallet and for all else."""
    name = counter_id.partition(":")[0]
    scope = Scope(name) if name in set(Scope) else None
    return scope if scope is not None and scope.measure is Measure.SPEND else None


# --- asking ---


def ask_for_more(op: AskForMore, page: Page, now_ms: int) -> tuple[Asked | Refused, list[Row]]:
    """Open a request, unless the member waits for the same already. Of an empty wallet admins read once."""
    if (reason := _why_not_ask(op, page, now_ms)) is not None:
        return Refused(reason=reason), []
    if _waiting(op, _own_slot(op), page, now_ms) is not None:
        return Refused(reason=Reason.UNCHANGED), []
    shown = None if op.counter_id else _waiting(op, WALLET, page, now_ms)
    request = BudgetRequestRow(
        id=op.id,
        team_id=op.team_id,
        member_id=op.member_id,
        counter_id=op.counter_id,
        label=op.counter_id.rpartition(":")[2],
        amount_nanos=op.amount_nanos,
        reason=op.reason,
        ask_id=op.ask_id,
        state=RequestedState.OPEN,
        asked_at_ms=now_ms,
        expires_at_ms=op.expires_at_ms,
        joins=shown.id if shown is not None else "",
    )
    rows = [request, _pointer(op, _own_slot(op)), act_on(op.id, request, op.member_id, "request", now_ms)]
    if shown is None:
        card = words.card(op.member_id, what_of(request), until_of(request, page))
        rows.append(notice_of(f"{op.id}.card", CARD, card, request, now_ms, about=op.id))
        rows += [] if op.counter_id else [_pointer(op, WALLET)]
    return Asked(request_id=op.id, noticed=shown is None), rows


def _why_not_ask(op: AskForMore, page: Page, now_ms: int) -> Reason | None:
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, op.member_id)
    if team is None or team.wallet_id != op.wallet_id or member is None or member.team_id != team.id:
        return Reason.NOT_FOUND
    if member.suspended:
        return Reason.SUSPENDED
    if team.frozen:
        return Reason.FROZEN
    if member.frozen:
        return Reason.MEMBER_FROZEN
    if not 0 < op.amount_nanos <= MAX_REQUEST_NANOS:
        return Reason.TOO_MUCH
    if op.counter_id and not _may_be_raised(op, page):
        return Reason.NOT_FOUND
    return Reason.OVER if op.expires_at_ms and op.expires_at_ms <= now_ms else None


def _may_be_raised(op: AskForMore, page: Page) -> bool:
    """Whether it names a limit of what may be spent: the member's own, or that of a place, as the team counts it."""
    scope, counter = scope_of(op.counter_id), page.get(CounterRow, op.counter_id)
    if scope is None or (counter is not None and counter.wallet_id != op.wallet_id):
        return False
    subject, _ = subject_and_label(op.counter_id)
    if scope in (Scope.MEMBER_DAY, Scope.MEMBER_WEEK, Scope.MEMBER_MONTH):
        return subject == op.member_id
    return subject.startswith(f"{subject_of(op.team_id)}/")


def subject_and_label(counter_id: str) -> tuple[str, str]:
    """Whose counter it is and of which period, by its id."""
    subject, _, label = counter_id.partition(":")[2].rpartition(":")
    return subject, label


def _waiting(op: AskForMore, slot: str, page: Page, now_ms: int) -> BudgetRequestRow | None:
    """The newest request of a slot, if it is still to be decided."""
    told = page.get(ToldRow, _slot_id(op, slot))
    request = page.get(BudgetRequestRow, told.value) if told is not None else None
    if request is None or request.state != RequestedState.OPEN or has_ended(request, now_ms):
        return None
    return None if _is_funded(request, op, page) else request


def _own_slot(op: AskForMore) -> str:
    return f"{op.member_id} {op.counter_id or WALLET}"


def _slot_id(op: AskForMore, slot: str) -> str:
    return told_id(op.team_id, f"request {slot}")


def _pointer(op: AskForMore, slot: str) -> Row:
    return ToldRow(id=_slot_id(op, slot), team_id=op.team_id, subject=f"request {slot}", value=op.id)


# --- when nothing is left to decide ---


def cancel_request(op: CancelRequest, page: Page, now_ms: int) -> tuple[Closed | Refused, list[Row]]:
    """Take it back."""
    request = request_of(op, page)
    if request is None or not same_person(request.member_id, op.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if leading(request, page).state != RequestedState.OPEN:
        return Refused(reason=Reason.DECIDED), []
    closed = changed(request, state=RequestedState.CANCELLED, decided_by=op.member_id, decided_at_ms=now_ms)
    return Closed(state=RequestedState.CANCELLED.value), [
        closed,
        act_on(op.id, request, op.member_id, "cancel", now_ms),
    ]


def close_request(op: CloseRequest, page: Page, now_ms: int) -> tuple[Closed | Refused, list[Row]]:
    """Close what waits for nothing any more, and tell whoever asked."""
    request = request_of(op, page)
    if request is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestedState.OPEN:
        return Refused(reason=Reason.DECIDED), []
    shown, what = leading(request, page), what_of(request)
    if not request.counter_id and (_is_funded(request, op, page) or shown.state == RequestedState.APPROVED):
        return _closed(request, RequestedState.FUNDED, words.FUNDED, CHIPIN, now_ms)
    if shown.state == RequestedState.DENIED:
        told = words.denied(shown.decided_by, what)
        return _closed(request, RequestedState.DENIED, told, shown.decided_by, now_ms)
    if has_ended(request, now_ms):
        return _closed(request, RequestedState.EXPIRED, words.expired(what), CHIPIN, now_ms)
    return Refused(reason=Reason.NOT_DUE), []


def _closed(
    request: BudgetRequestRow, state: RequestedState, told: str, by: str, now_ms: int
) -> tuple[Closed, list[Row]]:
    closed = changed(request, state=state, decided_by=by, decided_at_ms=now_ms)
    kind = {RequestedState.FUNDED: FUNDED, RequestedState.DENIED: DENIED}.get(state, LAPSED)
    attempt = request.ask_id if state is RequestedState.FUNDED else ""
    notice = notice_of(f"{request.id}.told", kind, told, request, now_ms, to_asker=True, about=attempt)
    return Closed(state=state.value), [closed, notice]


# --- what all of them need ---


def request_of(op: OnRequest, page: Page) -> BudgetRequestRow | None:
    """The request that an operation names, if it is of its team and wallet."""
    team, request = page.get(TeamRow, op.team_id), page.get(BudgetRequestRow, op.request_id)
    if team is None or team.wallet_id != op.wallet_id or request is None or request.team_id != team.id:
        return None
    return request


def leading(request: BudgetRequestRow, page: Page) -> BudgetRequestRow:
    """The request whose state decides: the one that admins were shown for the same wallet, unless it was taken back."""
    if request.state != RequestedState.OPEN or not request.joins:
        return request
    shown = page.get(BudgetRequestRow, request.joins)
    return request if shown is None or shown.state == RequestedState.CANCELLED else shown


def has_ended(request: BudgetRequestRow, now_ms: int) -> bool:
    """Whether the period that it is about is over."""
    return 0 < request.expires_at_ms <= now_ms


def _is_funded(request: BudgetRequestRow, op: AskForMore | CloseRequest, page: Page) -> bool:
    """Whether the wallet that it waits for got budget since, of which something is left."""
    top_up = page.get(TopUpRow, op.funded_by) if op.funded_by and not request.counter_id else None
    return (
        top_up is not None
        and top_up.wallet_id == op.wallet_id
        and top_up.at_ms > request.asked_at_ms
        and top_up.refunded_nanos < top_up.amount_nanos
    )


def what_of(request: BudgetRequestRow, nanos: int | None = None) -> str:
    """What is asked for, or another amount of it, in words."""
    return words.asked_for(request.amount_nanos if nanos is None else nanos, scope_of(request.counter_id))


def until_of(request: BudgetRequestRow, page: Page) -> str:
    """When a grant would end, in words and in the team's zone."""
    team = page.get(TeamRow, request.team_id)
    if team is None or not request.expires_at_ms:
        return ""
    return words.until(from_ms(request.expires_at_ms), calendar_from(team.zone, team.zones).zone)


def act_on(
    op_id: str, request: BudgetRequestRow, actor: str, kind: str, now_ms: int, *, nanos: int | None = None
) -> Row:
    """What was done about it: `subject` is whoever asked, `words` what for."""
    return ActRow(
        id=op_id,
        team_id=request.team_id,
        actor=actor,
        kind=kind,
        words=scope_of(request.counter_id) or WALLET,
        at_ms=now_ms,
        subject=request.member_id,
        amount_nanos=request.amount_nanos if nanos is None else nanos,
    )


def notice_of(
    notice_id: str,
    kind: str,
    told: str,
    request: BudgetRequestRow,
    now_ms: int,
    *,
    to_asker: bool = False,
    about: str = "",
) -> Row:
    """A notice to the admins, or to whoever asked."""
    return NoticeRow(
        id=notice_id,
        team_id=request.team_id,
        kind=kind,
        words=told,
        at_ms=now_ms,
        member_id=request.member_id if to_asker else "",
        about=about,
    )


def ask_for_more_wants(op: AskForMore, page: Page) -> Wanted:
    """Rows that `ask_for_more` reads, beside the wallet."""
    slots = [_slot_id(op, slot) for slot in (_own_slot(op), *([] if op.counter_id else [WALLET]))]
    wanted: Wanted = [(TeamRow, op.team_id), (MemberRow, op.member_id), *((ToldRow, slot) for slot in slots)]
    told = (page.peek(ToldRow, slot) for slot in slots)
    wanted += [(BudgetRequestRow, pointer.value) for pointer in told if pointer is not None]
    wanted += [(CounterRow, op.counter_id)] if op.counter_id else []
    return [*wanted, (TopUpRow, op.funded_by)] if op.funded_by else wanted


def request_wants(op: OnRequest, page: Page) -> Wanted:
    """Rows that operations on a request read, beside the wallet."""
    wanted: Wanted = [(TeamRow, op.team_id), (BudgetRequestRow, op.request_id)]
    request = page.peek(BudgetRequestRow, op.request_id)
    if request is not None and request.joins:
        wanted.append((BudgetRequestRow, request.joins))
    if request is not None and isinstance(op, CancelRequest):
        wanted += same_person_wants(request.member_id, op.member_id)
    if isinstance(op, CloseRequest) and op.funded_by:
        wanted.append((TopUpRow, op.funded_by))
    return wanted
