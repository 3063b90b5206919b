"""The life of a request: who may run it now, and where it stands. Claims outlive a restart."""

from core.columns import changed
from core.defaults import KEEP_SEALED_MS, LIVE_READER_MS
from core.ids import ask_of, attempt_id
from core.ledger.delivery import (
    INTERRUPTED,
    is_interrupted,
    lease_is_over,
    may_be_resumed,
)
from core.ledger.holding import HoldState
from core.ledger.persons import same_person, same_person_wants
from core.models import NAMED
from core.operations import (
    ENDED_UNCHARGED,
    AlreadyClaimed,
    Claim,
    Claimed,
    Conclude,
    Concluded,
    Interrupt,
    KeepQuestion,
    RateAnswer,
    Reason,
    RecogniseSecret,
    Refused,
    RequestState,
    RequestStop,
)
from core.page import Page, Wanted
from core.policy import Tagged, as_typed
from core.rows import HoldRow, KeptRow, RequestKeyRow, RequestRow, Row, SecretRow, WalletRow

THE_SECRET = "books"  # noqa: S105 - the id of its one row
OnRequest = Conclude | KeepQuestion | RequestStop | Interrupt


def claim(op: Claim, page: Page, now_ms: int) -> tuple[Claimed | AlreadyClaimed | Refused, list[Row]]:
    """Take the request if nobody has it: new, run by a press, or abandoned."""
    found = _find(op, page)
    if found is None:
        known = page.get(WalletRow, op.wallet_id) is not None and not op.resumes and _may_improve(op, page)
        return _first_copy(op, page, now_ms) if known else (Refused(reason=Reason.NOT_FOUND), [])
    if found.wallet_id != op.wallet_id or not same_person(found.member_id, op.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    keys: list[Row] = [key for key in _keys(op, found.id) if page.get(RequestKeyRow, key.id) is None]
    # As it was shown to whoever pressed: a copy of a press agrees to nothing that came after it.
    pressed = op.resumes == attempt_id(found.id, found.attempt)
    if not ((pressed and may_be_resumed(found, page)) or _abandoned(found, now_ms)):
        gone = pressed and found.state in ENDED_UNCHARGED
        return (Refused(reason=Reason.NOT_FOUND), []) if gone else (_already(found), keys)
    # What was agreed to holds until it has run; after an end without an answer the price is looked at afresh.
    shown_nanos = 0 if found.state in ENDED_UNCHARGED else found.shown_nanos
    taken = changed(
        found,
        state=RequestState.RUNNING,
        attempt=found.attempt + 1,
        lease_until_ms=now_ms + op.lease_seconds * 1000,
        stop_requested=0,
        shown_nanos=shown_nanos,
        ending="",
        finished_at_ms=0,
        delivered_at_ms=0,
        delivery_tries=0,
        first_word_ms=0,
        secrets=op.secrets or found.secrets,
    )
    agreed = (_model_of(found, shown_nanos), shown_nanos) if op.resumes else ("", 0)
    claimed = Claimed(
        ask_id=taken.id,
        attempt=taken.attempt,
        agreed_model=agreed[0],
        agreed_nanos=agreed[1],
        secrets=taken.secrets,
    )
    return claimed, [taken, *keys, *_kept_again(found, page, now_ms)]


def _model_of(found: RequestRow, shown_nanos: int) -> str:
    """What is to run: the model whose price was agreed to, or what was asked for, be it a model or a way to choose."""
    chosen = found.route not in ("", NAMED)
    return found.route if chosen and not shown_nanos else found.model


def _kept_again(found: RequestRow, page: Page, now_ms: int) -> list[Row]:
    """Its question for what is left of its day: the hour of its buttons is over once it runs."""
    kept = page.get(KeptRow, found.id)
    if kept is None or not kept.question:
        return []
    return [changed(kept, erase_after_ms=min(found.started_at_ms, now_ms) + KEEP_SEALED_MS)]


def _may_improve(op: Claim, page: Page) -> bool:
    """Whether the answer that it is to better is one of the asker's own, in this wallet; without one it always may."""
    if not op.improves:
        return True
    answered = page.get(RequestRow, op.improves)
    return (
        answered is not None
        and answered.wallet_id == op.wallet_id
        and same_person(answered.member_id, op.member_id, page)
        and answered.state == RequestState.SETTLED
    )


def _abandoned(found: RequestRow, now_ms: int) -> bool:
    """Whether its process is gone, and nobody has been told so: then a copy of the question runs it again."""
    untold = is_interrupted(found) and not found.delivered_at_ms and not found.delivery_tries
    return (found.state == RequestState.RUNNING or untold) and lease_is_over(found, now_ms)


def _already(found: RequestRow) -> AlreadyClaimed:
    return AlreadyClaimed(
        ask_id=found.id,
        state=RequestState(found.state),
        charged_nanos=found.cost_nanos,
        interrupted=is_interrupted(found),
        delivered=bool(found.delivered_at_ms),
    )


def _find(op: Claim, page: Page) -> RequestRow | None:
    if op.resumes:
        return page.get(RequestRow, ask_of(op.resumes))
    known = (page.get(RequestKeyRow, key) for key in op.keys)
    asked = next((key.request_id for key in known if key is not None), op.ask_id)
    return page.get(RequestRow, asked)


def _first_copy(op: Claim, page: Page, now_ms: int) -> tuple[Claimed, list[Row]]:
    answered = page.get(RequestRow, op.improves) if op.improves else None
    chosen = op.secrets or (answered.secrets if answered is not None else "")  # it is the same question
    tagged = Tagged(answered.tag, answered.tag_by) if answered is not None else as_typed(op.tag)
    request = RequestRow(
        id=op.ask_id,
        wallet_id=op.wallet_id,
        team_id=op.team_id,
        member_id=op.member_id,
        platform=op.platform,
        workspace=op.workspace,
        channel=op.channel,
        thread=op.thread,
        state=RequestState.RUNNING,
        attempt=1,
        lease_until_ms=now_ms + op.lease_seconds * 1000,
        started_at_ms=now_ms,
        improves=op.improves,
        secrets=chosen,
        tag=tagged.name,
        tag_by=tagged.by,
    )
    kept = KeptRow(id=op.ask_id, question=op.sealed_question, erase_after_ms=now_ms + KEEP_SEALED_MS)
    return Claimed(ask_id=op.ask_id, attempt=1, secrets=chosen), [request, kept, *_keys(op, op.ask_id)]


def _keys(op: Claim, request_id: str) -> list[RequestKeyRow]:
    return [RequestKeyRow(id=key, request_id=request_id) for key in dict.fromkeys(op.keys)]


def conclude(op: Conclude, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """End a request before money is held, or set it aside until a person confirms. Its question stays for a press."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.RUNNING or request.attempt != op.attempt:
        return Refused(reason=Reason.SUPERSEDED), []
    over = op.state is not RequestState.AWAITING
    ended = changed(
        request,
        state=op.state,
        why=op.why,
        model=op.shown_model,
        shown_nanos=op.shown_nanos,
        lease_until_ms=now_ms + LIVE_READER_MS,
        finished_at_ms=now_ms if over else 0,
    )
    return Concluded(), [ended]


def keep_question(op: KeepQuestion, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Keep a running question whole, for as long as what was claimed of it would have been kept."""
    del now_ms
    request, kept = page.get(RequestRow, op.ask_id), page.get(KeptRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or kept is None or not kept.question:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.RUNNING or request.attempt != op.attempt:
        return Refused(reason=Reason.SUPERSEDED), []
    return Concluded(), [changed(kept, question=op.sealed_question)]


def interrupt(op: Interrupt, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """End a request whose process is gone; one that holds money is ended by the end of its hold."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    unseen = request.state == RequestState.AWAITING and not request.delivered_at_ms
    if request.state != RequestState.RUNNING and not unseen:
        return Refused(reason=Reason.SUPERSEDED), []
    held = page.get(HoldRow, request.hold_id) if request.hold_id else None
    is_held = held is not None and held.state == HoldState.OPEN and held.attempt == request.attempt
    if is_held or not lease_is_over(request, now_ms):
        return Refused(reason=Reason.NOT_DUE), []
    why = "the process that ran it was gone before it held money; not charged"
    gone = changed(request, state=RequestState.RELEASED, ending=INTERRUPTED, why=why)
    return Concluded(), [changed(gone, lease_until_ms=now_ms, finished_at_ms=now_ms)]


def request_stop(op: RequestStop, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Raise the stop flag of a running request."""
    del now_ms
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or request.team_id != op.team_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if op.member_id and not same_person(op.member_id, request.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.RUNNING:
        return Refused(reason=Reason.SUPERSEDED), []
    return Concluded(), [changed(request, stop_requested=1)]


def rate_answer(op: RateAnswer, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note what the asker thinks of their answer."""
    del now_ms
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.team_id != op.team_id or not same_person(request.member_id, op.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.SETTLED:
        return Refused(reason=Reason.SUPERSEDED), []
    return Concluded(), [changed(request, thumb=op.thumb)]


def recognise_secret(op: RecogniseSecret, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Take the first secret as the books' own, and refuse every other."""
    del now_ms
    known = page.get(SecretRow, THE_SECRET)
    if known is not None and known.digest != op.digest:
        return Refused(reason=Reason.OTHER_SECRET), []
    return Concluded(), [] if known is not None else [SecretRow(id=THE_SECRET, digest=op.digest)]


def secret_wants(op: RecogniseSecret, page: Page) -> Wanted:
    """Rows that `recognise_secret` reads."""
    del op, page
    return [(SecretRow, THE_SECRET)]


def claim_wants(op: Claim, page: Page) -> Wanted:
    """Rows that `claim` reads, beside the wallet."""
    wanted: Wanted = [(RequestKeyRow, key) for key in op.keys]
    keys = (page.peek(RequestKeyRow, key) for key in op.keys)
    asks = [ask_of(op.resumes) if op.resumes else op.ask_id, *(key.request_id for key in keys if key is not None)]
    wanted += [(RequestRow, ask) for ask in asks]
    wanted += [(RequestRow, op.improves)] if op.improves else []
    for ask in dict.fromkeys((*asks, op.improves)):
        found = page.peek(RequestRow, ask)
        if found is not None:
            wanted += [(KeptRow, ask), *same_person_wants(found.member_id, op.member_id)]
    return wanted


def rate_wants(op: RateAnswer, page: Page) -> Wanted:
    """Rows that `rate_answer` reads."""
    request = page.peek(RequestRow, op.ask_id)
    whose = same_person_wants(request.member_id, op.member_id) if request is not None else []
    return [(RequestRow, op.ask_id), *whose]


def request_wants(op: OnRequest, page: Page) -> Wanted:
    """Rows that the other operations on a request read."""
    wanted: Wanted = [(RequestRow, op.ask_id), (KeptRow, op.ask_id)]
    request = page.peek(RequestRow, op.ask_id)
    if request is not None and request.hold_id:
        wanted.append((HoldRow, request.hold_id))
    if request is not None and isinstance(op, RequestStop) and op.member_id:
        wanted += same_person_wants(request.member_id, op.member_id)
    return wanted
