"""Budget in and out. A top-up never expires; a refund never takes what is spent or held."""

import pytest

from core.money import MAX_AMOUNT_NANOS, MAX_TOTAL_NANOS, NANOS_PER_USD
from core.operations import Moved, Reason
from core.rows import ActRow, TopUpRow
from tests.bookkeeping import ask_settled, ask_with_hold, ceiling, enrol, expire, refund, release, top_up
from tests.core.ledger.conftest import Ledger

TEN_YEARS_SECONDS = 10 * 365 * 86_400


async def test_a_top_up_moves_funding_to_the_pool(ledger: Ledger) -> None:
    moved = await ledger.apply(top_up("more", 25))
    assert moved == Moved(
        transfer_id="more", amount_nanos=25, balance_before_nanos=100, balance_nanos=125, available_nanos=125
    )
    assert ledger.transfer("more") == {"funding": -25, "pool": 25}


async def test_the_balance_counts_what_is_held(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 60)
    moved = await ledger.apply(top_up("more", 25))
    assert isinstance(moved, Moved)
    assert (moved.balance_before_nanos, moved.balance_nanos, moved.available_nanos) == (100, 125, 65)


async def test_writes_down_who_did_it_and_why(ledger: Ledger) -> None:
    await ledger.apply(top_up("more", 25, actor="operator", reason="November"))
    act = ledger.one(ActRow, "more")
    assert (act.actor, act.kind, act.amount_nanos, act.words) == ("operator", "top_up", 25, "November")


async def test_a_top_up_needs_its_wallet(ledger: Ledger) -> None:
    assert await ledger.refusal(top_up("more", 25, wallet_id="nobody's")) is Reason.NOT_FOUND


@pytest.mark.parametrize("nanos", [0, -1, MAX_AMOUNT_NANOS + 1])
async def test_records_no_amount_that_is_none(ledger: Ledger, nanos: int) -> None:
    assert await ledger.refusal(top_up("more", nanos)) is Reason.TOO_MUCH


async def test_a_wallet_holds_a_billion_dollars_and_no_more(ledger: Ledger) -> None:
    for number in range(MAX_TOTAL_NANOS // MAX_AMOUNT_NANOS - 1):
        await ledger.apply(top_up(f"t{number}", MAX_AMOUNT_NANOS))
    assert await ledger.refusal(top_up("last", MAX_AMOUNT_NANOS)) is Reason.TOO_MUCH
    await ledger.apply(top_up("last", MAX_AMOUNT_NANOS - 100))
    assert ledger.wallet == (MAX_TOTAL_NANOS, 0)


async def test_credits_do_not_expire(ledger: Ledger) -> None:
    await ledger.apply(top_up("more", NANOS_PER_USD))
    ledger.clock.advance(TEN_YEARS_SECONDS)
    await ask_settled(ledger.books, "a", NANOS_PER_USD + 100, NANOS_PER_USD + 100)
    assert ledger.wallet == (0, 0)


# --- what the operator lets a team record in a month ---


async def test_a_ceiling_is_met_exactly_and_never_passed(ledger: Ledger) -> None:
    await ledger.apply(top_up("a", 30, limit=ceiling(100)))
    await ledger.apply(top_up("b", 70, limit=ceiling(100)))
    assert await ledger.refusal(top_up("c", 1, limit=ceiling(100))) is Reason.LIMIT
    assert ledger.counter(ceiling(100)) == (100, 0)
    await ledger.apply(top_up("c", 100, limit=ceiling(100, label="2026-12")))


async def test_what_came_without_a_ceiling_counts_in_no_month(ledger: Ledger) -> None:
    await ledger.apply(top_up("practice", 500))
    await ledger.apply(top_up("a", 100, limit=ceiling(100)))
    assert [row.counter_id for row in ledger.books.rows(TopUpRow)] == [ceiling(0).counter_id, "", ""]


async def test_a_refund_gives_room_back_in_the_month_of_its_top_up(ledger: Ledger) -> None:
    await ledger.apply(top_up("a", 100, limit=ceiling(100)))
    await ask_settled(ledger.books, "ask", 150, 120)  # of 200, so 80 is left
    await ledger.apply(top_up("b", 10, limit=ceiling(100, label="2026-12")))
    await ledger.apply(refund("back", "a"))
    assert (ledger.counter(ceiling(0)), ledger.counter(ceiling(0, label="2026-12"))) == ((10, 0), (10, 0))


async def test_the_same_top_up_again_in_another_month_is_the_same_one(ledger: Ledger) -> None:
    first = await ledger.apply(top_up("a", 60, limit=ceiling(100)))
    assert await ledger.apply(top_up("a", 60, limit=ceiling(50, label="2026-12"))) == first
    assert ledger.counter(ceiling(0)) == (60, 0)


# --- refunds ---


async def test_a_refund_takes_a_whole_top_up_back(ledger: Ledger) -> None:
    await ledger.apply(top_up("more", 25))
    moved = await ledger.apply(refund("back", "more"))
    assert isinstance(moved, Moved) and (moved.amount_nanos, moved.balance_nanos) == (25, 100)
    assert ledger.transfer("back") == {"pool": -25, "funding": 25}


async def test_a_refund_takes_a_top_up_back_once(ledger: Ledger) -> None:
    await ledger.apply(top_up("more", 25))
    await ledger.apply(refund("back", "more"))
    assert await ledger.refusal(refund("again", "more")) is Reason.NOTHING_LEFT


async def test_a_refund_leaves_what_is_spent_or_held(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 30, 30)
    await ask_with_hold(ledger.books, "b", 45)
    moved = await ledger.apply(refund("back", "budget"))
    assert isinstance(moved, Moved) and (moved.amount_nanos, moved.available_nanos) == (25, 0)
    assert ledger.wallet == (0, 45)


async def test_what_comes_free_later_may_be_refunded_later(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 60)
    await ledger.apply(refund("back", "budget"))
    assert await ledger.refusal(refund("more-back", "budget")) is Reason.NOTHING_LEFT
    await ledger.apply(release("a"))
    moved = await ledger.apply(refund("more-back", "budget"))
    assert isinstance(moved, Moved) and moved.amount_nanos == 60
    assert ledger.one(TopUpRow, "budget").refunded_nanos == 100


async def test_a_refund_never_takes_another_top_ups_money(ledger: Ledger) -> None:
    await ledger.apply(top_up("more", 25))
    await ledger.apply(refund("back", "more"))
    assert ledger.wallet == (100, 0)
    assert ledger.one(TopUpRow, "budget").refunded_nanos == 0


async def test_a_refund_needs_a_top_up_of_its_own_wallet(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(top_up("theirs", 50, wallet_id="wal2", team_id="others"))
    assert await ledger.refusal(refund("back", "theirs")) is Reason.NOT_FOUND
    assert await ledger.refusal(refund("back", "a.1.close")) is Reason.NOT_FOUND


async def test_an_expired_hold_is_refundable_again(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 100)
    ledger.clock.advance(TEN_YEARS_SECONDS)
    await ledger.apply(expire("a"))
    await ledger.apply(refund("back", "budget"))
    assert ledger.wallet == (0, 0)
