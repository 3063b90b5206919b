"""How a request's end reaches its asker: told once, by one process at a time, and erased when nobody could be told."""

from core.columns import changed
from core.defaults import CLOCK_SLACK_MS, KEEP_FOR_BUTTONS_MS, KEEP_SEALED_MS, MAX_LEASE_MS
from core.ledger.persons import same_person, same_person_wants
from core.ledger.reversing import reverse, reverse_wants
from core.operations import (
    ENDED_UNCHARGED,
    Concluded,
    ConfirmDelivery,
    EraseKept,
    Reason,
    Refused,
    RequestState,
    Reverse,
    TakeDelivery,
    Taken,
)
from core.page import Page, Wanted
from core.people import CHIPIN
from core.rows import KeptRow, NoticeRow, RequestRow, Row

INTERRUPTED = "interrupted"
"""The ending of a request whose process went away."""


def lease_is_over(leased: RequestRow | NoticeRow, now_ms: int) -> bool:
    """Whether its time is up. A lease of more than the longest was given while the clock was ahead."""
    return not now_ms < leased.lease_until_ms <= now_ms + MAX_LEASE_MS + CLOCK_SLACK_MS


def take_delivery(op: TakeDelivery, page: Page, now_ms: int) -> tuple[Taken | Refused, list[Row]]:
    """Take it on to tell the end, if nobody was told and nobody is at it."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if request.delivered_at_ms or request.state in (RequestState.RUNNING, RequestState.AWAITING):
        return Refused(reason=Reason.SUPERSEDED), []
    kept = page.get(KeptRow, op.ask_id)
    too_late = kept is not None and kept.answer != b"" and _day_is_over(kept, now_ms)
    if too_late or not lease_is_over(request, now_ms):
        return Refused(reason=Reason.NOT_DUE), []
    until_ms, tries = now_ms + op.lease_seconds * 1000, request.delivery_tries
    taken = changed(request, lease_until_ms=until_ms, delivery_tries=tries + 1)
    # Whoever ran it to its end may have shown that end, and died before it could say so.
    return Taken(attempt=request.attempt, again=tries > 0 or not is_interrupted(request)), [taken]


def confirm_delivery(op: ConfirmDelivery, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """The asker knows how it stands: erase the answer, and keep the question only while a press may want it."""
    request = page.get(RequestRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or not same_person(request.member_id, op.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if request.state == RequestState.RUNNING or request.attempt != op.attempt:
        return Refused(reason=Reason.SUPERSEDED), []
    rows: list[Row] = [changed(request, delivered_at_ms=now_ms)]
    if request.state == RequestState.AWAITING:
        return Concluded(), rows
    return Concluded(), [*rows, *_kept_for_buttons(page, op.ask_id, now_ms)]


def _kept_for_buttons(page: Page, ask_id: str, now_ms: int) -> list[Row]:
    """The question without its answer, for as long as its buttons are there, and no longer than it was kept anyway."""
    kept = page.get(KeptRow, ask_id)
    if kept is None or not kept.question:
        return erased(page, ask_id)
    until_ms = min(kept.erase_after_ms, now_ms + KEEP_FOR_BUTTONS_MS)
    return [changed(kept, answer=b"", erase_after_ms=until_ms)]


def may_be_resumed(request: RequestRow, page: Page) -> bool:
    """Whether a press may run it: it waits for a confirmation, or ended uncharged and its question is still kept."""
    if request.state == RequestState.AWAITING:
        return True
    kept = page.get(KeptRow, request.id)
    return request.state in ENDED_UNCHARGED and kept is not None and kept.question != b""


def is_interrupted(request: RequestRow) -> bool:
    """Whether its process went away before it was over."""
    return request.state == RequestState.RELEASED and request.ending == INTERRUPTED


def erased(page: Page, ask_id: str) -> list[Row]:
    """What is kept of a text, without the text."""
    kept = page.get(KeptRow, ask_id)
    return [changed(kept, question=b"", answer=b"", erase_after_ms=0)] if kept is not None else []


def erase_kept(op: EraseKept, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Erase what was kept too long. An answer that nobody saw is not charged: its charge goes back with it.

    One that was delivered has been seen, however long its question stayed for its buttons: its charge stays.
    """
    request, kept = page.get(RequestRow, op.ask_id), page.get(KeptRow, op.ask_id)
    if request is None or request.wallet_id != op.wallet_id or kept is None:
        return Refused(reason=Reason.NOT_FOUND), []
    unseen = request.state == RequestState.SETTLED and not request.delivered_at_ms
    if not _day_is_over(kept, now_ms) or (unseen and not lease_is_over(request, now_ms)):
        return Refused(reason=Reason.NOT_DUE), []
    return Concluded(), [*(_given_back(op, page, now_ms) if unseen else []), *erased(page, op.ask_id)]


def _given_back(op: EraseKept, page: Page, now_ms: int) -> list[Row]:
    reason = "nobody saw the answer within a day"
    back = Reverse(id=op.id, wallet_id=op.wallet_id, ask_id=op.ask_id, actor=CHIPIN, reason=reason)
    return reverse(back, page, now_ms)[1]


def _day_is_over(kept: KeptRow, now_ms: int) -> bool:
    """Whether it is to be erased. Kept for more than a day to come: the clock was ahead when it was kept."""
    return not now_ms < kept.erase_after_ms <= now_ms + KEEP_SEALED_MS + CLOCK_SLACK_MS


def delivery_wants(op: TakeDelivery | ConfirmDelivery | EraseKept, page: Page) -> Wanted:
    """Rows that these operations read, beside the wallet."""
    wanted: Wanted = [(RequestRow, op.ask_id), (KeptRow, op.ask_id)]
    request = page.peek(RequestRow, op.ask_id)
    if request is not None and isinstance(op, ConfirmDelivery):
        wanted += same_person_wants(request.member_id, op.member_id)
    return [*wanted, *reverse_wants(op, page)] if isinstance(op, EraseKept) else wanted
