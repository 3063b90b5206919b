"""What one process at a time looks after."""

from core.defaults import CLOCK_SLACK_MS
from core.operations import LeasedTo
from core.rows import LeaseRow, OperationRow
from tests.core.ledger.conftest import Ledger
from tests.keeping import give_up, take_lease

SECONDS = 10


async def has(ledger: Ledger, holder: str, **fields: str) -> str:
    """Who has it after this one wanted it."""
    return (await ledger.apply(take_lease(holder, SECONDS, **fields))).holder


async def test_the_first_has_it_and_others_learn_who_that_is(ledger: Ledger) -> None:
    assert [await has(ledger, "one"), await has(ledger, "two"), await has(ledger, "two", lease="other")] == [
        "one",
        "one",
        "two",
    ]


async def test_it_lasts_from_the_last_time_that_its_holder_said_so(ledger: Ledger) -> None:
    await has(ledger, "one")
    ledger.clock.advance(SECONDS - 1)
    assert await has(ledger, "one") == "one"
    ledger.clock.advance(SECONDS - 1)
    assert await has(ledger, "two") == "one"
    ledger.clock.advance(1)
    assert [await has(ledger, "two"), await has(ledger, "one")] == ["two", "two"]


async def test_what_a_dead_holder_had_is_free_at_once_and_what_a_living_one_has_is_not(ledger: Ledger) -> None:
    await has(ledger, "one")
    assert await has(ledger, "two", instead_of="nobody") == "one"
    assert await has(ledger, "two", instead_of="one") == "two"
    assert await has(ledger, "three", instead_of="one") == "two"


async def test_who_leaves_lets_others_have_it_and_takes_nothing_from_anybody(ledger: Ledger) -> None:
    await has(ledger, "one")
    assert await ledger.apply(give_up("two")) == LeasedTo(holder="one")
    assert await ledger.apply(give_up("one")) == await ledger.apply(give_up("one")) == LeasedTo(holder="")
    assert ledger.books.rows(LeaseRow) == []
    assert await has(ledger, "two") == "two"


async def test_what_was_taken_while_the_clock_was_ahead_holds_nobody_up(ledger: Ledger) -> None:
    ledger.clock.advance(CLOCK_SLACK_MS / 1000 + 1)
    await has(ledger, "one")
    ledger.clock.advance(-CLOCK_SLACK_MS / 1000 - 1)
    assert await has(ledger, "two") == "two"


async def test_a_lease_that_is_kept_for_years_leaves_nothing_behind(ledger: Ledger) -> None:
    before = len(ledger.books.rows(OperationRow))
    for _ in range(3):
        await has(ledger, "one")
    assert len(ledger.books.rows(LeaseRow)) == 1 and len(ledger.books.rows(OperationRow)) == before
