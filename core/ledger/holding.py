"""Hold and rehold: check the pool and every limit, and take from all of them, in one step."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from core.columns import changed
from core.ledger.in_force import (
    InForce,
    likely,
    limits_in_force,
    ruling_on,
    totals_of,
    wanted_in_force,
)
from core.ledger.persons import speaks_as
from core.operations import Held, Hold, Reason, Refused, Rehold, RequestState
from core.page import Page, Wanted
from core.people import OPERATOR
from core.policy import EVERYONE, Setting, Tagged, member_target, tagged_under
from core.quota import Limit, Measure, Scope, SetBy, Totals
from core.rows import CounterRow, HoldRow, MemberRow, RequestRow, Row, TeamRow, WalletRow
from core.together import added_up

Result = tuple[Held | Refused, list[Row]]


BY_ADMIN, BY_OPERATOR = 1, 2
"""Whose pause it is that a team or a member has, as their rows keep it."""


class HoldState(StrEnum):
    """Where a hold stands; only `OPEN` keeps money aside."""

    OPEN = "open"
    SETTLED = "settled"
    RELEASED = "released"
    EXPIRED = "expired"


def hold(op: Hold, page: Page, now_ms: int) -> Result:
    """Check pool and limits, and take from all of them, in one step."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.RUNNING or request.attempt != op.attempt or _has_open_hold(request, page):
        return Refused(reason=Reason.SUPERSEDED), []
    if request.stop_requested:
        return Refused(reason=Reason.STOPPED), []
    now = _allowed(op, request, page)
    if isinstance(now, Refused):
        return now, []
    limits = now.limits
    amount = fit(page, op.wallet_id, now, amount=op.amount_nanos, least=op.min_nanos)
    if isinstance(amount, Refused):
        return amount, []
    taken = HoldRow(
        id=op.id,
        wallet_id=op.wallet_id,
        request_id=op.ask_id,
        attempt=op.attempt,
        state=HoldState.OPEN,
        amount_nanos=amount,
        counters=_counter_ids(limits),
        provider=op.provider,
        model=op.model,
        opened_at_ms=now_ms,
        deadline_ms=now_ms + op.ttl_seconds * 1000,
        beside=_spending_beside(now),
    )
    tagged = _tagged(op, request, page)
    # The lease lasts as long as the hold: until then its owner may settle, and a copy of the question would pay again.
    lease_until_ms = max(request.lease_until_ms, taken.deadline_ms)
    asked = changed(
        request,
        hold_id=op.id,
        provider=op.provider,
        model=op.model,
        lease_until_ms=lease_until_ms,
        route=op.route,
        needed_tier=op.needed_tier,
        variant=op.variant,
        tag=tagged.name,
        tag_by=tagged.by,
    )
    return Held(hold_id=op.id, amount_nanos=amount), [taken, asked, *_take(page, op.wallet_id, limits, amount)]


def _tagged(op: Hold, request: RequestRow, page: Page) -> Tagged:
    """What it counts for. What runs a question again counts for what that counted for, be it nothing."""
    typed = Tagged(request.tag, request.tag_by)
    return typed if typed.by or request.improves else tagged_under(typed, ruling_on(op, request, page))


def _allowed(op: Hold | Rehold, request: RequestRow, page: Page) -> InForce | Refused:
    """The limits that are in force for this ask now, or why there is no ask at all."""
    if (frozen := _frozen(request, page)) is not None:
        return frozen
    if op.asker.gone:  # who was restored asks by their other identities only
        return Refused(reason=Reason.SUSPENDED)
    ruling = ruling_on(op, request, page)
    if not ruling.may_ask:
        return Refused(reason=Reason.MAY_NOT_ASK, set_by=ruling.may_ask_by)
    if not ruling.allows_model(op.model, op.provider):
        return Refused(reason=Reason.MODEL_NOT_ALLOWED, set_by=ruling.values[Setting.MODELS].set_by)
    return limits_in_force(op, request, ruling, page)


