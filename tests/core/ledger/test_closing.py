"""Settle, release and expire: every way a hold ends, and what it costs whom."""

from dataclasses import replace

import pytest

from core.defaults import CLOCK_SLACK_MS
from core.operations import Expire, Reason, Release, Settle, Settled
from core.rows import EntryRow, LineRow
from tests.bookkeeping import (
    TTL_SECONDS,
    absorbed,
    ask_settled,
    ask_with_hold,
    claim,
    delivered,
    enrol,
    erase,
    expire,
    hold,
    in_flight,
    line,
    month,
    release,
    settle,
)
from tests.core.ledger.conftest import Ledger

# --- settle ---


async def test_charges_what_was_used_and_gives_the_rest_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80, month(90), in_flight(1))
    settled = await ledger.apply(settle("a", line(30)))
    assert settled == Settled(
        charged_nanos=30,
        absorbed_nanos=0,
        available_nanos=70,
        charged_by_line=(30,),
        used_by_counter=((month(90).counter_id, 30), (in_flight(1).counter_id, 0)),
        left_by_counter=((month(90).counter_id, 60),),
    )
    assert (ledger.wallet, ledger.counter(month(90)), ledger.counter(in_flight(1))) == ((70, 0), (30, 0), (0, 0))


async def test_books_the_charge_from_the_pool_to_the_provider(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 80, 30)
    assert ledger.transfer("a.1.close") == {"pool": -30, "spend:acme": 30}


async def test_the_whole_hold_may_be_charged(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 100, 100)
    assert ledger.wallet == (0, 0)


async def test_the_operator_pays_what_goes_beyond_the_hold(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50, month(50), absorbed(9))
    settled = await ledger.apply(settle("a", line(57)))
    assert isinstance(settled, Settled)
    assert (settled.charged_nanos, settled.absorbed_nanos, settled.charged_by_line) == (50, 7, (50,))
    assert ledger.transfer("a.1.close") == {"pool": -50, "operator": -7, "spend:acme": 57}
    assert (ledger.counter(month(50)), ledger.counter(absorbed(9))) == ((50, 0), (7, 0))


async def test_trims_several_lines_in_their_order(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50)
    settled = await ledger.apply(settle("a", line(30), line(25, provider="other"), line(5)))
    assert isinstance(settled, Settled) and settled.charged_by_line == (30, 20, 0)
    assert ledger.transfer("a.1.close") == {"pool": -50, "operator": -10, "spend:acme": 35, "spend:other": 25}


async def test_keeps_each_line_of_the_receipt_with_all_its_tokens(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50)
    await ledger.apply(settle("a", line(30), line(25, provider="other", estimated=True)))
    first, second = ledger.books.rows(LineRow)
    assert (first.cost_nanos, first.charged_nanos, first.estimated) == (30, 30, 0)
    assert (second.provider, second.cost_nanos, second.charged_nanos, second.estimated) == ("other", 25, 20, 1)
    assert (first.input_tokens, first.cache_read_tokens, first.cache_write_tokens) == (10, 1, 2)
    assert (first.output_tokens, first.reasoning_tokens) == (20, 3)


async def test_the_request_tells_its_end_in_numbers(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50)
    await ledger.apply(settle("a", line(30), line(25, estimated=True)))
    request = ledger.request("a")
    assert (request.state, request.ending, request.why) == ("settled", "answered", "cheapest")
    assert (request.input_tokens, request.output_tokens) == (26, 46)
    assert (request.cost_nanos, request.estimated, request.finished_at_ms > 0) == (50, 1, True)


async def test_what_a_failed_try_may_have_cost_makes_no_price_an_estimate(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50)
    failed = replace(line(25, estimated=True), charged_nanos=0)
    await ledger.apply(settle("a", failed, line(30)))
    request = ledger.request("a")
    assert (request.input_tokens, request.output_tokens) == (13, 23)
    assert (request.cost_nanos, request.estimated) == (30, False)
    assert ledger.transfer("a.1.close") == {"pool": -30, "operator": -25, "spend:acme": 55}


