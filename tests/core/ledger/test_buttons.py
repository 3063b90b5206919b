"""Buttons under an end: "Better model" and "Try again" find the question for an hour, and nothing is paid for that."""

from typing import Any

import pytest

from core.defaults import KEEP_FOR_BUTTONS_MS, KEEP_SEALED_MS
from core.operations import AlreadyClaimed, Claimed, Concluded, Reason, RequestState
from core.rows import KeptRow
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
    expire,
    hold,
    line,
    rehold,
    release,
    settle,
)
from tests.core.ledger.conftest import Ledger

HOUR_SECONDS, DAY_SECONDS = KEEP_FOR_BUTTONS_MS // 1000, KEEP_SEALED_MS // 1000
ENDINGS = ["failed", "declined", "stopped", "empty", "interrupted"]


async def failed(ledger: Ledger, ending: str = "failed", **chosen: Any) -> None:
    """An ask that held money, got no answer, and whose asker was told."""
    await ledger.apply(claim("a"))
    await ledger.apply(hold("a", 40, **chosen))
    await ledger.apply(release("a", line(7), ending=ending))
    await ledger.apply(delivered("a"))


async def refused(ledger: Ledger) -> None:
    """An ask that was refused before it held money, and whose asker was told."""
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.REFUSED))
    await ledger.apply(delivered("a"))


# --- how long the question is there ---


