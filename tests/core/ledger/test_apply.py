"""The same operation again: its first outcome, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from core.errors import OperationConflict
from core.operations import Claimed, GiveLeaseUp, Operation, Refused, RequestState, TakeLease
from core.refill_rule import RefillRule
from core.rows import OperationRow
from tests.billing import bill
from tests.bookkeeping import (
    TTL_SECONDS,
    ask_more,
    ask_settled,
    ask_with_hold,
    cancel_request,
    claim,
    close_request,
    conclude,
    confirm_notice,
    decide,
    delivered,
    enrol,
    erase,
    expire,
    freeze,
    hold,
    interrupt,
    line,
    month,
    month_limit,
    note_identity,
    post_notice,
    prefer,
    rate,
    recognise,
    refund,
    rehold,
    release,
    restore,
    reverse,
    set_admin,
    set_gone,
    settle,
    stop,
    take,
    take_notice,
    tell_change,
    top_up,
    zone,
)
from tests.core.ledger.conftest import Ledger
from tests.forgetting import erase_traces, forget, let_go, welcome
from tests.keeping import erase_press, keep, keep_press
from tests.linking import agree, give, joined, linking, linking_teams, part, teams, typed
from tests.telling import offer_refill, post_digest, refill, set_refill

RUNS, HOLDS, SETTLED, REFUSED = "runs", "holds", "settled", "refused"
JOINED, GONE, FORGOTTEN = "joined", "gone", "forgotten"
POSTED, TAKEN, ASKED, LAPSED, PRESSED = "posted", "taken", "asked for more", "lapsed", "pressed"
BY_CODE = GIVEN, TYPED, AGREED, LINKED = "given", "typed", "agreed", "linked"
TWO_TEAMS, LOW = "two teams", "below the line of the refill rule"
LOW_RULE = RefillRule(2_000, 50, 200)
EVERY_KIND = [
    (enrol("ben"), ""),
    (top_up("more", 25), ""),
    (refund("back", "budget"), ""),
    (month_limit("limit", 7), ""),
    (zone("elsewhere", "Asia/Kolkata"), ""),
    (prefer("likes", "model", "small-1"), ""),
    (freeze("stop"), ""),
    (note_identity("seen"), ""),
    (set_admin("made", "ben"), JOINED),
    (set_gone("left", "ben"), JOINED),
    (restore("again", "ben"), GONE),
    (welcome("hello"), ""),
    (forget("bye"), ""),
    (erase_traces("traces", asks=("a",)), SETTLED),
    (let_go("gone"), FORGOTTEN),
    (claim("b"), ""),
    (conclude("a", RequestState.REFUSED), RUNS),
    (hold("a", 10, month(50)), RUNS),
    (stop("a"), HOLDS),
    (keep("a", b"whole"), RUNS),
    (rehold("a", 20, month(50)), HOLDS),
    (settle("a", line(5), line(8, provider="other")), HOLDS),
    (release("a", line(5)), HOLDS),
    (expire("a"), HOLDS),
    (interrupt("a"), RUNS),
    (take("a"), REFUSED),
    (delivered("a"), SETTLED),
    (erase("a"), SETTLED),
    (reverse("a"), SETTLED),
    (rate("a"), SETTLED),
    (keep_press("kept"), ""),
    (erase_press("over"), PRESSED),
    (recognise("first"), ""),
    (post_notice("gone"), ""),
    (post_digest("2026-W47"), ""),
    (offer_refill("offered", "budget"), LOW),
    (refill("budget", LOW_RULE), LOW),
    (bill("bill"), ""),
    (tell_change("price", "", "12"), ""),
    (take_notice("gone"), POSTED),
    (confirm_notice("gone"), TAKEN),
    (ask_more("more", 5, member_id="anna", counter_id="member_month:anna:2026-11"), ""),
    (decide("yes", "r"), ASKED),
    (cancel_request("no", "r"), ASKED),
    (close_request("late", "r"), LAPSED),
    (give("code given"), ""),
    (typed("code typed"), GIVEN),
    (agree("code agreed"), TYPED),
    (joined("code joined"), AGREED),
    (part("apart"), LINKED),
    (teams("teams"), TWO_TEAMS),
]

NOT_REMEMBERED = (TakeLease, GiveLeaseUp)
"""A lease is kept every few seconds, for years: tests/core/ledger/test_leases.py."""


def _steps(stage: str) -> list[Operation[Any]]:
    """What codes need before, which are good for ten minutes; and what is set before a wallet runs low."""
    if stage == TWO_TEAMS:
        return [enrol("zoe", team="others", wallet="wal2"), *linking_teams()]
    if stage == LOW:
        return [set_refill("rule", LOW_RULE)]
    return linking()[: BY_CODE.index(stage) + 1] if stage in BY_CODE else []


async def prepare(ledger: Ledger, stage: str) -> None:
    if stage in (RUNS, REFUSED):
        await ledger.apply(claim("a"))
    if stage == REFUSED:
        await ledger.apply(conclude("a", RequestState.REFUSED, id="refused"))
    if stage == HOLDS:
        await ask_with_hold(ledger.books, "a", 40, month(50))
    if stage == SETTLED:
        await ask_settled(ledger.books, "a", 40, 10, month(50))
    if stage in (JOINED, GONE, *BY_CODE):
        await ledger.apply(enrol("ben"))
    if stage == FORGOTTEN:
        await ledger.apply(forget("before"))
    if stage == GONE:
        await ledger.apply(set_gone("off", "ben"))
    if stage in (POSTED, TAKEN):
        await ledger.apply(post_notice("gone"))
    if stage == TAKEN:
        await ledger.apply(take_notice("gone", id="taken"))
    if stage == PRESSED:
        await ledger.apply(keep_press("pressed"))
    if stage in (ASKED, LAPSED):
        await ledger.apply(enrol("ben"))
        await ledger.apply(ask_more("r", 5))
    ledger.clock.advance(TTL_SECONDS + 86_400 * (20 if stage in (LAPSED, FORGOTTEN) else 1))
    for step in _steps(stage):
        await ledger.apply(step)


@pytest.mark.parametrize(("operation", "stage"), EVERY_KIND, ids=lambda each: type(each).__name__)
async def test_done_again_it_changes_nothing_and_answers_the_same(
    ledger: Ledger, operation: Operation[Any], stage: str
) -> None:
    await prepare(ledger, stage)
    first = await ledger.apply(operation)
    assert not isinstance(first, Refused) and not first.replayed
    after = ledger.everything()
    again = await ledger.apply(operation)
    assert (again, again.replayed, ledger.everything()) == (first, True, after)


@pytest.mark.parametrize(("operation", "stage"), EVERY_KIND, ids=lambda each: type(each).__name__)
async def test_its_id_with_other_fields_is_a_conflict(ledger: Ledger, operation: Operation[Any], stage: str) -> None:
    await prepare(ledger, stage)
    await ledger.apply(operation)
    after = ledger.everything()
    with pytest.raises(OperationConflict):
        await ledger.apply(replace(operation, wallet_id="another"))
    with pytest.raises(OperationConflict):
        await ledger.apply(claim("c", id=operation.id))
    assert ledger.everything() == after


async def test_sealed_text_may_differ_when_it_comes_again(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    again = await ledger.apply(claim("a", sealed_question=b"sealed anew"))
    assert isinstance(again, Claimed) and again.replayed
    assert ledger.kept("a").question == b"sealed question"


# --- what an earlier release did ---

OF_VERSION_0004 = [
    (claim("a"), "0afe0caa44b563f98a6aac37d378bb8d"),
    (hold("a", 10, month(5)), "a6bfb5b3bd5713aa0537bcda3e889f3e"),
    (settle("a", line(3)), "bed3ce0c826aa9388dd1d1223b2cd190"),
    (release("a", line(2)), "b921f0748180f06052e084c307ee4a28"),
]
"""As the release with schema 0004 wrote them down, before these operations could ask for more."""

ASKED_SINCE = [
    claim("a", improves="an answer"),
    hold("a", 10, month(5), route="auto"),
    hold("a", 10, month(5), needed_tier=2),
    hold("a", 10, month(5), variant="new"),
    hold("a", 10, month(5), route="new"),
    settle("a", line(3), first_word_ms=5),
    settle("a", line(3, reported=3)),
    settle("a", line(3, reported=0)),
    release("a", line(2), first_word_ms=5),
]


@pytest.mark.parametrize(("operation", "fingerprint"), OF_VERSION_0004, ids=lambda each: type(each).__name__)
async def test_what_an_earlier_release_did_is_recognised(
    ledger: Ledger, operation: Operation[Any], fingerprint: str
) -> None:
    done = '["Concluded",{}]'
    ledger.books.has(OperationRow(id=operation.id, fingerprint=fingerprint, outcome=done, at_ms=1))
    assert (await ledger.apply(operation)).replayed


@pytest.mark.parametrize("operation", ASKED_SINCE, ids=lambda each: type(each).__name__)
async def test_what_it_could_not_ask_for_is_another_thing(ledger: Ledger, operation: Operation[Any]) -> None:
    known = {type(operation): fingerprint for operation, fingerprint in OF_VERSION_0004}
    fingerprint = known[type(operation)]
    ledger.books.has(OperationRow(id=operation.id, fingerprint=fingerprint, outcome="", at_ms=1))
    with pytest.raises(OperationConflict):
        await ledger.apply(operation)


async def test_every_kind_of_operation_is_tried_here() -> None:
    # By name: a slotted dataclass leaves its unslotted draft behind.
    kinds = {kind.__name__ for kind in Operation.__subclasses__()} - {kind.__name__ for kind in NOT_REMEMBERED}
    assert {type(operation).__name__ for operation, _ in EVERY_KIND} == kinds


async def test_a_refusal_is_not_remembered(ledger: Ledger) -> None:
    done = ledger.books.rows(OperationRow)
    await ledger.refusal(refund("back", "nothing"))
    await ledger.refusal(settle("nobody", line(1)))
    assert ledger.books.rows(OperationRow) == done
