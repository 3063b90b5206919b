"""/topup and /undo: admins only, nothing by a slip of the finger, nothing twice."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from core.defaults import UNDO_TOP_UP_SECONDS
from core.errors import AmountNotUnderstood, BadInput, NotAllowed
from core.people import Member, Team
from core.periods import Calendar
from core.rows import ActRow, WalletRow
from core.top_up_ceiling import TopUpCeiling
from core.topup import Recorded, TakenBack, TopUps, Unusual
from tests.bookkeeping import USD, ask_settled, ask_with_hold, enrol
from tests.fakes import FakeClock, MemoryBooks
from tests.memory_reports import MemoryReports

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA = Member("anna", TEAM, "Anna", admin=True)
BEN = Member("ben", TEAM, "Ben")


@dataclass
class Budget:
    """A team without a cent, and its /topup."""

    clock: FakeClock = field(default_factory=FakeClock)
    books: MemoryBooks = field(init=False)
    top_ups: TopUps = field(init=False)

    def __post_init__(self) -> None:
        self.books = MemoryBooks(self.clock)
        self.top_ups = TopUps(self.books, MemoryReports(self.books), self.clock)

    async def record(self, typed: str, *, confirmed: bool = False, key: str = "") -> Recorded | Unusual:
        self.clock.advance(1)
        return await self.top_ups.record(ANNA, typed, "", confirmed=confirmed, request_key=key)

    @property
    def balance(self) -> int:
        (wallet,) = self.books.rows(WalletRow)
        return wallet.available_nanos + wallet.held_nanos


@pytest_asyncio.fixture
async def budget() -> Budget:
    made = Budget()
    await made.books.apply(enrol())
    return made


async def test_records_budget_and_tells_before_and_after(budget: Budget) -> None:
    await budget.record("10")
    recorded = await budget.record("$25.50")
    assert isinstance(recorded, Recorded)
    assert recorded == Recorded(recorded.top_up_id, 25_500_000_000, 10 * USD, 35_500_000_000)


async def test_a_dollar_is_the_least(budget: Budget) -> None:
    assert isinstance(await budget.record("1"), Recorded)


@pytest.mark.parametrize("typed", ["0", "0.99", "$0.01", "0.00"])
async def test_less_than_a_dollar_is_refused_with_the_least(budget: Budget, typed: str) -> None:
    with pytest.raises(BadInput, match=r"The least is \$1\.00\. Nothing was recorded\."):
        await budget.record(typed)
    assert budget.balance == 0


@pytest.mark.parametrize("typed", ["-5", "25,50", "1e9", "9" * 200, "2000000"])
async def test_an_amount_that_cannot_be_read_records_nothing(budget: Budget, typed: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        await budget.record(typed, confirmed=True)
    assert budget.balance == 0


async def test_only_admins_change_the_budget(budget: Budget) -> None:
    await budget.record("10")
    with pytest.raises(NotAllowed, match="Nothing was recorded"):
        await budget.top_ups.record(BEN, "10", "")
    with pytest.raises(NotAllowed):
        await budget.top_ups.undo(BEN)
    assert budget.balance == 10 * USD


async def test_an_unusual_sum_is_shown_before_it_is_recorded(budget: Budget) -> None:
    asked = await budget.record("100.01")
    assert asked == Unusual(
        100_010_000_000, "$100.01 is more than $100.00. It would take the wallet from $0.00 to $100.01."
    )
    assert budget.balance == 0
    assert isinstance(await budget.record("100.01", confirmed=True), Recorded)


async def test_a_hundred_dollars_are_not_unusual(budget: Budget) -> None:
    assert isinstance(await budget.record("100"), Recorded)


async def test_four_times_the_usual_is_recorded_and_a_cent_more_is_asked_about(budget: Budget) -> None:
    for _ in range(3):
        await budget.record("5")
    assert isinstance(await budget.record("20.01"), Unusual)
    assert isinstance(await budget.record("20"), Recorded)


async def test_one_large_top_up_does_not_make_large_ones_usual(budget: Budget) -> None:
    for typed in ("5", "5", "90"):
        await budget.record(typed, confirmed=True)
    asked = await budget.record("21")
    assert isinstance(asked, Unusual) and "4 times the usual $5.00" in asked.sentence


async def test_the_same_request_records_once(budget: Budget) -> None:
    first = await budget.record("10", key="event-1")
    assert await budget.record("10", key="event-1") == first
    assert budget.balance == 10 * USD


async def test_a_form_that_was_changed_after_it_was_recorded_records_nothing_more(budget: Budget) -> None:
    await budget.record("10", key="form-1")
    with pytest.raises(BadInput, match="recorded already, with another amount"):
        await budget.record("12", key="form-1")
    assert budget.balance == 10 * USD


async def test_what_was_agreed_to_and_comes_again_is_said_to_be_recorded(budget: Budget) -> None:
    recorded = await budget.record("500", key="form-1", confirmed=True)
    assert await budget.record("500", key="form-1") == recorded
    assert budget.balance == 500 * USD


async def test_a_button_undoes_its_top_up_however_many_came_after_it(budget: Budget) -> None:
    first = await budget.record("10")
    assert isinstance(first, Recorded)
    for _ in range(9):
        await budget.record("10")
    assert (await budget.top_ups.undo(ANNA, first.top_up_id)).amount_nanos == 10 * USD
    assert budget.balance == 90 * USD


async def test_the_second_admin_to_undo_reads_that_it_is_done(budget: Budget) -> None:
    recorded = await budget.record("10")
    assert isinstance(recorded, Recorded)
    await budget.top_ups.undo(ANNA, recorded.top_up_id)
    with pytest.raises(BadInput, match="taken back already"):
        await budget.top_ups.undo(replace(ANNA, id="cara"), recorded.top_up_id)
    assert budget.balance == 0


async def test_a_wallet_that_is_full_records_nothing(budget: Budget) -> None:
    for _ in range(1_000):
        await budget.record("1000000", confirmed=True)
    with pytest.raises(BadInput, match="cannot hold that much"):
        await budget.record("1")


async def test_the_reason_is_kept_short(budget: Budget) -> None:
    await budget.top_ups.record(ANNA, "5", "  November " + "x" * 500)
    (act,) = budget.books.rows(ActRow)
    assert act.words.startswith("November") and len(act.words) < 250


# --- what the operator lets a team record in a month ---


async def test_a_ceiling_is_said_with_who_can_change_it(budget: Budget) -> None:
    budget.top_ups = TopUps(budget.books, MemoryReports(budget.books), budget.clock, TopUpCeiling(50 * USD))
    await budget.record("40")
    with pytest.raises(
        BadInput,
        match=r"\$40\.00 of the \$50\.00 that this team may record in a month is recorded, so at most \$10\.00 more "
        r"fits until the next month\. Whoever runs Chipin can change that \(TOPUP_MAX_USD_PER_MONTH\)\. Nothing was",
    ):
        await budget.record("10.01")
    await budget.record("10")
    with pytest.raises(BadInput, match="nothing more fits until the next month"):
        await budget.record("1")


async def test_a_month_of_the_teams_own_begins_anew(budget: Budget) -> None:
    budget.top_ups = TopUps(budget.books, MemoryReports(budget.books), budget.clock, TopUpCeiling(50 * USD))
    await budget.record("50")
    budget.clock.advance(9.5 * 86_400)  # from 21 November, noon, to 1 December, midnight
    assert isinstance(await budget.record("50"), Recorded)


# --- undo ---


async def test_undo_takes_the_newest_top_up_back(budget: Budget) -> None:
    await budget.record("10")
    await budget.record("25")
    assert await budget.top_ups.undo(ANNA) == TakenBack(25 * USD, 25 * USD, 10 * USD)


async def test_undo_again_takes_the_one_before_back(budget: Budget) -> None:
    await budget.record("10")
    await budget.record("25")
    await budget.top_ups.undo(ANNA)
    assert await budget.top_ups.undo(ANNA) == TakenBack(10 * USD, 10 * USD, 0)


async def test_an_undo_button_that_is_pressed_twice_takes_one_top_up_back(budget: Budget) -> None:
    await budget.record("25")
    slip = await budget.record("10")
    assert isinstance(slip, Recorded)
    first = await budget.top_ups.undo(ANNA, slip.top_up_id)
    assert await budget.top_ups.undo(ANNA, slip.top_up_id) == first == TakenBack(10 * USD, 10 * USD, 25 * USD)
    assert budget.balance == 25 * USD


async def test_a_key_from_outside_counts_in_its_own_wallet_only(budget: Budget) -> None:
    await budget.record("10", key="press")
    await budget.record("10", key="press")
    assert budget.balance == 10 * USD
    await budget.books.apply(enrol("zoe", team="others", wallet="wal2"))
    zoe = Member("zoe", replace(TEAM, id="others", wallet_id="wal2"), "Zoe", admin=True)
    assert isinstance(await budget.top_ups.record(zoe, "10", "", request_key="press"), Recorded)


async def test_undo_leaves_what_is_spent_or_held(budget: Budget) -> None:
    await budget.record("10")
    await ask_settled(budget.books, "a", 4 * USD, 3 * USD)
    await ask_with_hold(budget.books, "b", 2 * USD)
    assert await budget.top_ups.undo(ANNA) == TakenBack(5 * USD, 10 * USD, 2 * USD)


async def test_undo_says_so_when_all_of_it_is_gone(budget: Budget) -> None:
    await budget.record("5")
    await ask_settled(budget.books, "a", 5 * USD, 5 * USD)
    with pytest.raises(BadInput, match=r"All of the \$5\.00 is spent or held"):
        await budget.top_ups.undo(ANNA)


async def test_undo_works_for_ten_minutes(budget: Budget) -> None:
    await budget.record("10")
    budget.clock.advance(UNDO_TOP_UP_SECONDS + 0.001)
    with pytest.raises(BadInput, match="nothing to undo: no top-up in the last 10 minutes"):
        await budget.top_ups.undo(ANNA)
    budget.clock.advance(-0.001)
    assert isinstance(await budget.top_ups.undo(ANNA), TakenBack)
