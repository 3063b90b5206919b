"""The life of a request: who may run it now, and where it stands. Claims outlive a restart."""

from core.defaults import CLOCK_SLACK_MS
from core.operations import (
    AlreadyClaimed,
    Claim,
    Claimed,
    Conclude,
    Concluded,
    ConfirmDelivery,
    EraseKept,
    Reason,
    RecogniseSecret,
    Refused,
    RequestState,
    RequestStop,
)
from core.page import Page, Wanted
from core.rows import KeptRow, RequestKeyRow, RequestRow, Row, SecretRow, WalletRow, changed

THE_SECRET = "books"  # noqa: S105 - the id of its one row
OnRequest = Conclude | RequestStop | ConfirmDelivery | EraseKept

KEEP_SEALED_MS = 24 * 3600 * 1000
"""Sealed text is erased when delivered; what nobody came for, by the first sweep after a day."""


def claim(op: Claim, page: Page, now_ms: int) -> tuple[Claimed | AlreadyClaimed | Refused, list[Row]]:
    """Take the request if nobody has it: new, confirmed by a press, or abandoned (its lease ran out)."""
    found = _find(op, page)
    if found is None:
        known = page.get(WalletRow, op.wallet_id) is not None and not op.confirms
        return _first_copy(op, now_ms) if known else (Refused(reason=Reason.NOT_FOUND), [])
    if found.wallet_id != op.wallet_id or found.member_id != op.member_id:
        return Refused(reason=Reason.NOT_FOUND), []
    keys: list[Row] = [key for key in _keys(op, found.id) if page.get(RequestKeyRow, key.id) is None]
    confirmed = bool(op.confirms) and found.state == RequestState.AWAITING
    abandoned = found.state == RequestState.RUNNING and now_ms >= found.lease_until_ms
    if not (confirmed or abandoned):
        state = RequestState(found.state)
        return AlreadyClaimed(ask_id=found.id, state=state, charged_nanos=found.cost_nanos), keys
    taken = changed(
        found,
        state=RequestState.RUNNING,
        attempt=found.attempt + 1,
        lease_until_ms=now_ms + op.lease_seconds * 1000,
        stop_requested=0,
    )
    agreed = (found.model, found.shown_nanos) if op.confirms else ("", 0)
    claimed = Claimed(ask_id=taken.id, attempt=taken.attempt, agreed_model=agreed[0], agreed_nanos=agreed[1])
    return claimed, [taken, *keys]


def _find(op: Claim, page: Page) -> RequestRow | None:
    if op.confirms:
        return page.get(RequestRow, op.confirms)
    known = (page.get(RequestKeyRow, key) for key in op.keys)
    asked = next((key.request_id for key in known if key is not None), op.ask_id)
    return page.get(RequestRow, asked)


def _first_copy(op: Claim, now_ms: int) -> tuple[Claimed, list[Row]]:
    request = RequestRow(
        id=op.ask_id,
        wallet_id=op.wallet_id,
        team_id=op.team_id,
        member_id=op.member_id,
        platform=op.platform,
        channel=op.channel,
        thread=op.thread,
        state=RequestState.RUNNING,
        attempt=1,
        lease_until_ms=now_ms + op.lease_seconds * 1000,
        started_at_ms=now_ms,
    )
    kept = KeptRow(id=op.ask_id, question=op.sealed_question, erase_after_ms=now_ms + KEEP_SEALED_MS)
    return Claimed(ask_id=op.ask_id, attempt=1), [request, kept, *_keys(op, op.ask_id)]


def _keys(op: Claim, request_id: str) -> list[RequestKeyRow]:
    return [RequestKeyRow(id=key, request_id=request_id) for key in dict.fromkeys(op.keys)]


def conclude(op: Conclude, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """End a request before money is held, or set it aside until a person confirms."""
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
        finished_at_ms=now_ms if over else 0,
    )
    return Concluded(), [ended, *(_erased(page, op.ask_id) if over else [])]


def request_stop(op: RequestStop, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Raise the stop flag of a running request."""
    del now_ms
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or request.team_id != op.team_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if op.member_id not in ("", request.member_id):
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state != RequestState.RUNNING:
        return Refused(reason=Reason.SUPERSEDED), []
    return Concluded(), [changed(request, stop_requested=1)]


def confirm_delivery(op: ConfirmDelivery, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """The reader has everything: erase what was kept of the text."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or request.member_id != op.member_id:
        return Refused(reason=Reason.NOT_FOUND), []
    return Concluded(), [changed(request, delivered_at_ms=now_ms), *_erased(page, op.ask_id)]


def _erased(page: Page, ask_id: str) -> list[Row]:
    kept = page.get(KeptRow, ask_id)
    return [changed(kept, question=b"", answer=b"", erase_after_ms=0)] if kept is not None else []


def erase_kept(op: EraseKept, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Erase what was kept too long."""
    request, kept = page.get(RequestRow, op.ask_id), page.get(KeptRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or kept is None:
        return Refused(reason=Reason.NOT_FOUND), []
    # Kept for more than a day to come: the clock was ahead when it was kept.
    if now_ms < kept.erase_after_ms <= now_ms + KEEP_SEALED_MS + CLOCK_SLACK_MS:
        return Refused(reason=Reason.NOT_DUE), []
    return Concluded(), _erased(page, op.ask_id)


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
    wanted: Wanted = [(RequestRow, op.confirms or op.ask_id)]
    for key in op.keys:
        wanted.append((RequestKeyRow, key))
        found = page.peek(RequestKeyRow, key)
        if found is not None:
            wanted.append((RequestRow, found.request_id))
    return wanted


def request_wants(op: OnRequest, page: Page) -> Wanted:
    """Rows that the other operations on a request read."""
    del page
    return [(RequestRow, op.ask_id), (KeptRow, op.ask_id)]
