"""Deciding a request: once, by an admin, not one's own, by two above a threshold, and never after its period."""

import pytest
import pytest_asyncio

from core.defaults import SECOND_ADMIN_ABOVE_NANOS
from core.ledger.deciding import granted_nanos
from core.operations import Decided, Decision, Reason
from core.quota import counter_id_of
from core.rows import ActRow, BudgetRequestRow, CounterRow, MemberRow, NoticeRow, TopUpRow, TransferRow
from tests.bookkeeping import USD, ask_more, close_request, decide, enrol, top_up
from tests.core.ledger.conftest import Ledger

NOVEMBER = "member_month:ben:2026-11"
MUCH = SECOND_ADMIN_ABOVE_NANOS + 1
WALLET = ""
UNTIL_DECEMBER_SECONDS = 9 * 86_400 + 12 * 3600


@pytest_asyncio.fixture
async def team(ledger: Ledger) -> Ledger:
    """Anna and Cleo are admins; Ben is not."""
    await ledger.apply(enrol("ben"))
    await ledger.apply(enrol("cleo", admin=True))
    return ledger


def granted(ledger: Ledger, counter: str = NOVEMBER) -> int:
    return sum(row.granted for row in ledger.books.rows(CounterRow) if row.id == counter)


def told(ledger: Ledger, member: str = "") -> list[str]:
    made = sorted(ledger.books.rows(NoticeRow), key=lambda row: row.at_ms)
    return [row.words for row in made if row.member_id == member and row.kind != "request"]


async def test_an_approval_raises_exactly_its_counter_and_everybody_is_told(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD, ask_id="ask.1"))
    assert await team.apply(decide("d", "r")) == Decided(state="approved", granted_nanos=5 * USD)
    assert [(row.id, row.granted) for row in team.books.rows(CounterRow)] == [(NOVEMBER, 5 * USD)]
    counter = team.one(CounterRow, NOVEMBER)
    assert counter_id_of(counter.scope, counter.subject, counter.label) == NOVEMBER  # type: ignore[arg-type]
    assert told(team, "ben") == ["<anna> approved $5.00 more for this month for you, until 1 December, 00:00 (UTC)."]
    assert told(team) == ["<anna> approved $5.00 more for this month for <ben>."]
    act = team.one(ActRow, "d")
    assert (act.kind, act.actor, act.subject, act.amount_nanos) == ("approve", "anna", "ben", 5 * USD)
    assert team.one(NoticeRow, "r.told").about == "ask.1"


async def test_what_is_granted_comes_on_top_of_what_was(team: Ledger) -> None:
    for number in (1, 2):
        await team.apply(ask_more(f"r{number}", 5 * USD))
        await team.apply(decide(f"d{number}", f"r{number}"))
    assert granted(team) == 10 * USD


async def test_half_is_half_and_says_what_was_asked_for(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD))
    await team.apply(decide("d", "r", Decision.HALF))
    assert granted(team) == 2_500_000_000
    (words,) = told(team, "ben")
    assert "$2.50 more" in words and "You had asked for $5.00 more for this month." in words


def test_half_of_cents_that_are_odd_is_rounded_up_to_a_cent_and_never_beyond_the_whole() -> None:
    assert granted_nanos(30_000_000, Decision.HALF) == 20_000_000
    assert granted_nanos(10_000_000, Decision.HALF) == 10_000_000
    assert granted_nanos(7, Decision.HALF) == 7


async def test_a_denial_grants_nothing_and_tells_whoever_asked(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD, ask_id="ask.1"))
    await team.apply(decide("d", "r", Decision.DENY))
    assert (granted(team), team.one(BudgetRequestRow, "r").state) == (0, "denied")
    assert told(team, "ben")[0].startswith("<anna> denied your request: $5.00 more for this month.")
    assert team.one(NoticeRow, "r.told").about == ""


