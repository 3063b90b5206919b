"""What is noted for judging how models are chosen: the choice, the better model, the thumb, the first word."""

from typing import Any

import pytest

from core.operations import Claimed, Concluded, Reason, RequestState, Thumb
from core.rows import NOT_REPORTED, LineRow, RequestRow
from tests.bookkeeping import (
    LEASE_SECONDS,
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    enrol,
    expire,
    hold,
    line,
    rate,
    release,
    reverse,
    settle,
)
from tests.core.ledger.conftest import Ledger

# --- how it was chosen ---


async def test_how_a_model_was_chosen_stands_on_its_ask(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(hold("a", 10, route="auto", needed_tier=2, variant="control:new"))
    asked = ledger.request("a")
    assert (asked.route, asked.needed_tier, asked.variant) == ("auto", 2, "control:new")


@pytest.mark.parametrize("end", [settle, release])
async def test_the_time_to_the_first_word_stands_on_its_ask(ledger: Ledger, end: Any) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    await ledger.apply(end("a", line(3), first_word_ms=420))
    assert ledger.request("a").first_word_ms == 420


async def test_a_clock_that_went_back_gives_no_time_to_the_first_word(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    await ledger.apply(settle("a", line(3), first_word_ms=-5))
    assert ledger.request("a").first_word_ms == 0


async def test_the_first_word_of_an_attempt_is_not_that_of_the_next(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    ledger.clock.advance(LEASE_SECONDS * 2)
    await ledger.apply(expire("a"))
    await ledger.apply(claim("press", resumes="a.1"))
    assert ledger.request("a").first_word_ms == 0


@pytest.mark.parametrize(
    ("said", "kept"), [(None, NOT_REPORTED), (0, 0), (7, 7), (-3, NOT_REPORTED), (10**30, NOT_REPORTED)]
)
async def test_a_receipt_keeps_what_its_provider_says_it_takes(ledger: Ledger, said: int | None, kept: int) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    await ledger.apply(settle("a", line(3, reported=said)))
    assert [row.reported_nanos for row in ledger.books.rows(LineRow)] == [kept]
    assert ledger.request("a").cost_nanos == 3


# --- a better model ---


async def test_a_better_model_is_asked_for_one_of_the_askers_own_answers(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    assert await ledger.apply(claim("b", improves="a")) == Claimed(ask_id="b", attempt=1)
    assert ledger.request("b").improves == "a"


async def test_an_ask_stays_the_better_one_of_its_answer_when_it_runs_again(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    await ledger.apply(claim("b", improves="a"))
    ledger.clock.advance(LEASE_SECONDS)
    await ledger.apply(claim("copy", "b.key", improves="a"))
    assert (ledger.request("b").attempt, ledger.request("b").improves) == (2, "a")


async def test_what_was_not_answered_is_not_bettered(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(claim("b", improves="a")) is Reason.NOT_FOUND
    await ledger.apply(hold("a", 10))
    await ledger.apply(release("a"))
    assert await ledger.refusal(claim("b", improves="a")) is Reason.NOT_FOUND
    assert await ledger.refusal(claim("b", improves="nobody's")) is Reason.NOT_FOUND
    assert await ledger.refusal(claim("b", improves="b")) is Reason.NOT_FOUND


async def test_nobody_betters_the_answer_of_somebody_else(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ask_settled(ledger.books, "a", 10, 3)
    assert await ledger.refusal(claim("b", member="ben", improves="a")) is Reason.NOT_FOUND


async def test_nobody_betters_an_answer_from_another_wallet(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ask_settled(ledger.books, "a", 10, 3)
    there = claim("b", wallet_id="wal2", team_id="others", improves="a")
    assert await ledger.refusal(there) is Reason.NOT_FOUND


async def test_a_press_for_a_better_model_that_comes_twice_is_one_ask(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    await ledger.apply(claim("b", "press", improves="a"))
    await ledger.apply(claim("c", "press", improves="a"))
    assert [row.id for row in ledger.books.rows(RequestRow)] == ["a", "b"]


# --- thumbs ---


async def test_the_last_thumb_counts_and_can_be_taken_back(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    thumbs: tuple[Thumb, ...] = (1, -1, 1, 0)
    for number, thumb in enumerate(thumbs):
        assert await ledger.apply(rate("a", thumb, id=f"press-{number}")) == Concluded()
        assert ledger.request("a").thumb == thumb


async def test_a_thumb_moves_no_money(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    wallet = ledger.wallet
    await ledger.apply(rate("a", -1))
    assert (ledger.wallet, ledger.request("a").cost_nanos) == (wallet, 3)


@pytest.mark.parametrize(
    "other", [{"member_id": "ben"}, {"team_id": "others"}, {"wallet_id": "wal2"}, {"member_id": ""}]
)
async def test_only_the_asker_judges_an_answer(ledger: Ledger, other: dict[str, Any]) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    assert await ledger.refusal(rate("a", **other)) is Reason.NOT_FOUND


async def test_what_was_not_answered_is_not_judged(ledger: Ledger) -> None:
    assert await ledger.refusal(rate("a")) is Reason.NOT_FOUND
    await ledger.apply(claim("a"))
    assert await ledger.refusal(rate("a")) is Reason.SUPERSEDED
    await ledger.apply(conclude("a", RequestState.REFUSED))
    assert await ledger.refusal(rate("a")) is Reason.SUPERSEDED


async def test_an_answer_whose_charge_was_given_back_is_still_judged(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 10, 3)
    await ledger.apply(reverse("a"))
    assert await ledger.apply(rate("a", -1)) == Concluded()
