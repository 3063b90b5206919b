"""How low the wallet runs: admins hear of 50, 20 and 5 % once each, until budget comes in again."""

import pytest_asyncio

from core.announcement import WALLET_LOW
from core.rows import NoticeRow, WalletRow
from tests.bookkeeping import USD, ask_settled, ask_with_hold, enrol, line, refund, release, reverse, settle, top_up
from tests.core.ledger.conftest import Ledger
from tests.fakes import FakeClock, MemoryBooks


@pytest_asyncio.fixture
async def full() -> Ledger:
    """A wallet into which Anna, whom no limit is near, put a hundred dollars."""
    books = MemoryBooks(clock := FakeClock())
    await books.apply(enrol(member_month_limit_nanos=10_000 * USD))
    await books.apply(top_up("hundred", 100 * USD))
    return Ledger(books, clock)


def told(ledger: Ledger) -> list[str]:
    """What was told of the wallet, in the order in which it was."""
    rows = [row for row in ledger.books.rows(NoticeRow) if row.kind == WALLET_LOW]
    return [row.words for row in sorted(rows, key=lambda row: row.at_ms)]


def at(percent: int, left: int, of: int = 100) -> str:
    """The words of one level."""
    return f"The team wallet is down to {percent}%: ${left}.00 is left of ${of}.00."


async def spend(ledger: Ledger, *usd: int) -> str:
    """Asks that cost so many dollars each, one after another; the last one's name."""
    name = ""
    for each in usd:
        ledger.clock.advance(60)
        name = f"ask{ledger.clock.monotonic():.0f}"
        await ask_settled(ledger.books, name, each * USD, each * USD)
    return name


async def add(ledger: Ledger, name: str, usd: int) -> None:
    ledger.clock.advance(60)
    await ledger.apply(top_up(name, usd * USD))


async def test_each_level_is_told_once_when_the_balance_reaches_it(full: Ledger) -> None:
    await spend(full, 49)
    assert told(full) == []
    await spend(full, 1, 1, 28)
    assert told(full) == [at(50, 50)]
    await spend(full, 1, 1, 13, 1, 1, 2)
    assert told(full) == [at(50, 50), at(20, 20), at(5, 5)]


async def test_an_ask_that_passes_several_levels_tells_the_lowest(full: Ledger) -> None:
    await spend(full, 82)
    assert told(full) == [at(18, 18)]
    await spend(full, 17)
    assert told(full) == [at(18, 18), at(1, 1)]


async def test_a_wallet_that_is_spent_to_the_end_says_so(full: Ledger) -> None:
    await spend(full, 100)
    assert told(full) == ["The team wallet is empty: nobody can ask before budget is added."]


async def test_what_is_held_is_still_there(full: Ledger) -> None:
    await ask_with_hold(full.books, "a", 99 * USD)
    assert told(full) == []
    await full.apply(settle("a", line(2 * USD)))
    assert told(full) == []


async def test_what_is_given_back_unspent_or_paid_by_the_operator_reaches_no_level(full: Ledger) -> None:
    await ask_with_hold(full.books, "a", 60 * USD)
    await full.apply(release("a", line(60 * USD)))
    assert told(full) == []


async def test_a_top_up_arms_all_levels_for_what_there_is_then(full: Ledger) -> None:
    await spend(full, 60)
    await add(full, "more", 20)
    await spend(full, 29, 1)
    assert told(full) == [at(40, 40), at(50, 30, 60)]


async def test_a_charge_that_is_given_back_arms_no_level(full: Ledger) -> None:
    dear = await spend(full, 40, 12)
    await full.apply(reverse(dear))
    await spend(full, 12)
    assert told(full) == [at(48, 48)]
    await spend(full, 29)
    assert told(full) == [at(48, 48), at(19, 19)]


async def test_the_same_end_that_comes_twice_tells_once(full: Ledger) -> None:
    await ask_with_hold(full.books, "a", 60 * USD)
    for _ in range(2):
        await full.apply(settle("a", line(60 * USD)))
    assert len(told(full)) == 1


async def test_a_top_up_by_mistake_and_its_undoing_leave_no_trace(full: Ledger) -> None:
    await spend(full, 55)
    before = full.one(WalletRow, "wal")
    await add(full, "mistake", 250)
    await full.apply(refund("undo", "mistake"))
    assert full.one(WalletRow, "wal") == before
    await spend(full, 10, 14)
    assert told(full) == [at(45, 45)]
    await spend(full, 1)
    assert told(full) == [at(45, 45), at(20, 20)]


async def test_two_top_ups_are_undone_one_after_the_other(full: Ledger) -> None:
    await spend(full, 55)
    before = full.one(WalletRow, "wal")
    await add(full, "one", 10)
    await add(full, "two", 20)
    await full.apply(refund("undo two", "two"))
    await full.apply(refund("undo one", "one"))
    assert full.one(WalletRow, "wal") == before


async def test_top_ups_that_are_undone_in_any_order_leave_no_trace(full: Ledger) -> None:
    """What was full with the older one is full no more: 55 of 100, and not of 1,000, are left."""
    await spend(full, 45)
    before = full.one(WalletRow, "wal")
    for name, usd in (("one", 1_000), ("two", 10), ("three", 20)):
        await add(full, name, usd)
    for name in ("two", "one", "three"):
        await full.apply(refund(f"undo {name}", name))
    assert full.one(WalletRow, "wal") == before
    await spend(full, 6)
    assert told(full) == [at(49, 49)]


async def test_an_undoing_tells_what_was_passed_meanwhile_once(full: Ledger) -> None:
    await spend(full, 40)
    await add(full, "mistake", 200)
    await spend(full, 45)
    assert told(full) == []
    await full.apply(refund("undo", "mistake"))
    assert told(full) == [at(15, 15)]
    await spend(full, 1)
    assert told(full) == [at(15, 15)]


async def test_what_is_left_of_a_top_up_in_part_arms_nothing(full: Ledger) -> None:
    """What is spent of it cannot be undone: the wallet is as full as it is now."""
    await spend(full, 55)
    await ask_with_hold(full.books, "runs", 40 * USD)
    await full.apply(refund("undo", "hundred"))
    assert full.wallet == (0, 40 * USD)
    await full.apply(settle("runs", line(25 * USD)))
    assert told(full) == [at(45, 45)]
    full.clock.advance(60)
    await ask_settled(full.books, "last", 15 * USD, 8 * USD)
    assert told(full) == [at(45, 45), at(17, 7, 40)]


async def test_taking_back_an_older_top_up_arms_nothing(full: Ledger) -> None:
    await add(full, "more", 100)
    await spend(full, 100)
    await full.apply(refund("undo", "hundred"))
    await spend(full, 1)
    assert told(full) == [at(50, 100, 200)]


async def test_a_wallet_that_was_there_before_goes_by_what_it_had_then() -> None:
    books = MemoryBooks(clock := FakeClock())
    await books.apply(enrol(member_month_limit_nanos=10_000 * USD))
    books.has(WalletRow(id="wal", available_nanos=10 * USD, full_nanos=10 * USD))
    ledger = Ledger(books, clock)
    await spend(ledger, 6)
    assert told(ledger) == [at(40, 4, 10)]


async def test_a_wallet_that_never_had_anything_tells_nothing() -> None:
    books = MemoryBooks(clock := FakeClock())
    await books.apply(enrol())
    await ask_settled(books, "free", 0, 0)
    assert told(Ledger(books, clock)) == []
