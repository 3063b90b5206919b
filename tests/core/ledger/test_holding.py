"""Hold and rehold: the pool and every limit at once, or nothing."""

import pytest

from core.operations import Held, Reason, Refused, RequestState
from tests.bookkeeping import (
    LEASE_SECONDS,
    absorbed,
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    enrol,
    freeze,
    hold,
    in_flight,
    line,
    month,
    month_limit,
    rehold,
    release,
    settle,
    stop,
    top_up,
)
from tests.core.ledger.conftest import Ledger

# --- the pool ---


async def test_takes_everything_there_is_to_the_nano_dollar(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.apply(hold("a", 100)) == Held(hold_id="a.1.hold", amount_nanos=100)
    assert ledger.wallet == (0, 100)


async def test_refuses_one_nano_dollar_more_than_there_is(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    refused = await ledger.apply(hold("a", 101))
    assert refused == Refused(reason=Reason.WALLET_EMPTY, needed=101, available=100, held=0)
    assert ledger.wallet == (100, 0)


async def test_tells_a_wallet_that_is_empty_from_one_that_is_held(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 60)
    await ledger.apply(claim("b"))
    held = await ledger.apply(hold("b", 100))
    assert held == Refused(reason=Reason.WALLET_HELD, needed=100, available=40, held=60)
    assert await ledger.refusal(hold("b", 101)) is Reason.WALLET_EMPTY


async def test_shrinks_to_what_is_there_when_asked_to(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.apply(hold("a", 500, least=20)) == Held(hold_id="a.1.hold", amount_nanos=100)
    assert (ledger.wallet, ledger.hold("a").amount_nanos) == ((0, 100), 100)


async def test_never_shrinks_below_the_least(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 81)
    await ledger.apply(claim("b"))
    assert await ledger.refusal(hold("b", 500, least=20)) is Reason.WALLET_HELD
    assert await ledger.apply(hold("b", 500, least=19)) == Held(hold_id="b.1.hold", amount_nanos=19)


async def test_a_free_model_needs_no_money(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 100)
    await ledger.apply(claim("b"))
    assert await ledger.apply(hold("b", 0)) == Held(hold_id="b.1.hold", amount_nanos=0)


async def test_a_refused_hold_may_be_asked_again_and_fit_then(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(hold("a", 150)) is Reason.WALLET_EMPTY
    await ledger.apply(top_up("more", 50))
    assert await ledger.apply(hold("a", 150)) == Held(hold_id="a.1.hold", amount_nanos=150)


# --- limits ---


async def test_equality_with_a_limit_is_allowed(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 30, month(30))
    assert ledger.counter(month(30)) == (0, 30)


async def test_refuses_one_nano_dollar_beyond_a_limit(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    refused = await ledger.apply(hold("a", 31, month(30)))
    assert refused == Refused(reason=Reason.LIMIT, needed=31, limit=month(30))


async def test_tells_a_limit_that_is_used_up_from_one_that_is_held(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10, month(30))
    await ask_with_hold(ledger.books, "b", 15, month(30))
    await ledger.apply(claim("c"))
    held = await ledger.apply(hold("c", 20, month(30)))
    assert held == Refused(reason=Reason.LIMIT_HELD, needed=20, used=10, held=15, limit=month(30))
    assert await ledger.refusal(hold("c", 21, month(30))) is Reason.LIMIT


async def test_a_limit_that_was_lowered_since_it_was_read_is_the_one_that_holds(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(month_limit("lower", 10, "anna"))
    assert await ledger.refusal(hold("a", 20, month(30))) is Reason.LIMIT
    await ledger.apply(month_limit("of-all", 5))
    await ledger.apply(enrol("ben"))
    await ledger.apply(claim("b", member="ben"))
    refused = await ledger.apply(hold("b", 20, month(30, "ben")))
    assert refused == Refused(reason=Reason.LIMIT, needed=20, limit=month(5, "ben"))


async def test_a_stop_that_came_before_the_hold_takes_nothing(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(stop("a"))
    assert await ledger.refusal(hold("a", 10)) is Reason.STOPPED


async def test_shrinks_to_the_narrowest_limit(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    held = await ledger.apply(hold("a", 90, month(50), month(40, "thread"), least=1))
    assert held == Held(hold_id="a.1.hold", amount_nanos=40)


async def test_names_the_limit_before_the_wallet_when_neither_has_room(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    assert await ledger.refusal(hold("a", 500, month(30))) is Reason.LIMIT


async def test_a_limit_that_was_lowered_below_what_is_used_refuses_even_free_models(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 20, 10, month(30))
    await ledger.apply(claim("b"))
    assert await ledger.refusal(hold("b", 0, month(9))) is Reason.LIMIT


async def test_so_many_asks_at_one_time_and_no_more(ledger: Ledger) -> None:
    for ask in "ab":
        await ask_with_hold(ledger.books, ask, 1, in_flight(2))
    await ledger.apply(claim("c"))
    refused = await ledger.apply(hold("c", 1, in_flight(2)))
    assert refused == Refused(reason=Reason.LIMIT_HELD, needed=1, held=2, limit=in_flight(2))


async def test_an_ask_that_ends_makes_room_for_the_next(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 1, 1, in_flight(1))
    await ask_with_hold(ledger.books, "b", 1, in_flight(1))
    await ledger.apply(release("b"))
    assert ledger.counter(in_flight(1)) == (0, 0)


async def test_a_day_of_free_failures_ends_once_its_limit_is_passed(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50, absorbed(10))
    await ledger.apply(release("a", line(10, 0)))
    await ask_with_hold(ledger.books, "b", 50, absorbed(10))
    await ledger.apply(release("b", line(1, 0)))
    await ledger.apply(claim("c"))
    assert await ledger.refusal(hold("c", 1, absorbed(10))) is Reason.LIMIT


async def test_a_refusal_by_the_last_limit_takes_nothing_from_the_first(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10, in_flight(5), month(10))
    await ledger.apply(claim("b"))
    assert await ledger.refusal(hold("b", 1, in_flight(5), month(10))) is Reason.LIMIT_HELD
    assert ledger.counter(in_flight(5)) == (0, 1)


async def test_a_counter_with_two_limits_is_taken_from_once(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10, month(50), month(40))
    assert ledger.counter(month(50)) == (0, 10)
    assert ledger.hold("a").counters == month(50).counter_id


async def test_the_counter_of_another_wallet_is_not_found(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(claim("z", member="zoe", wallet_id="wal2", team_id="others"))
    await ledger.apply(hold("z", 0, month(50, "zoe"), wallet_id="wal2"))
    await ledger.apply(claim("a"))
    assert await ledger.refusal(hold("a", 1, month(50, "zoe"))) is Reason.NOT_FOUND


# --- whose ask it is ---


async def test_needs_a_request_of_this_wallet(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(claim("a"))
    assert await ledger.refusal(hold("nobody", 1)) is Reason.NOT_FOUND
    assert await ledger.refusal(hold("a", 0, wallet_id="wal2")) is Reason.NOT_FOUND


async def test_one_attempt_has_one_open_hold(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 10)
    assert await ledger.refusal(hold("a", 10, id="another")) is Reason.SUPERSEDED


async def test_an_attempt_that_was_taken_over_holds_nothing(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    ledger.clock.advance(LEASE_SECONDS)
    await ledger.apply(claim("a", id="again"))
    assert await ledger.refusal(hold("a", 10, attempt=1)) is Reason.SUPERSEDED
    assert await ledger.apply(hold("a", 10, attempt=2)) == Held(hold_id="a.2.hold", amount_nanos=10)


@pytest.mark.parametrize("state", [RequestState.AWAITING, RequestState.REFUSED])
async def test_an_ask_that_does_not_run_holds_nothing(ledger: Ledger, state: RequestState) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(conclude("a", state))
    assert await ledger.refusal(hold("a", 10)) is Reason.SUPERSEDED


# --- rehold ---


async def test_a_dearer_model_takes_the_difference(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 30, month(60), in_flight(1))
    held = await ledger.apply(rehold("a", 60, month(60), in_flight(1)))
    assert held == Held(hold_id="a.1.hold", amount_nanos=60)
    assert (ledger.wallet, ledger.counter(month(60)), ledger.counter(in_flight(1))) == ((40, 60), (0, 60), (0, 1))


async def test_a_cheaper_model_gives_the_difference_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 30, month(60))
    await ledger.apply(rehold("a", 10, month(60)))
    assert (ledger.wallet, ledger.counter(month(60))) == ((90, 10), (0, 10))
    assert (ledger.request("a").provider, ledger.request("a").model) == ("other", "other-1")


async def test_what_the_hold_has_already_counts_as_free_for_its_rehold(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 100)
    assert await ledger.apply(rehold("a", 100)) == Held(hold_id="a.1.hold", amount_nanos=100)


async def test_a_rehold_that_does_not_fit_leaves_the_old_hold_as_it_was(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 30, month(50))
    await ask_with_hold(ledger.books, "b", 40)
    assert await ledger.refusal(rehold("a", 51, month(50))) is Reason.LIMIT
    assert await ledger.refusal(rehold("a", 61)) is Reason.WALLET_HELD
    assert ledger.hold("a").amount_nanos == 30


async def test_a_rehold_moves_from_the_old_limits_to_the_new_ones(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 30, month(50), in_flight(1))
    await ledger.apply(rehold("a", 20, month(50, "other-model")))
    assert ledger.counter(in_flight(1)) == (0, 0)
    assert ledger.counter(month(50, "other-model")) == (0, 20)
    assert ledger.counter(month(50)) == (0, 20)  # the member's month is never left


async def test_a_hold_that_is_over_cannot_be_changed(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 30, 10)
    assert await ledger.refusal(rehold("a", 10)) is Reason.SUPERSEDED
    assert await ledger.refusal(rehold("nobody", 10)) is Reason.NOT_FOUND


async def test_a_settlement_after_a_rehold_is_bounded_by_the_new_hold(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 60, month(60))
    await ledger.apply(rehold("a", 20, month(60)))
    await ledger.apply(settle("a", line(50)))
    assert (ledger.wallet, ledger.counter(month(60))) == ((80, 0), (20, 0))


# --- frozen ---


@pytest.mark.parametrize(("whom", "reason"), [("", Reason.FROZEN), ("anna", Reason.MEMBER_FROZEN)])
async def test_who_is_frozen_gets_no_hold_until_it_is_over(whom: str, reason: Reason, ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(freeze("stop", whom))
    assert await ledger.refusal(hold("a", 10)) is reason
    await ledger.apply(freeze("go", whom, frozen=False))
    assert isinstance(await ledger.apply(hold("a", 10)), Held)


async def test_the_frozen_state_of_the_asker_counts_whosever_limits_the_hold_names(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(claim("a", member="ben"))
    await ledger.apply(freeze("stop", "ben"))
    assert await ledger.refusal(hold("a", 10, month(50, "anna"))) is Reason.MEMBER_FROZEN


async def test_others_of_the_team_still_hold_while_one_is_frozen(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(freeze("stop", "anna"))
    await ledger.apply(claim("b", member="ben"))
    assert isinstance(await ledger.apply(hold("b", 10)), Held)


@pytest.mark.parametrize(("whom", "reason"), [("", Reason.FROZEN), ("anna", Reason.MEMBER_FROZEN)])
async def test_a_frozen_ask_that_runs_settles_but_goes_to_no_other_model(
    whom: str, reason: Reason, ledger: Ledger
) -> None:
    await ask_with_hold(ledger.books, "a", 60)
    await ledger.apply(freeze("stop", whom))
    assert await ledger.refusal(rehold("a", 50)) is reason
    await ledger.apply(settle("a", line(30)))
    assert ledger.wallet == (70, 0)


async def test_budget_comes_and_goes_while_frozen(ledger: Ledger) -> None:
    await ledger.apply(freeze("stop"))
    await ledger.apply(top_up("more", 11))
    assert ledger.wallet == (111, 0)