def rehold(op: Rehold, page: Page, now_ms: int) -> Result:
    """Change an open hold to another amount, at once or not at all.

    Of whoever is frozen the call that runs finishes, but no other begins: the old hold stays as it was.
    """
    del now_ms
    old = current_hold(op.hold_id, op.attempt, op.wallet_id, page)
    if isinstance(old, Refused):
        return old, []
    request = page.get(RequestRow, old.request_id)
    assert request is not None  # noqa: S101 - a current hold is its request's
    given_back = give_back(page, old, charged=0, absorbed=0)
    without_it = page.with_rows(given_back)
    now = _allowed(op, request, without_it)
    if isinstance(now, Refused):
        return now, []
    limits = now.limits
    amount = fit(without_it, op.wallet_id, now, amount=op.amount_nanos, least=op.amount_nanos)
    if isinstance(amount, Refused):
        return amount, []
    reheld = changed(
        old,
        amount_nanos=amount,
        counters=_counter_ids(limits),
        provider=op.provider,
        model=op.model,
        reheld_by=op.id,
        beside=_spending_beside(now),
    )
    asked = changed(request, provider=op.provider, model=op.model)
    # Later rows replace earlier ones: what the new hold takes stands on top of what the old one gave back.
    taken = _take(without_it, op.wallet_id, limits, amount)
    return Held(hold_id=old.id, amount_nanos=amount), [reheld, *given_back, asked, *taken]


def fit(page: Page, wallet_id: str, now: InForce, *, amount: int, least: int) -> int | Refused:
    """The most of `amount` that every limit and the pool have room for, or the first that has not even `least`.

    What other accounts of the same person used and hold counts with what this one did.
    """
    wallet = page.get(WalletRow, wallet_id)
    if wallet is None:
        return Refused(reason=Reason.NOT_FOUND)
    for limit in now.limits:
        own = _counter(page, limit, wallet_id)
        if own.wallet_id != wallet_id:
            return Refused(reason=Reason.NOT_FOUND)
        beside = (totals_of(page.get(CounterRow, each)) for each in now.beside.get(limit.counter_id, ()))
        counter = added_up((totals_of(own), *beside)) or Totals()
        needed = _takes(limit.scope, least)
        room = limit.at_most - counter.used - counter.held
        if needed > room:
            free_later = counter.held > 0 and counter.used + needed <= limit.at_most
            return Refused(
                reason=Reason.LIMIT_HELD if free_later else Reason.LIMIT,
                needed=needed,
                used=counter.used,
                held=counter.held,
                limit=limit,
            )
        if limit.scope.measure in (Measure.SPEND, Measure.EACH):
            amount = min(amount, room)
    if least > wallet.available_nanos:
        free_later = least <= wallet.available_nanos + wallet.held_nanos
        return Refused(
            reason=Reason.WALLET_HELD if free_later else Reason.WALLET_EMPTY,
            needed=least,
            available=wallet.available_nanos,
            held=wallet.held_nanos,
        )
    return min(amount, wallet.available_nanos)


def _takes(scope: Scope, amount: int) -> int:
    """What an open hold of `amount` keeps of a counter."""
    match scope.measure:
        case Measure.SPEND | Measure.EACH:
            return amount
        case Measure.IN_FLIGHT:
            return 1
        case Measure.ABSORBED | Measure.TOPPED_UP:
            return 0


def _stays(scope: Scope, *, charged: int, absorbed: int) -> int:
    """What a closed hold leaves on a counter."""
    match scope.measure:
        case Measure.SPEND:
            return charged
        case Measure.IN_FLIGHT | Measure.EACH | Measure.TOPPED_UP:
            return 0
        case Measure.ABSORBED:
            return absorbed


def _take(page: Page, wallet_id: str, limits: Iterable[Limit], amount: int) -> list[Row]:
    rows: list[Row] = []
    for limit in _counted(limits):
        counter = _counter(page, limit, wallet_id)
        limited_to = limit.at_most - limit.granted
        rows.append(changed(counter, held=counter.held + _takes(limit.scope, amount), limited_to=limited_to))
    wallet = page.get(WalletRow, wallet_id)
    if wallet is not None:
        available, held = wallet.available_nanos - amount, wallet.held_nanos + amount
        rows.append(changed(wallet, available_nanos=available, held_nanos=held))
    return rows