async def test_an_answer_that_cost_nothing_moves_nothing(ledger: Ledger) -> None:
    entries = ledger.books.rows(EntryRow)
    await ask_settled(ledger.books, "a", 50, 0)
    assert (ledger.wallet, ledger.books.rows(EntryRow)) == ((100, 0), entries)
    assert ledger.request("a").state == "settled"


async def test_a_line_that_is_not_charged_is_the_operators(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50)
    await ledger.apply(settle("a", line(20, 0), line(10)))
    assert ledger.transfer("a.1.close") == {"pool": -10, "operator": -20, "spend:acme": 30}


async def test_a_second_settlement_charges_nothing(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    assert await ledger.refusal(settle("a", line(30), id="twice")) is Reason.SUPERSEDED
    assert ledger.wallet == (70, 0)


async def test_keeps_the_sealed_answer_until_it_is_delivered(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    assert (ledger.kept("a").question, ledger.kept("a").answer) == (b"sealed question", b"sealed answer")
    await ledger.apply(delivered("a"))
    assert (ledger.kept("a").question, ledger.kept("a").answer) == (b"sealed question", b"")


async def test_an_answer_to_a_question_that_was_erased_is_erased_in_its_turn(ledger: Ledger) -> None:
    await ledger.apply(claim("a", lease_seconds=2 * 86_400))
    ledger.clock.advance(86_400)
    await ledger.apply(erase("a"))
    await ledger.apply(hold("a", 10))
    await ledger.apply(settle("a", line(1)))
    day_ms = 86_400_000
    assert ledger.kept("a").erase_after_ms == int(ledger.clock.now().timestamp() * 1000) + day_ms


# --- release ---


async def test_a_release_gives_everything_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80, month(90), in_flight(1))
    released = await ledger.apply(release("a"))
    assert isinstance(released, Settled) and (released.charged_nanos, released.available_nanos) == (0, 100)
    assert (ledger.wallet, ledger.counter(month(90)), ledger.counter(in_flight(1))) == ((100, 0), (0, 0), (0, 0))
    assert (ledger.request("a").state, ledger.hold("a").state) == ("released", "released")


async def test_the_operator_pays_what_providers_take_for_nothing(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80, month(90), absorbed(9))
    released = await ledger.apply(release("a", line(7)))
    assert isinstance(released, Settled) and (released.charged_nanos, released.absorbed_nanos) == (0, 7)
    assert ledger.transfer("a.1.close") == {"operator": -7, "spend:acme": 7}
    assert (ledger.wallet, ledger.counter(month(90)), ledger.counter(absorbed(9))) == ((100, 0), (0, 0), (7, 0))


async def test_releasing_what_is_unknown_or_over_does_nothing(ledger: Ledger) -> None:
    assert await ledger.refusal(release("nobody")) is Reason.NOT_FOUND
    await ask_settled(ledger.books, "a", 50, 30)
    assert await ledger.refusal(release("a", id="too-late")) is Reason.SUPERSEDED
    assert ledger.wallet == (70, 0)


# --- expire ---


async def test_a_hold_is_not_expired_before_its_deadline(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80)
    ledger.clock.advance(TTL_SECONDS - 0.001)
    assert await ledger.refusal(expire("a")) is Reason.NOT_DUE
    assert ledger.wallet == (20, 80)


async def test_a_hold_at_its_deadline_is_given_back_and_the_ask_is_over(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80, month(90))
    ledger.clock.advance(TTL_SECONDS)
    expired = await ledger.apply(expire("a"))
    assert isinstance(expired, Settled) and expired.charged_nanos == 0
    assert (ledger.wallet, ledger.counter(month(90)), ledger.hold("a").state) == ((100, 0), (0, 0), "expired")
    assert (ledger.request("a").state, ledger.request("a").ending) == ("released", "interrupted")


async def test_a_hold_opened_while_the_clock_was_ahead_is_given_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80)
    ledger.clock.advance(-CLOCK_SLACK_MS / 1000)
    assert await ledger.refusal(expire("a")) is Reason.NOT_DUE
    ledger.clock.advance(-0.001)
    assert isinstance(await ledger.apply(expire("a")), Settled)
    assert ledger.wallet == (100, 0)