@pytest.mark.parametrize("second", Decision)
async def test_of_two_presses_one_counts(team: Ledger, second: Decision) -> None:
    await team.apply(ask_more("r", 5 * USD))
    await team.apply(decide("d1", "r"))
    assert await team.refusal(decide("d2", "r", second, member_id="cleo")) is Reason.DECIDED
    assert granted(team) == 5 * USD
    assert await team.apply(decide("d1", "r")) == Decided(state="approved", granted_nanos=5 * USD)
    assert granted(team) == 5 * USD


async def test_nobody_but_an_admin_decides(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD, "member_month:anna:2026-11", member_id="anna"))
    assert await team.refusal(decide("d", "r", member_id="ben")) is Reason.NOT_ADMIN
    assert await team.refusal(decide("d", "r", member_id="nobody", admin=True)) is Reason.NOT_ADMIN
    assert isinstance(await team.apply(decide("d", "r", member_id="ben", admin=True)), Decided)


async def test_an_admin_who_left_decides_nothing(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD))
    team.books.has(MemberRow(id="cleo", team_id="team", display_name="Cleo", admin=1, created_at_ms=0, suspended=1))
    assert await team.refusal(decide("d", "r", member_id="cleo", admin=True)) is Reason.NOT_ADMIN


async def test_an_id_that_nobody_gave_out_is_refused(team: Ledger) -> None:
    assert await team.refusal(decide("d", "forged")) is Reason.NOT_FOUND


@pytest.mark.parametrize("decision", Decision)
async def test_nobody_decides_their_own_request(team: Ledger, decision: Decision) -> None:
    await team.apply(ask_more("r", 5 * USD, "member_month:anna:2026-11", member_id="anna"))
    assert await team.refusal(decide("d", "r", decision)) is Reason.OWN_REQUEST
    assert await team.refusal(decide("d", "r", decision, actor="operator", admin=True)) is Reason.OWN_REQUEST
    assert isinstance(await team.apply(decide("d", "r", decision, member_id="cleo")), Decided)


async def test_the_only_admin_may_and_it_is_said(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD, "member_month:anna:2026-11", member_id="anna"))
    alone = await team.apply(decide("d", "r", others=False))
    assert alone == Decided(state="approved", granted_nanos=5 * USD, alone=True)
    act = team.one(ActRow, "d")
    assert act.actor == act.subject == "anna"


async def test_after_its_period_nothing_is_granted(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD))
    team.clock.advance(UNTIL_DECEMBER_SECONDS)
    assert await team.refusal(decide("d", "r")) is Reason.OVER
    team.clock.advance(-0.001)
    assert isinstance(await team.apply(decide("d", "r")), Decided)


# --- two admins ---


async def test_as_much_as_one_may_grant_needs_no_second(team: Ledger) -> None:
    await team.apply(ask_more("r", SECOND_ADMIN_ABOVE_NANOS))
    assert isinstance(await team.apply(decide("d", "r")), Decided)
    assert granted(team) == SECOND_ADMIN_ABOVE_NANOS


async def test_beyond_that_the_first_is_noted_and_the_second_grants(team: Ledger) -> None:
    await team.apply(ask_more("r", MUCH))
    assert await team.apply(decide("d1", "r")) == Decided(state="open", granted_nanos=MUCH)
    assert (granted(team), team.one(BudgetRequestRow, "r").confirmed_by) == (0, "anna")
    assert team.one(NoticeRow, "r.first").about == "r"
    assert told(team, "ben") == []
    assert await team.apply(decide("d2", "r", member_id="cleo")) == Decided(state="approved", granted_nanos=MUCH)
    assert granted(team) == MUCH
    row = team.one(BudgetRequestRow, "r")
    assert (row.confirmed_by, row.decided_by) == ("anna", "cleo")
    assert "<anna> approved $20.00 more for this month for <ben>; confirmed: <cleo>." in told(team)


async def test_the_same_admin_twice_is_not_two(team: Ledger) -> None:
    await team.apply(ask_more("r", MUCH))
    await team.apply(decide("d1", "r"))
    assert await team.refusal(decide("d2", "r")) is Reason.NEEDS_ANOTHER
    assert granted(team) == 0


