"""What buttons stand for is kept for a day, for one member, and goes with them."""

from core.defaults import KEEP_SEALED_MS
from core.operations import Concluded, Reason
from core.rows import KeptPressRow
from tests.bookkeeping import enrol
from tests.core.ledger.conftest import Ledger
from tests.forgetting import erase_traces, forget
from tests.keeping import erase_press, keep_press

DAY_SECONDS = KEEP_SEALED_MS // 1000


def kept(ledger: Ledger) -> list[tuple[str, str, bytes]]:
    """What is kept, and whose it is."""
    return [(row.id, row.member_id, row.sealed) for row in ledger.books.rows(KeptPressRow)]


async def test_the_same_kept_twice_is_there_once_and_lasts_a_day_from_the_second_time(ledger: Ledger) -> None:
    assert await ledger.apply(keep_press("one")) == Concluded()
    ledger.clock.advance(DAY_SECONDS - 1)
    assert await ledger.apply(keep_press("two", sealed=b"sealed anew")) == Concluded()
    assert kept(ledger) == [("press", "anna", b"sealed value")]
    ledger.clock.advance(DAY_SECONDS - 1)
    assert await ledger.refusal(erase_press("early")) is Reason.NOT_DUE


async def test_after_its_day_nothing_is_left(ledger: Ledger) -> None:
    await ledger.apply(keep_press("one"))
    ledger.clock.advance(DAY_SECONDS)
    assert await ledger.refusal(erase_press("theirs", wallet_id="wal2")) is Reason.NOT_FOUND
    assert await ledger.apply(erase_press("over")) == Concluded()
    assert kept(ledger) == []
    assert await ledger.refusal(erase_press("again")) is Reason.NOT_FOUND


async def test_what_was_kept_while_the_clock_was_ahead_is_erased_too(ledger: Ledger) -> None:
    ledger.clock.advance(10 * DAY_SECONDS)
    await ledger.apply(keep_press("one"))
    ledger.clock.advance(-10 * DAY_SECONDS)
    assert await ledger.apply(erase_press("over")) == Concluded()


async def test_nothing_is_kept_for_strangers_or_in_the_place_of_somebody_elses(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(keep_press("one"))
    assert await ledger.refusal(keep_press("taken", member="ben")) is Reason.NOT_FOUND
    assert await ledger.refusal(keep_press("nobody", "other", "carl")) is Reason.NOT_FOUND
    assert await ledger.refusal(keep_press("theirs", "other", "zoe")) is Reason.NOT_FOUND
    assert await ledger.refusal(keep_press("wallet", "other", wallet_id="wal2")) is Reason.NOT_FOUND


async def test_it_goes_with_its_member_and_nobody_elses_does(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    await ledger.apply(keep_press("one"))
    await ledger.apply(keep_press("two", "bens", "ben"))
    await ledger.apply(forget("bye"))
    assert await ledger.refusal(keep_press("late", "other")) is Reason.NOT_FOUND
    await ledger.apply(erase_traces("traces", presses=("press", "bens", "gone")))
    assert kept(ledger) == [("bens", "ben", b"sealed value")]