async def test_what_is_over_does_not_expire(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 80, 30)
    ledger.clock.advance(TTL_SECONDS)
    assert await ledger.refusal(expire("a")) is Reason.SUPERSEDED
    assert await ledger.refusal(expire("nobody")) is Reason.NOT_FOUND


async def test_a_settlement_after_the_sweep_is_the_operators_once(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80, month(90), absorbed(50))
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(expire("a"))
    late = await ledger.apply(settle("a", line(30)))
    assert isinstance(late, Settled) and (late.charged_nanos, late.absorbed_nanos, late.late) == (0, 30, True)
    assert ledger.transfer("a.1.close") == {"operator": -30, "spend:acme": 30}
    assert (ledger.wallet, ledger.counter(month(90)), ledger.counter(absorbed(50))) == ((100, 0), (0, 0), (30, 0))
    assert await ledger.refusal(settle("a", line(30), id="later-still")) is Reason.SUPERSEDED


async def test_a_settlement_after_the_sweep_leaves_the_request_as_the_sweep_told_it(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 80)
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(expire("a"))
    told = ledger.request("a")
    await ledger.apply(settle("a", line(30)))
    assert ledger.request("a") == told


# --- an attempt that was taken over ---


async def taken_over(ledger: Ledger) -> None:
    """Ask `a` runs and holds twice: the first attempt's lease ran out, and the sweep has not come yet."""
    await ask_with_hold(ledger.books, "a", 40)
    ledger.clock.advance(TTL_SECONDS)
    await ledger.apply(claim("a", id="again"))
    await ledger.apply(hold("a", 40, attempt=2))


async def test_the_settlement_of_an_attempt_that_was_taken_over_charges_nothing(ledger: Ledger) -> None:
    await taken_over(ledger)
    late = await ledger.apply(settle("a", line(30), attempt=1))
    assert isinstance(late, Settled) and (late.charged_nanos, late.absorbed_nanos, late.late) == (0, 30, True)
    assert (ledger.wallet, ledger.account("operator")) == ((60, 40), -30)
    assert ledger.request("a").state == "running"


async def test_the_attempt_that_took_over_is_charged_as_usual(ledger: Ledger) -> None:
    await taken_over(ledger)
    await ledger.apply(settle("a", line(30), attempt=1))
    await ledger.apply(settle("a", line(25), attempt=2))
    assert (ledger.wallet, ledger.account("spend:acme")) == ((75, 0), 55)
    assert (ledger.request("a").state, ledger.request("a").cost_nanos) == ("settled", 25)


async def test_expiring_an_attempt_that_was_taken_over_does_not_end_the_ask(ledger: Ledger) -> None:
    await taken_over(ledger)
    await ledger.apply(expire("a", attempt=1))
    assert (ledger.wallet, ledger.request("a").state) == ((60, 40), "running")


# --- tenants ---


@pytest.mark.parametrize(
    "closing",
    [settle("a", line(1), wallet_id="wal2"), release("a", wallet_id="wal2"), expire("a", wallet_id="wal2")],
    ids=["settle", "release", "expire"],
)
async def test_the_hold_of_another_wallet_is_not_found(ledger: Ledger, closing: Settle | Release | Expire) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ask_with_hold(ledger.books, "a", 80)
    ledger.clock.advance(TTL_SECONDS)
    assert await ledger.refusal(closing) is Reason.NOT_FOUND
    assert ledger.wallet == (20, 80)