async def test_an_answer_that_was_delivered_is_erased_and_its_question_stays_for_an_hour(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    await ledger.apply(delivered("a"))
    assert (ledger.kept("a").question, ledger.kept("a").answer) == (b"sealed question", b"")
    ledger.clock.advance(HOUR_SECONDS - 0.001)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(0.001)
    assert await ledger.apply(erase("a")) == Concluded()
    assert ledger.kept("a") == KeptRow(id="a")


async def test_erasing_the_question_of_a_delivered_answer_gives_nothing_back(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    await ledger.apply(delivered("a"))
    for seconds in (HOUR_SECONDS, DAY_SECONDS, 10 * DAY_SECONDS):
        ledger.clock.advance(seconds)
        await ledger.apply(erase("a", id=f"round-{seconds}"))
        assert (ledger.wallet, ledger.request("a").cost_nanos) == ((90, 0), 10)


@pytest.mark.parametrize("end", [failed, refused])
async def test_what_ended_uncharged_keeps_its_question_for_an_hour(ledger: Ledger, end: Any) -> None:
    await end(ledger)
    ledger.clock.advance(HOUR_SECONDS - 0.001)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(0.001)
    await ledger.apply(erase("a"))
    assert ledger.kept("a") == KeptRow(id="a")


async def test_no_button_keeps_a_question_past_its_day(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.REFUSED))
    ledger.clock.advance(DAY_SECONDS - 60)
    await ledger.apply(delivered("a"))
    ledger.clock.advance(60)
    assert await ledger.apply(erase("a")) == Concluded()


async def test_a_second_delivery_of_the_same_end_adds_no_hour(ledger: Ledger) -> None:
    await failed(ledger)
    ledger.clock.advance(HOUR_SECONDS - 1)
    await ledger.apply(delivered("a", id="by-another-process"))
    ledger.clock.advance(1)
    assert await ledger.apply(erase("a")) == Concluded()


async def test_what_was_erased_already_stays_so_when_its_end_is_delivered(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 40)
    await ledger.apply(release("a"))
    ledger.clock.advance(DAY_SECONDS)
    await ledger.apply(erase("a"))
    await ledger.apply(delivered("a"))
    assert ledger.kept("a") == KeptRow(id="a")


async def test_an_hour_from_a_clock_that_was_ahead_is_over(ledger: Ledger) -> None:
    ledger.clock.advance(400 * DAY_SECONDS)
    await failed(ledger)
    ledger.clock.advance(-400 * DAY_SECONDS)
    assert await ledger.apply(erase("a")) == Concluded()


# --- try again ---


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_press_tries_what_got_no_answer_again(ledger: Ledger, ending: str) -> None:
    await failed(ledger, ending)
    assert await ledger.apply(claim("press", resumes="a.1")) == Claimed(ask_id="a", attempt=2, agreed_model="acme-1")
    assert ledger.kept("a").question == b"sealed question"
    await ledger.apply(hold("a", 40, attempt=2))
    await ledger.apply(settle("a", line(10), attempt=2))
    assert (ledger.request("a").cost_nanos, ledger.wallet) == (10, (90, 0))


async def test_a_press_tries_what_was_refused_again(ledger: Ledger) -> None:
    await refused(ledger)
    assert await ledger.apply(claim("press", resumes="a.1")) == Claimed(ask_id="a", attempt=2)


async def test_a_copy_of_the_press_does_nothing(ledger: Ledger) -> None:
    await failed(ledger)
    await ledger.apply(claim("press", "press-key", resumes="a.1"))
    for copy in (claim("copy", "press-key", resumes="a.1"), claim("other", resumes="a.1"), claim("key", "press-key")):
        found = await ledger.apply(copy)
        assert found == AlreadyClaimed(ask_id="a", state=RequestState.RUNNING, charged_nanos=0)


async def test_a_press_on_an_older_end_does_nothing(ledger: Ledger) -> None:
    await failed(ledger)
    await ledger.apply(claim("press", resumes="a.1"))
    await ledger.apply(hold("a", 40, attempt=2))
    await ledger.apply(release("a", attempt=2))
    assert isinstance(await ledger.apply(claim("old", resumes="a.1")), AlreadyClaimed)
    assert isinstance(await ledger.apply(claim("new", resumes="a.2")), Claimed)


async def test_a_redelivered_question_does_not_try_itself_again(ledger: Ledger) -> None:
    await failed(ledger)
    ledger.clock.advance(LEASE_SECONDS * 2)
    assert isinstance(await ledger.apply(claim("copy", "a.key")), AlreadyClaimed)


async def test_only_the_asker_tries_again(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await failed(ledger)
    assert await ledger.refusal(claim("press", member="ben", resumes="a.1")) is Reason.NOT_FOUND


@pytest.mark.parametrize("end", [failed, refused])
async def test_a_question_that_was_erased_is_not_tried_again(ledger: Ledger, end: Any) -> None:
    await end(ledger)
    ledger.clock.advance(HOUR_SECONDS)
    await ledger.apply(erase("a"))
    assert await ledger.refusal(claim("press", resumes="a.1")) is Reason.NOT_FOUND
    assert ledger.request("a").attempt == 1


async def test_what_was_answered_is_not_tried_again(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10)
    await ledger.apply(delivered("a"))
    again = await ledger.apply(claim("press", resumes="a.1"))
    assert again == AlreadyClaimed(ask_id="a", state=RequestState.SETTLED, charged_nanos=10, delivered=True)


async def test_while_it_runs_again_its_question_has_its_whole_day(ledger: Ledger) -> None:
    await failed(ledger)
    ledger.clock.advance(HOUR_SECONDS - 10)
    await ledger.apply(claim("press", resumes="a.1", lease_seconds=3600))
    ledger.clock.advance(20)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(DAY_SECONDS - HOUR_SECONDS - 10)
    assert await ledger.apply(erase("a")) == Concluded()


async def test_an_answer_to_a_second_try_that_nobody_saw_is_given_back(ledger: Ledger) -> None:
    """That the first end was delivered says nothing of the second."""
    await failed(ledger)
    await ledger.apply(claim("press", resumes="a.1"))
    await ledger.apply(hold("a", 40, attempt=2))
    await ledger.apply(settle("a", line(10), attempt=2))
    ledger.clock.advance(HOUR_SECONDS)
    assert await ledger.refusal(erase("a")) is Reason.NOT_DUE
    ledger.clock.advance(DAY_SECONDS - HOUR_SECONDS)
    await ledger.apply(erase("a"))
    assert (ledger.wallet, ledger.request("a").cost_nanos) == ((100, 0), 0)


# --- what was agreed to ---


async def test_a_price_is_agreed_to_for_the_attempt_it_was_shown_of_only(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", RequestState.AWAITING, shown_model="acme-1", shown_nanos=50))
    await ledger.apply(delivered("a"))
    agreed = await ledger.apply(claim("yes", resumes="a.1"))
    assert agreed == Claimed(ask_id="a", attempt=2, agreed_model="acme-1", agreed_nanos=50)
    await ledger.apply(hold("a", 50, attempt=2))
    await ledger.apply(release("a", attempt=2))
    again = await ledger.apply(claim("again", resumes="a.2"))
    assert again == Claimed(ask_id="a", attempt=3, agreed_model="acme-1", agreed_nanos=0)
    ledger.clock.advance(LEASE_SECONDS)  # it is abandoned, and a copy of the second press takes it up
    copy = await ledger.apply(claim("copy", "again.key", resumes="a.2"))
    assert copy == Claimed(ask_id="a", attempt=4, agreed_model="acme-1", agreed_nanos=0)


@pytest.mark.parametrize(
    ("route", "asked_for"), [("auto", "auto"), ("cheap", "cheap"), ("named", "other-1"), ("", "other-1")]
)
async def test_a_model_that_was_chosen_is_chosen_afresh(ledger: Ledger, route: str, asked_for: str) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(hold("a", 40, route=route))
    await ledger.apply(rehold("a", 50))
    await ledger.apply(release("a"))
    again = await ledger.apply(claim("press", resumes="a.1"))
    assert again == Claimed(ask_id="a", attempt=2, agreed_model=asked_for)


async def test_an_interrupted_ask_is_chosen_afresh_too(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(hold("a", 40, route="auto"))
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(expire("a"))
    again = await ledger.apply(claim("press", resumes="a.1"))
    assert again == Claimed(ask_id="a", attempt=2, agreed_model="auto")