def give_back(page: Page, held: HoldRow, *, charged: int, absorbed: int) -> list[Row]:
    """The totals after a hold ends: what it kept aside comes back, what it charged stays used.

    A hold that is closed already has nothing aside any more; only what stays is added.
    """
    is_open = held.state == HoldState.OPEN
    aside = held.amount_nanos if is_open else 0
    rows: list[Row] = []
    for counter_id in held.counters.split():
        counter = page.get(CounterRow, counter_id)
        if counter is not None:
            scope = Scope(counter.scope)
            used = counter.used + _stays(scope, charged=charged, absorbed=absorbed)
            freed = _takes(scope, held.amount_nanos) if is_open else 0
            rows.append(changed(counter, used=used, held=counter.held - freed))
    wallet = page.get(WalletRow, held.wallet_id)
    if wallet is not None:
        available, still_held = wallet.available_nanos + aside - charged, wallet.held_nanos - aside
        rows.append(changed(wallet, available_nanos=available, held_nanos=still_held))
    return rows


def _spending_beside(now: InForce) -> str:
    """What `HoldRow.beside` keeps: for whoever tells what is left when it is over."""
    spent = (limit for limit in now.limits if limit.scope.measure is Measure.SPEND)
    return " ".join(each for limit in spent for each in now.beside.get(limit.counter_id, ()))


def _counter_ids(limits: Iterable[Limit]) -> str:
    return " ".join(limit.counter_id for limit in _counted(limits))


def _counted(limits: Iterable[Limit]) -> Iterator[Limit]:
    """Those that a counter stands behind."""
    return (limit for limit in limits if limit.scope.measure is not Measure.EACH)


def _counter(page: Page, limit: Limit, wallet_id: str) -> CounterRow:
    known = page.get(CounterRow, limit.counter_id) if limit.scope.measure is not Measure.EACH else None
    return known or CounterRow(
        id=limit.counter_id, wallet_id=wallet_id, scope=limit.scope, subject=limit.subject, label=limit.label
    )


def _frozen(request: RequestRow, page: Page) -> Refused | None:
    team = page.get(TeamRow, request.team_id)
    member = page.get(MemberRow, speaks_as(request.member_id, page.get))
    if team is not None and team.frozen:
        return Refused(reason=Reason.FROZEN, set_by=SetBy(EVERYONE, _pausing(team)))
    if member is not None and member.frozen:
        return Refused(reason=Reason.MEMBER_FROZEN, set_by=SetBy(member_target(member.id), _pausing(member)))
    if member is not None and (member.suspended or member.forgotten_at_ms):
        return Refused(reason=Reason.SUSPENDED)
    return None


def _pausing(frozen: TeamRow | MemberRow) -> str:
    """Whose pause it is, as far as a row tells: the operator's, or some admin's."""
    return OPERATOR if frozen.frozen == BY_OPERATOR else ""


def _has_open_hold(request: RequestRow, page: Page) -> bool:
    held = page.get(HoldRow, request.hold_id) if request.hold_id else None
    return held is not None and held.state == HoldState.OPEN and held.attempt == request.attempt


def current_hold(hold_id: str, attempt: int, wallet_id: str, page: Page) -> HoldRow | Refused:
    """The open hold that this attempt still owns, or why it owns none."""
    held = page.get(HoldRow, hold_id)
    if held is None or held.wallet_id != wallet_id:
        return Refused(reason=Reason.NOT_FOUND)
    request = page.get(RequestRow, held.request_id)
    current = request is not None and request.attempt == attempt == held.attempt
    if held.state != HoldState.OPEN or not current:
        return Refused(reason=Reason.SUPERSEDED)
    return held


def hold_wants(op: Hold, page: Page) -> Wanted:
    """Rows that `hold` reads, beside the wallet."""
    wanted: Wanted = [(RequestRow, op.ask_id), *likely(op)]
    request = page.peek(RequestRow, op.ask_id)
    if request is not None:
        wanted += wanted_in_force(op, request, page)
        if request.hold_id:
            wanted.append((HoldRow, request.hold_id))
    return wanted
