"""What the books tell, on both databases: whole numbers, one team's own, newest first."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from adapters.store.acts import StoreActs
from adapters.store.database import Store
from adapters.store.overdue import StoreOverdue, StoreUndelivered
from adapters.store.policies import StorePolicies
from adapters.store.reports import StorePeople, StoreReports, StoreRequests
from core.defaults import CLOCK_SLACK_MS, KEEP_FOR_BUTTONS_MS, TELL_WITHIN_MS
from core.moments import from_ms, to_ms
from core.people import AdminBecause, Identity, KnownIdentity, Member, Team
from core.periods import Calendar
from core.policy import EVERYONE, Setting
from core.sweep import Sweep
from tests.adapters.store.full_books import AVAILABLE, HELD, LIMITS, OVERDUE_AFTER_MS, fill
from tests.adapters.store.raw import tamper
from tests.bookkeeping import enrol, erase, freeze, month_limit, note_identity, refund, set_gone, stop, top_up
from tests.fakes import FakeClock

TEN_YEARS_MS = 10 * 365 * 86_400_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Told:
    """Full books, and everything that reads them, at a time shortly after the database's own."""

    store: Store
    clock: FakeClock

    @property
    def reports(self) -> StoreReports:
        return StoreReports(self.store, self.clock)


@pytest_asyncio.fixture
async def told(store: Store) -> AsyncIterator[Told]:
    await fill(store)
    yield Told(store, FakeClock(from_ms(await store.now_ms()) + timedelta(seconds=1)))


# --- the wallet ---


async def test_a_wallet_with_its_running_asks(told: Told) -> None:
    wallet = await told.reports.wallet("wal")
    assert (wallet.available_nanos, wallet.held_nanos, wallet.balance_nanos) == (AVAILABLE, HELD, AVAILABLE + HELD)
    assert wallet.running_asks == 1
    assert {type(each) for each in (wallet.available_nanos, wallet.held_nanos, wallet.spent_nanos)} == {int}


OCTOBER, TENTH, TWENTIETH = (
    datetime(2026, 10, 1, tzinfo=UTC),
    *(datetime(2026, 11, day, tzinfo=UTC) for day in (10, 20)),
)
NOVEMBER, JANUARY = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
PACES = {
    "this month, since the first top-up": (TENTH, TWENTIETH, (80, TENTH)),
    "this month and the last one": (datetime(2026, 1, 1, tzinfo=UTC), TWENTIETH, (80, OCTOBER)),
    "last month, on its last day": (OCTOBER, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), (80, NOVEMBER)),
    "nothing of it any more": (OCTOBER, JANUARY, (0, None)),
}
"""When the first top-up came, when it is asked, and what was spent since when: 80 in November."""


@pytest.mark.parametrize(("topped_up", "now", "pace"), PACES.values(), ids=PACES)
async def test_the_pace_is_that_of_this_month_and_the_last(
    told: Told, database_url: str, topped_up: datetime, now: datetime, pace: tuple[int, datetime | None]
) -> None:
    await tamper(database_url, f"UPDATE top_up SET at_ms = {to_ms(topped_up)} WHERE id = 'budget'")
    wallet = await StoreReports(told.store, FakeClock(now)).wallet("wal")
    assert (wallet.spent_nanos, wallet.spending_since) == pace


async def test_a_wallet_that_nothing_was_spent_from_has_no_pace(told: Told) -> None:
    wallet = await StoreReports(told.store, FakeClock(TWENTIETH)).wallet("wal2")
    assert (wallet.spent_nanos, wallet.spending_since, wallet.running_asks) == (0, None, 1)


async def test_a_counter_tells_what_is_used_and_held(told: Told) -> None:
    counters = await told.reports.counters([*(limit.counter_id for limit in LIMITS), "nobody's"])
    taken = [(counters[limit.counter_id].used, counters[limit.counter_id].held) for limit in LIMITS]
    assert taken == [(0, 1), (16, 0), (80, 100)]
    assert [counters[limit.counter_id].limited_to for limit in LIMITS] == [limit.at_most for limit in LIMITS]
    assert len(counters) == len(LIMITS)


# --- what came in ---


async def test_the_newest_top_ups_come_first(told: Told) -> None:
    told.store.driver.clock_offset_ms += 10
    await told.store.books.apply(top_up("newest", 5))
    top_ups = await told.reports.top_ups("wal", 2)
    assert (top_ups[0].id, top_ups[0].amount_nanos, top_ups[0].refunded_nanos) == ("newest", 5, 0)
    assert len(top_ups) == 2
    assert {each.id for each in await told.reports.top_ups("wal", 9)} == {"newest", "slip", "budget"}


async def test_a_top_up_tells_how_much_of_it_was_taken_back(told: Told) -> None:
    await told.store.books.apply(refund("budget.undo", "budget"))
    backs = {each.id: each.refunded_nanos for each in await told.reports.top_ups("wal", 9)}
    assert backs == {"slip": 500, "budget": AVAILABLE}


# --- requests and people ---


async def test_a_stop_is_seen_by_whoever_streams(told: Told) -> None:
    requests = StoreRequests(told.store)
    assert not await requests.stop_requested("running")
    await told.store.books.apply(stop("running"))
    assert await requests.stop_requested("running")
    assert not await requests.stop_requested("nobody's")


async def test_finds_the_member_behind_an_identity(told: Told) -> None:
    people = StorePeople(told.store)
    anna = await people.find(Identity("test", "team", "anna", "?"))
    assert anna is not None
    team = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")), made_at=anna.joined_at)
    made = (AdminBecause.MADE,)
    assert anna == Member("anna", team, "Anna", admin=True, joined_at=anna.joined_at, because=made)
    assert abs(anna.joined_at - datetime.now(UTC)) < timedelta(hours=1)
    assert await people.find(Identity("test", "team", "nobody", "?")) is None