async def test_of_two_who_agree_to_different_sums_the_lower_counts(team: Ledger) -> None:
    await team.apply(ask_more("r", 100 * USD))
    await team.apply(decide("d1", "r", Decision.HALF))
    await team.apply(decide("d2", "r", member_id="cleo"))
    assert granted(team) == 50 * USD


async def test_half_that_one_may_grant_needs_no_second(team: Ledger) -> None:
    await team.apply(ask_more("r", 2 * SECOND_ADMIN_ABOVE_NANOS))
    await team.apply(decide("d1", "r"))
    assert isinstance(await team.apply(decide("d2", "r", Decision.HALF)), Decided)
    row = team.one(BudgetRequestRow, "r")
    assert (granted(team), row.confirmed_by) == (SECOND_ADMIN_ABOVE_NANOS, "")


async def test_the_second_may_deny_it(team: Ledger) -> None:
    await team.apply(ask_more("r", MUCH))
    await team.apply(decide("d1", "r"))
    await team.apply(decide("d2", "r", Decision.DENY, member_id="cleo"))
    assert (granted(team), team.one(BudgetRequestRow, "r").granted_nanos) == (0, 0)


async def test_where_there_is_no_second_admin_one_is_enough_and_it_is_said(team: Ledger) -> None:
    await team.apply(ask_more("r", MUCH))
    assert await team.apply(decide("d", "r", others=False)) == Decided(state="approved", granted_nanos=MUCH, alone=True)


# --- an empty wallet ---


async def test_approving_for_the_wallet_is_a_top_up_by_that_admin(team: Ledger) -> None:
    await team.apply(ask_more("r", 25 * USD, WALLET, ask_id="ask.1"))
    done = await team.apply(decide("d", "r", top_up=top_up("t", 1, actor="anna")))
    assert done == Decided(state="approved", granted_nanos=25 * USD, funded=True)
    assert team.wallet == (100 + 25 * USD, 0)
    assert team.one(TopUpRow, "t").amount_nanos == 25 * USD
    assert team.one(TransferRow, "t").actor == "anna"
    assert told(team, "ben") == ["<anna> put $25.00 into the team wallet, as you asked."]


async def test_two_who_press_under_two_requests_for_one_wallet_fund_it_once(team: Ledger) -> None:
    await team.apply(ask_more("r", 25 * USD, WALLET))
    await team.apply(enrol("dora"))
    await team.apply(ask_more("s", 50 * USD, WALLET, member_id="dora"))
    await team.apply(decide("d1", "s", top_up=top_up("t1", 1)))
    assert await team.refusal(decide("d2", "r", top_up=top_up("t2", 1), member_id="cleo")) is Reason.DECIDED
    assert team.wallet == (100 + 50 * USD, 0)
    assert len(told(team, "ben")) == len(told(team, "dora")) == 1


async def test_denying_it_denies_everybody_who_waits(team: Ledger) -> None:
    await team.apply(ask_more("r", 25 * USD, WALLET))
    await team.apply(enrol("dora"))
    await team.apply(ask_more("s", 50 * USD, WALLET, member_id="dora"))
    await team.apply(decide("d", "r", Decision.DENY))
    assert await team.refusal(decide("d2", "s", top_up=top_up("t", 1), member_id="cleo")) is Reason.DECIDED
    await team.apply(close_request("c", "s"))
    assert [len(told(team, member)) for member in ("ben", "dora")] == [1, 1]


async def test_an_approval_without_its_top_up_funds_nothing(team: Ledger) -> None:
    await team.apply(ask_more("r", 25 * USD, WALLET))
    assert await team.refusal(decide("d", "r")) is Reason.NOT_FOUND
    full = top_up("t", 1, wallet_id="nowhere")
    assert await team.refusal(decide("d", "r", top_up=full)) is Reason.NOT_FOUND
