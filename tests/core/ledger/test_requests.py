"""Claims and what follows them: one runner a request, found by any of its keys."""

import pytest

from core.operations import AlreadyClaimed, Claimed, Concluded, Reason, RequestState
from core.rows import KeptRow, RequestKeyRow, RequestRow
from tests.bookkeeping import (
    LEASE_SECONDS,
    TTL_SECONDS,
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    delivered,
    enrol,
    erase,
    hold,
    line,
    recognise,
    settle,
    stop,
)
from tests.core.ledger.conftest import Ledger
from tests.keeping import keep

DAY_SECONDS = 86_400


# --- keys ---


async def test_the_first_copy_is_claimed(ledger: Ledger) -> None:
    assert await ledger.apply(claim("a", "event-1", "message-1")) == Claimed(ask_id="a", attempt=1)
    assert [row.id for row in ledger.books.rows(RequestKeyRow)] == ["event-1", "message-1"]


async def test_copies_that_share_one_key_are_one_ask(ledger: Ledger) -> None:
    await ledger.apply(claim("a", "event-1", "message-1"))
    again = await ledger.apply(claim("b", "event-2", "message-1"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.RUNNING, charged_nanos=0)
    assert [row.id for row in ledger.books.rows(RequestRow)] == ["a"]


async def test_copies_that_share_no_key_are_two_asks(ledger: Ledger) -> None:
    await ledger.apply(claim("a", "event-1", "message-1"))
    assert await ledger.apply(claim("b", "event-2", "message-2")) == Claimed(ask_id="b", attempt=1)


async def test_a_key_that_came_with_a_copy_leads_to_the_first_ask(ledger: Ledger) -> None:
    await ledger.apply(claim("a", "event-1", "message-1"))
    await ledger.apply(claim("b", "event-2", "message-1"))
    third = await ledger.apply(claim("c", "event-2"))
    assert isinstance(third, AlreadyClaimed) and third.ask_id == "a"


async def test_a_copy_reads_what_became_of_the_first(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    again = await ledger.apply(claim("b", "a.key"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.SETTLED, charged_nanos=30)


async def test_an_ask_id_is_never_given_to_two_asks(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    again = await ledger.apply(claim("a", "other-key", id="other-claim"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.SETTLED, charged_nanos=30)
    assert ledger.request("a").cost_nanos == 30


async def test_a_claim_needs_its_wallet_and_its_own_request(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(claim("a"))
    assert await ledger.refusal(claim("b", wallet_id="nobody's")) is Reason.NOT_FOUND
    assert await ledger.refusal(claim("b", "a.key", member="zoe", wallet_id="wal2")) is Reason.NOT_FOUND


# --- leases ---


async def test_a_request_is_its_runners_until_the_lease_ends(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS - 0.001)
    assert isinstance(await ledger.apply(claim("b", "a.key")), AlreadyClaimed)
    ledger.clock.advance(0.001)
    assert await ledger.apply(claim("c", "a.key")) == Claimed(ask_id="a", attempt=2)


async def test_it_is_its_runners_as_long_as_its_hold_lives(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS - 1)  # it waited in line for its money
    await ledger.apply(hold("a", 40))
    ledger.clock.advance(TTL_SECONDS - 0.001)
    assert isinstance(await ledger.apply(claim("b", "a.key")), AlreadyClaimed)
    ledger.clock.advance(0.001)
    assert await ledger.apply(claim("c", "a.key")) == Claimed(ask_id="a", attempt=2)


async def test_nobody_else_takes_an_abandoned_ask_over(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS)
    assert await ledger.refusal(claim("b", "a.key", member="ben")) is Reason.NOT_FOUND


async def test_only_the_askers_reader_says_that_it_was_delivered(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    assert await ledger.refusal(delivered("a", member_id="ben")) is Reason.NOT_FOUND


async def test_an_admin_of_another_team_on_the_same_wallet_cannot_stop_it(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(stop("a", team_id="others")) is Reason.NOT_FOUND


async def test_the_attempt_that_takes_over_has_a_lease_of_its_own(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS)
    await ledger.apply(claim("b", "a.key"))
    assert isinstance(await ledger.apply(claim("c", "a.key")), AlreadyClaimed)


async def test_what_is_over_is_not_run_again_however_old_it_is(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    ledger.clock.advance(100 * LEASE_SECONDS)
    assert isinstance(await ledger.apply(claim("b", "a.key")), AlreadyClaimed)


async def test_the_attempt_that_takes_over_has_not_been_stopped(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(stop("a"))
    ledger.clock.advance(LEASE_SECONDS)
    await ledger.apply(claim("b", "a.key"))
    assert ledger.request("a").stop_requested == 0


# --- confirmations ---


async def test_a_press_runs_the_ask_that_waited_for_it(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    assert await ledger.apply(claim("press", resumes="a.1")) == Claimed(ask_id="a", attempt=2)
    await ledger.apply(hold("a", 10, attempt=2))
    await ledger.apply(settle("a", line(5), attempt=2))
    assert ledger.request("a").state == RequestState.SETTLED


async def test_a_second_press_runs_nothing(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    await ledger.apply(claim("press", resumes="a.1"))
    again = await ledger.apply(claim("press-2", resumes="a.1"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.RUNNING, charged_nanos=0)


async def test_a_copy_of_a_press_agrees_to_no_price_that_was_shown_after_it(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING, shown_nanos=50))
    await ledger.apply(claim("press", resumes="a.1"))
    await ledger.apply(conclude("a", RequestState.AWAITING, attempt=2, shown_nanos=90))
    for key in ("press.key", "press-2.key"):
        again = await ledger.apply(claim("copy", key, id=f"copy of {key}", resumes="a.1"))
        assert again == AlreadyClaimed(ask_id="a", state=RequestState.AWAITING, charged_nanos=0)
    assert await ledger.apply(claim("press-3", resumes="a.2")) == Claimed(ask_id="a", attempt=3, agreed_nanos=90)


@pytest.mark.parametrize("press", ["a", "a.", "a.one", ".1", "1"])
async def test_a_press_on_what_was_never_shown_runs_nothing(ledger: Ledger, press: str) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    await ledger.apply(claim("press", resumes=press))
    assert ledger.request("a").attempt == 1


async def test_only_the_asker_confirms(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    assert await ledger.refusal(claim("press", member="ben", resumes="a.1")) is Reason.NOT_FOUND


async def test_a_press_on_an_ask_that_is_not_there_runs_nothing(ledger: Ledger) -> None:
    assert await ledger.refusal(claim("press", resumes="gone.1")) is Reason.NOT_FOUND


async def test_a_redelivered_question_does_not_confirm_itself(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    ledger.clock.advance(LEASE_SECONDS)
    again = await ledger.apply(claim("b", "a.key"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.AWAITING, charged_nanos=0)


# --- endings without money ---


async def test_a_refused_ask_is_over_and_keeps_its_text_for_trying_again(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.apply(conclude("a", RequestState.REFUSED)) == Concluded()
    assert (ledger.request("a").state, ledger.kept("a").question) == ("refused", b"sealed question")


async def test_an_ask_that_waits_keeps_its_text(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    assert (ledger.request("a").finished_at_ms, ledger.kept("a").question) == (0, b"sealed question")


async def test_only_the_attempt_that_runs_concludes(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(conclude("a", RequestState.REFUSED, attempt=2)) is Reason.SUPERSEDED
    await ledger.apply(conclude("a", RequestState.REFUSED))
    assert await ledger.refusal(conclude("a", RequestState.REFUSED, id="again")) is Reason.SUPERSEDED
    assert await ledger.refusal(conclude("nobody", RequestState.REFUSED)) is Reason.NOT_FOUND


# --- stop ---


@pytest.mark.parametrize("who", ["anna", ""], ids=["the asker", "an admin"])
async def test_raises_the_stop_flag(ledger: Ledger, who: str) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    assert await ledger.apply(stop("a", who)) == Concluded()
    assert ledger.request("a").stop_requested == 1


async def test_other_members_and_other_teams_cannot_stop_it(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(claim("a"))
    assert await ledger.refusal(stop("a", "ben")) is Reason.NOT_FOUND
    assert await ledger.refusal(stop("a", wallet_id="wal2")) is Reason.NOT_FOUND


async def test_what_is_over_cannot_be_stopped(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 5)
    assert await ledger.refusal(stop("a")) is Reason.SUPERSEDED


# --- kept text ---


async def test_text_that_nobody_came_for_is_erased_after_a_day(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 5)
    ledger.clock.advance(DAY_SECONDS - 0.001)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(0.001)
    await ledger.apply(erase("a"))
    assert (ledger.kept("a").question, ledger.kept("a").answer, ledger.kept("a").erase_after_ms) == (b"", b"", 0)


async def test_erasing_and_delivering_are_for_the_own_wallet_only(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ask_settled(ledger.books, "a", 10, 5)
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.refusal(erase("a", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.refusal(delivered("a", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.refusal(delivered("nobody")) is Reason.NOT_FOUND


async def test_text_that_was_kept_while_the_clock_was_ahead_is_erased(ledger: Ledger) -> None:
    ledger.clock.advance(10 * 365 * 86_400)
    await ledger.apply(claim("a"))
    ledger.clock.advance(-10 * 365 * 86_400)
    assert await ledger.apply(erase("a")) == Concluded()
    assert ledger.kept("a").question == b""


# --- the secret ---


async def test_the_first_secret_is_the_books_own_and_no_other_is_taken(ledger: Ledger) -> None:
    assert await ledger.apply(recognise("first")) == Concluded()
    assert await ledger.apply(recognise("first", id="restart")) == Concluded()
    assert await ledger.refusal(recognise("second")) is Reason.OTHER_SECRET


# --- what is kept of a question ---


async def test_a_running_question_is_kept_whole_for_as_long_as_before(ledger: Ledger) -> None:
    await ledger.apply(claim("a", sealed_question=b"words"))
    until_ms = ledger.one(KeptRow, "a").erase_after_ms
    assert await ledger.apply(keep("a", b"all of it")) == Concluded()
    kept = ledger.one(KeptRow, "a")
    assert (kept.question, kept.erase_after_ms) == (b"all of it", until_ms)


async def test_another_attempt_an_ended_ask_and_another_wallet_keep_nothing(ledger: Ledger) -> None:
    await ledger.apply(claim("a", sealed_question=b"words"))
    assert await ledger.refusal(keep("a", b"x", attempt=2)) is Reason.SUPERSEDED
    assert await ledger.refusal(keep("a", b"x", id="other", wallet_id="")) is Reason.NOT_FOUND
    assert await ledger.refusal(keep("none", b"x")) is Reason.NOT_FOUND
    await ledger.apply(conclude("a", RequestState.REFUSED))
    assert await ledger.refusal(keep("a", b"x", id="late")) is Reason.SUPERSEDED


async def test_what_is_erased_does_not_come_back(ledger: Ledger) -> None:
    await ledger.apply(claim("a", sealed_question=b"words"))
    ledger.clock.advance(DAY_SECONDS)
    await ledger.apply(erase("a"))
    assert await ledger.refusal(keep("a", b"all of it")) is Reason.NOT_FOUND