async def test_lists_the_members_of_one_team_by_name(told: Told) -> None:
    await told.store.books.apply(enrol("ben", display_name="Aaron"))
    anna = await StorePeople(told.store).find(Identity("test", "team", "anna", "?"))
    assert anna is not None
    members = await StorePeople(told.store).members(anna.team)
    assert [member.id for member in members] == ["ben", "anna"]


async def test_knows_what_platforms_said_last_of_each_identity(told: Told) -> None:
    for operation in (
        enrol("ben"),
        note_identity("seen", "ben"),
        set_gone("left", "anna"),
        freeze("stop", actor="ben", by_right=True, reason="the budget is gone"),
    ):
        await told.store.books.apply(operation)
    people, acts = StorePeople(told.store), StoreActs(told.store)
    anna = await people.find(Identity("test", "team", "anna", "?"))
    ben = await people.find(Identity("test", "team", "ben", "?"))
    assert anna is not None and ben is not None
    assert (anna.gone, anna.suspended, anna.admin) == (True, True, False)
    assert (ben.gone, ben.admin, ben.because) == (False, True, (AdminBecause.PLATFORM,))
    assert await people.identities("team") == (
        KnownIdentity("test:team/anna", "anna", gone=True),
        KnownIdentity("test:team/ben", "ben", admin=True),
    )
    assert await people.names("team", {"anna", "zoe"}) == {"anna": "Anna"}
    assert await people.names("team", ()) == {}
    assert [act.kind for act in await acts.newest("team", 2)] == ["freeze", "gone"]
    last = await acts.last("team", "freeze", "")
    assert last is not None and (last.actor, last.words) == ("ben", "the budget is gone")
    assert await acts.last("team", "freeze", "anna") is None


async def test_tells_what_is_set_for_the_targets_that_were_asked_about(told: Told) -> None:
    await told.store.books.apply(month_limit("bens", 0, "ben"))
    policies = StorePolicies(told.store)
    assert [policy.target for policy in await policies.all("team")] == [EVERYONE, "member:ben"]
    [bens] = await policies.of("team", ["member:ben", "member:anna", "own:ben"])
    assert bens.entries[Setting.MONTH].value == "0"
    assert await policies.all("nobodys") == ()


# --- what the sweep looks for ---


async def test_holds_past_their_deadline_by_the_databases_clock(told: Told) -> None:
    overdue = StoreOverdue(told.store)
    assert await overdue.holds() == ()
    told.store.driver.clock_offset_ms += OVERDUE_AFTER_MS
    assert set(await overdue.holds()) == {("running.1.hold", "wal"), ("theirs-1.1.hold", "wal2")}


async def test_the_longest_overdue_hold_comes_first(told: Told, database_url: str) -> None:
    await tamper(database_url, "UPDATE hold SET deadline_ms = 1 WHERE id = 'theirs-1.1.hold'")
    told.store.driver.clock_offset_ms += OVERDUE_AFTER_MS
    assert [hold_id for hold_id, _ in await StoreOverdue(told.store).holds()] == ["theirs-1.1.hold", "running.1.hold"]


async def test_holds_opened_while_the_clock_was_years_ahead(told: Told) -> None:
    told.store.driver.clock_offset_ms -= TEN_YEARS_MS
    overdue = await StoreOverdue(told.store).holds()
    assert set(overdue) == {("running.1.hold", "wal"), ("theirs-1.1.hold", "wal2")}
    await Sweep(told.store.books, StoreOverdue(told.store), FakeClock()).run()
    assert await StoreOverdue(told.store).holds() == ()


async def test_holds_are_left_alone_when_the_clock_is_set_back_a_little(told: Told) -> None:
    told.store.driver.clock_offset_ms -= CLOCK_SLACK_MS // 2
    assert await StoreOverdue(told.store).holds() == ()


async def test_text_past_its_day_unless_it_was_erased(told: Told) -> None:
    overdue = StoreOverdue(told.store)
    assert await overdue.kept() == ()
    told.store.driver.clock_offset_ms += DAY_MS + 60_000
    before = {ask for ask, _ in await overdue.kept()}
    unanswered = {"failed", "late", "changed", "expired", "refused", "running", "theirs-1"}
    assert before == unanswered | {"answered", "trimmed", "free", "undelivered"}
    await told.store.books.apply(erase("answered"))
    assert {ask for ask, _ in await overdue.kept()} == before - {"answered"}


async def test_a_question_whose_answer_was_delivered_past_its_hour(told: Told) -> None:
    overdue = StoreOverdue(told.store)
    told.store.driver.clock_offset_ms += KEEP_FOR_BUTTONS_MS - 60_000
    assert await overdue.kept() == ()
    told.store.driver.clock_offset_ms += 120_000
    assert await overdue.kept() == (("answered", "wal"),)


def test_a_moment_is_kept_to_the_millisecond() -> None:
    moment = datetime(2026, 11, 21, 12, 0, 0, 123_000, tzinfo=UTC)
    for milliseconds in range(1_000):
        each = moment + timedelta(milliseconds=milliseconds)
        assert from_ms(to_ms(each)) == each


async def test_how_an_ask_ended_is_told_within_a_month_or_never(told: Told) -> None:
    undelivered = StoreUndelivered(told.store)
    told.store.driver.clock_offset_ms += TELL_WITHIN_MS - DAY_MS
    assert ("failed", "wal") in await undelivered.due("test", ("one",))
    told.store.driver.clock_offset_ms += DAY_MS + 1
    assert await undelivered.due("test", ("one",)) == ()
