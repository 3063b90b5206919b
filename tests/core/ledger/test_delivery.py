"""Told once, by one at a time: what happens to a request between its end and its asker."""

import pytest

from core.defaults import DELIVERY_LEASE_SECONDS
from core.ledger.entries import OPERATOR, POOL
from core.operations import AlreadyClaimed, Claimed, Concluded, Reason, RequestState, Taken
from core.rows import KeptRow
from tests.bookkeeping import (
    LEASE_SECONDS,
    TTL_SECONDS,
    absorbed,
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    delivered,
    erase,
    expire,
    hold,
    interrupt,
    line,
    month,
    release,
    settle,
    take,
)
from tests.core.ledger.conftest import Ledger

DAY_SECONDS = 86_400
LIVE_READER_SECONDS = 60


async def interrupted_early(ledger: Ledger, ask: str = "a") -> None:
    """Claimed by a process that died before it held money; the sweep has found it."""
    await ledger.apply(claim(ask))
    ledger.clock.advance(LEASE_SECONDS)
    assert await ledger.apply(interrupt(ask)) == Concluded()


# --- what is abandoned is ended ---


async def test_an_ask_that_died_before_its_hold_ends_uncharged(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    ended = ledger.request("a")
    assert (ended.state, ended.ending, ended.cost_nanos) == ("released", "interrupted", 0)
    assert "not charged" in ended.why


async def test_nobody_ends_an_ask_within_its_lease(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS - 0.001)
    assert await ledger.refusal(interrupt("a")) is Reason.NOT_DUE


async def test_an_ask_that_holds_money_is_ended_by_the_end_of_its_hold(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    ledger.clock.advance(LEASE_SECONDS)
    assert await ledger.refusal(interrupt("a")) is Reason.NOT_DUE
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(expire("a"))
    assert await ledger.refusal(interrupt("a")) is Reason.SUPERSEDED
    assert ledger.request("a").ending == "interrupted"


async def test_the_hold_of_an_earlier_attempt_is_no_reason_to_wait(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(claim("b", "a.key"))
    ledger.clock.advance(LEASE_SECONDS)
    assert await ledger.apply(interrupt("a")) == Concluded()


async def test_what_is_over_or_somebody_elses_is_not_ended_again(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.refusal(interrupt("a")) is Reason.SUPERSEDED
    assert await ledger.refusal(interrupt("a", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.refusal(interrupt("nobody")) is Reason.NOT_FOUND


async def test_a_price_that_nobody_was_shown_is_not_waited_for(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    assert await ledger.refusal(interrupt("a")) is Reason.NOT_DUE
    ledger.clock.advance(LIVE_READER_SECONDS)
    assert await ledger.apply(interrupt("a")) == Concluded()


async def test_a_price_that_was_shown_is_waited_for(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    await ledger.apply(delivered("a"))
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.refusal(interrupt("a")) is Reason.SUPERSEDED
    assert ledger.kept("a").question == b"sealed question"


async def test_a_lease_from_a_clock_that_was_ahead_means_nothing(ledger: Ledger) -> None:
    ledger.clock.advance(10 * 365 * DAY_SECONDS)
    await ledger.apply(claim("a"))
    ledger.clock.advance(-10 * 365 * DAY_SECONDS)
    assert await ledger.apply(interrupt("a")) == Concluded()
    assert await ledger.apply(take("a")) == Taken(attempt=1, again=False)


async def test_an_attempt_that_was_ended_has_no_effect_any_more(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    assert await ledger.refusal(hold("a", 10)) is Reason.SUPERSEDED
    assert await ledger.refusal(conclude("a", RequestState.REFUSED)) is Reason.SUPERSEDED


# --- a late end books what the provider took, and no more ---


async def test_a_release_after_the_hold_expired_books_what_the_provider_took(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 40, absorbed(100))
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(expire("a"))
    late = await ledger.apply(release("a", line(7)))
    assert (late.charged_nanos, late.absorbed_nanos, late.late) == (0, 7, True)  # type: ignore[union-attr]
    assert (ledger.account(OPERATOR), ledger.account("spend:acme"), ledger.account(POOL)) == (-7, 7, 100)
    assert await ledger.refusal(release("a", line(7), id="another")) is Reason.SUPERSEDED


async def test_a_release_of_an_attempt_that_was_taken_over_gives_its_own_hold_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 40)
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(claim("b", "a.key"))
    late = await ledger.apply(release("a", line(7)))
    assert (late.absorbed_nanos, late.late, ledger.wallet) == (7, True, (100, 0))  # type: ignore[union-attr]
    assert ledger.request("a").state == "running"


# --- telling it, one at a time ---


async def test_the_live_reader_has_its_time_before_others_tell_it(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    ledger.clock.advance(LIVE_READER_SECONDS - 0.001)
    assert await ledger.refusal(take("a")) is Reason.NOT_DUE
    ledger.clock.advance(0.001)
    assert await ledger.apply(take("a")) == Taken(attempt=1, again=True)


async def test_what_died_is_told_at_once(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    assert await ledger.apply(take("a")) == Taken(attempt=1, again=False)


async def test_it_is_taken_by_one_until_the_lease_ends_and_the_next_one_knows(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    await ledger.apply(take("a"))
    ledger.clock.advance(DELIVERY_LEASE_SECONDS - 0.001)
    assert await ledger.refusal(take("a", id="other")) is Reason.NOT_DUE
    ledger.clock.advance(0.001)
    assert await ledger.apply(take("a", id="other")) == Taken(attempt=1, again=True)


@pytest.mark.parametrize("state", [RequestState.REFUSED, RequestState.AWAITING])
async def test_a_refusal_is_told_and_a_question_back_is_not(ledger: Ledger, state: RequestState) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(take("a")) is Reason.SUPERSEDED
    await ledger.apply(conclude("a", state))
    ledger.clock.advance(LIVE_READER_SECONDS)
    told = await ledger.apply(take("a"))
    assert isinstance(told, Taken) == (state is RequestState.REFUSED)


async def test_what_was_told_is_not_told_again(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    await ledger.apply(delivered("a"))
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.refusal(take("a")) is Reason.SUPERSEDED
    assert await ledger.refusal(take("a", wallet_id="wal2")) is Reason.NOT_FOUND


async def test_an_attempt_that_was_taken_over_cannot_say_that_it_was_told(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    await ledger.apply(take("a"))
    await ledger.apply(claim("again", resumes="a.1"))
    assert await ledger.refusal(delivered("a")) is Reason.SUPERSEDED
    await ledger.apply(hold("a", 20, attempt=2))
    assert await ledger.refusal(delivered("a", attempt=2)) is Reason.SUPERSEDED  # it runs
    await ledger.apply(settle("a", line(10), attempt=2))
    assert await ledger.refusal(delivered("a")) is Reason.SUPERSEDED
    assert ledger.kept("a").answer == b"sealed answer"


# --- run again ---


async def test_a_copy_of_what_was_interrupted_runs_it_again_while_nobody_was_told(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    assert await ledger.apply(claim("b", "a.key")) == Claimed(ask_id="a", attempt=2)
    assert (ledger.request("a").state, ledger.request("a").ending) == ("running", "")


@pytest.mark.parametrize("told", [False, True], ids=["being told", "told"])
async def test_a_copy_of_what_was_interrupted_does_nothing_once_somebody_tells_it(ledger: Ledger, told: bool) -> None:
    await interrupted_early(ledger)
    await ledger.apply(take("a"))
    if told:
        await ledger.apply(delivered("a"))
    ledger.clock.advance(DELIVERY_LEASE_SECONDS)
    assert await ledger.apply(claim("b", "a.key")) == AlreadyClaimed(
        ask_id="a", state=RequestState.RELEASED, charged_nanos=0, interrupted=True, delivered=told
    )


async def test_a_press_runs_what_was_interrupted_again_from_its_kept_text(ledger: Ledger) -> None:
    await interrupted_early(ledger)
    await ledger.apply(take("a"))
    await ledger.apply(delivered("a"))
    assert ledger.kept("a").question == b"sealed question"
    assert await ledger.apply(claim("press", resumes="a.1")) == Claimed(ask_id="a", attempt=2)
    assert isinstance(await ledger.apply(claim("press-2", resumes="a.1")), AlreadyClaimed)
    assert (ledger.request("a").delivered_at_ms, ledger.request("a").delivery_tries) == (0, 0)


async def test_what_was_agreed_to_before_an_interruption_is_not_agreed_to_again(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING, shown_model="acme-1", shown_nanos=50))
    await ledger.apply(delivered("a"))
    press = await ledger.apply(claim("press", resumes="a.1"))
    assert press == Claimed(ask_id="a", attempt=2, agreed_model="acme-1", agreed_nanos=50)
    ledger.clock.advance(LEASE_SECONDS)
    await ledger.apply(interrupt("a"))
    again = await ledger.apply(claim("press-2", resumes="a.2"))
    assert again == Claimed(ask_id="a", attempt=3, agreed_model="acme-1", agreed_nanos=0)


# --- nobody came ---


async def test_an_answer_that_nobody_saw_within_its_day_is_given_back_with_its_text(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10, month(50))
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.apply(erase("a")) == Concluded()
    assert (ledger.wallet, ledger.counter(month(50))) == ((100, 0), (0, 0))
    assert ledger.transfer("a.erase") == {OPERATOR: -10, POOL: 10}
    assert (ledger.request("a").cost_nanos, ledger.kept("a")) == (0, KeptRow(id="a"))


async def test_an_answer_to_a_late_press_has_a_day_of_its_own(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING))
    await ledger.apply(delivered("a"))
    ledger.clock.advance(DAY_SECONDS - 10)
    await ledger.apply(claim("press", resumes="a.1"))
    await ledger.apply(hold("a", 50, attempt=2))
    await ledger.apply(settle("a", line(30), attempt=2))
    ledger.clock.advance(DAY_SECONDS - 1)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    assert isinstance(await ledger.apply(take("a")), Taken)


async def test_an_answer_that_was_seen_is_only_erased(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    await ledger.apply(delivered("a"))
    ledger.clock.advance(DAY_SECONDS)
    await ledger.apply(erase("a"))
    assert (ledger.wallet, ledger.request("a").cost_nanos) == ((90, 0), 10)


async def test_it_is_given_back_once(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    ledger.clock.advance(DAY_SECONDS)
    await ledger.apply(erase("a"))
    await ledger.apply(erase("a", id="another-round"))
    assert ledger.wallet == (100, 0)


async def test_an_answer_that_somebody_is_just_telling_is_not_given_back(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    ledger.clock.advance(DAY_SECONDS - 1)
    await ledger.apply(take("a"))
    ledger.clock.advance(1)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(DELIVERY_LEASE_SECONDS)
    assert await ledger.refusal(take("a", id="too-late")) is Reason.NOT_DUE
    await ledger.apply(erase("a"))
    assert ledger.wallet == (100, 0)


async def test_that_it_was_given_back_is_told_too(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    ledger.clock.advance(DAY_SECONDS)
    await ledger.apply(erase("a"))
    assert await ledger.apply(take("a")) == Taken(attempt=1, again=True)
