"""A charge is given back: the team has its money again, the operator pays, and what happened stays in the books."""

from core.operations import Moved, Reason
from core.quota import Limit, Scope
from tests.bookkeeping import (
    absorbed,
    ask_settled,
    ask_with_hold,
    in_flight,
    line,
    month,
    release,
    reverse,
    settle,
)
from tests.core.ledger.conftest import Ledger

LIMITS = in_flight(3), absorbed(90), month(90), Limit(Scope.THREAD, "team/test/general/t", "", 90)


async def test_the_team_has_its_money_again_and_the_operator_pays(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    outcome = await ledger.apply(reverse("a"))
    assert isinstance(outcome, Moved)
    assert (outcome.amount_nanos, outcome.balance_before_nanos, outcome.balance_nanos) == (30, 70, 100)
    assert ledger.wallet == (100, 0)
    assert (ledger.account("pool"), ledger.account("operator"), ledger.account("spend:acme")) == (100, -30, 30)


async def test_what_happened_stays_in_the_books(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    await ledger.apply(reverse("a"))
    assert ledger.transfer("a.1.close") == {"pool": -30, "spend:acme": 30}
    assert ledger.transfer("a.reverse") == {"operator": -30, "pool": 30}
    assert (ledger.hold("a").charged_nanos, ledger.hold("a").reversed_nanos) == (30, 30)
    assert (ledger.request("a").state, ledger.request("a").cost_nanos) == ("settled", 0)


async def test_the_limits_that_the_ask_used_have_that_room_again(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30, *LIMITS)
    await ledger.apply(reverse("a"))
    assert [ledger.counter(limit) for limit in LIMITS] == [(0, 0)] * len(LIMITS)


async def test_what_the_operator_paid_anyway_is_not_given_to_the_team(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 50, *LIMITS)
    await ledger.apply(settle("a", line(70)))
    await ledger.apply(reverse("a"))
    assert ledger.wallet == (100, 0)
    assert ledger.account("operator") == -70
    assert ledger.counter(LIMITS[1]) == (20, 0)


async def test_nothing_is_given_back_twice(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    first = await ledger.apply(reverse("a"))
    assert await ledger.apply(reverse("a")) == first
    assert await ledger.refusal(reverse("a", id="again")) == Reason.NOTHING_LEFT
    assert ledger.wallet == (100, 0)


async def test_what_was_not_charged_is_not_given_back(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "running", 20)
    await ask_with_hold(ledger.books, "failed", 20)
    await ledger.apply(release("failed", line(7)))
    for ask in ("running", "failed"):
        assert await ledger.refusal(reverse(ask)) == Reason.NOTHING_LEFT


async def test_another_wallet_gets_nothing_of_it(ledger: Ledger) -> None:
    await ask_settled(ledger.books, "a", 50, 30)
    assert await ledger.refusal(reverse("a", wallet_id="wal2")) == Reason.NOT_FOUND
    assert await ledger.refusal(reverse("nobody")) == Reason.NOT_FOUND
