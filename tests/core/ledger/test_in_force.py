"""What counts at a hold: the rules of that moment, what is left of the period before, and what was granted."""

from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from core.columns import changed
from core.operations import Held, Hold, Reason, Refused, Settled
from core.people import Asker
from core.policy import EVERYONE, Setting, member_target, own_target, role_target
from core.quota import Limit, Scope
from core.rows import CounterRow, MemberRow
from tests.bookkeeping import (
    AT_MS,
    claim,
    enrol,
    hold,
    in_flight,
    line,
    rehold,
    release,
    reverse,
    rule,
    settle,
    top_up,
    zone,
)
from tests.core.ledger.conftest import Ledger

NOVEMBER, DECEMBER, JANUARY = "member_month:anna:2026-11", "member_month:anna:2026-12", "member_month:anna:2027-01"
DAY_SECONDS = 86_400
IN_DECEMBER_MS = AT_MS + 10 * DAY_SECONDS * 1000
"""Noon on the first."""


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc,arg-type]


async def asks(ledger: Ledger, ask: str, nanos: int, **fields: Any) -> Held | Refused:
    """A question and its hold; `member` and `thread` may be said."""
    asked = {name: fields.pop(name) for name in ("member", "thread") if name in fields}
    await ledger.apply(claim(ask, **asked))
    operation: Hold = hold(ask, nanos, **fields)
    return await ledger.apply(operation)


async def room(ledger: Ledger, ask: str, **fields: Any) -> int:
    """What the most is that fits."""
    held = await asks(ledger, ask, 900, least=0, **fields)
    assert isinstance(held, Held)
    await ledger.apply(release(ask))
    return held.amount_nanos


@pytest_asyncio.fixture
async def ledger(ledger: Ledger) -> Ledger:
    """A month of 50, of which 30 may go on. Anna came on the 10th."""
    await ledger.apply(top_up("plenty", 900))
    ledger.books.has(changed(ledger.one(MemberRow, "anna"), created_at_ms=AT_MS - 11 * DAY_SECONDS * 1000))
    await ledger.apply(rule("month", EVERYONE, Setting.MONTH, "50"))
    await ledger.apply(rule("carry", EVERYONE, Setting.CARRY_OVER, "30"))
    return ledger


# --- carry-over ---


async def test_what_is_left_goes_on_up_to_the_cap(ledger: Ledger) -> None:
    await asks(ledger, "old", 40)
    await ledger.apply(settle("old", line(35)))
    assert await room(ledger, "new", at_ms=IN_DECEMBER_MS) == 50 + 15
    await ledger.apply(rule("less", EVERYONE, Setting.CARRY_OVER, "5"))
    assert await room(ledger, "newer", at_ms=IN_DECEMBER_MS) == 50 + 5


@pytest.mark.parametrize(("end", "left"), [(settle("old", line(25)), 25), (release("old"), 30)])
async def test_what_an_open_hold_keeps_is_not_left_before_it_ends(ledger: Ledger, end: Any, left: int) -> None:
    await asks(ledger, "old", 40)
    assert await room(ledger, "early", at_ms=IN_DECEMBER_MS) == 50 + 10
    await ledger.apply(end)
    assert await room(ledger, "late", at_ms=IN_DECEMBER_MS) == 50 + left


async def test_a_charge_that_is_given_back_is_left_after_all(ledger: Ledger) -> None:
    await asks(ledger, "old", 40)
    await ledger.apply(settle("old", line(40)))
    assert await room(ledger, "early", at_ms=IN_DECEMBER_MS) == 50 + 10
    await ledger.apply(reverse("old"))
    assert await room(ledger, "late", at_ms=IN_DECEMBER_MS) == 50 + 30


async def test_nothing_is_left_of_a_month_before_somebody_came(ledger: Ledger) -> None:
    await ledger.apply(rule("low", EVERYONE, Setting.MONTH, "20"))
    await ledger.apply(enrol("cleo"))
    assert await room(ledger, "new", member="cleo") == 20
    assert await room(ledger, "next", member="cleo", at_ms=IN_DECEMBER_MS) == 20 + 20


async def test_what_was_carried_in_is_told_and_what_is_left_of_both_goes_on(ledger: Ledger) -> None:
    await asks(ledger, "december", 65, at_ms=IN_DECEMBER_MS)
    refused = await asks(ledger, "more", 20, at_ms=IN_DECEMBER_MS)
    assert isinstance(refused, Refused)
    assert (refused.limit, refused.held) == (Limit(Scope.MEMBER_MONTH, "anna", "2026-12", 80, carried=30), 65)
    assert ledger.one(CounterRow, DECEMBER).limited_to == 80
    await ledger.apply(settle("december", line(65)))
    assert await room(ledger, "january", at_ms=at(2027, 1, 1)) == 50 + 15


@pytest.mark.parametrize(("limit_then", "left"), [("35", 5), ("70", 30), ("none", 20)])
async def test_what_is_left_is_told_by_the_limit_of_then(ledger: Ledger, limit_then: str, left: int) -> None:
    await ledger.apply(rule("then", EVERYONE, Setting.MONTH, limit_then))
    await asks(ledger, "old", 30)
    await ledger.apply(settle("old", line(30)))
    await ledger.apply(rule("now", EVERYONE, Setting.MONTH, "50"))
    assert await room(ledger, "new", at_ms=IN_DECEMBER_MS) == 50 + left


async def test_what_was_granted_ends_with_its_month(ledger: Ledger) -> None:
    await ledger.apply(rule("no-carry", EVERYONE, Setting.CARRY_OVER, "0"))
    assert await room(ledger, "first") == 50
    november = ledger.one(CounterRow, NOVEMBER)
    ledger.books.has(changed(november, granted=20))
    assert await room(ledger, "second") == 70
    await ledger.apply(rule("carry-again", EVERYONE, Setting.CARRY_OVER, "90"))
    assert await room(ledger, "next", at_ms=IN_DECEMBER_MS) == 50 + 50


async def test_a_members_own_limit_stays_whatever_comes_on_top_of_the_teams(ledger: Ledger) -> None:
    await ledger.apply(rule("own", own_target("anna"), Setting.MONTH, "55", actor="anna"))
    assert await room(ledger, "new", at_ms=IN_DECEMBER_MS) == 55
    ledger.books.has(changed(ledger.one(CounterRow, DECEMBER), granted=20))
    assert await room(ledger, "granted", at_ms=IN_DECEMBER_MS) == 55


async def test_days_and_weeks_go_on_too_in_the_teams_zone(ledger: Ledger) -> None:
    await ledger.apply(zone("east", "Asia/Kolkata"))
    await ledger.apply(rule("day", member_target("anna"), Setting.DAY, "10"))
    await ledger.apply(rule("week", member_target("anna"), Setting.WEEK, "12"))
    assert await room(ledger, "saturday") == 10 + 10  # of 12 + 12 in the week; on Friday nothing was asked
    await asks(ledger, "spends", 18)
    assert await room(ledger, "sunday", at_ms=at(2026, 11, 22, 0)) == 6  # the week has 24, of which 18 are held
    await ledger.apply(settle("spends", line(18)))
    assert await room(ledger, "monday", at_ms=at(2026, 11, 22, 18, 30)) == 6  # in Kolkata; the week ends as it began
    assert await room(ledger, "new-week", at_ms=at(2026, 11, 23)) == 12 + 6


# --- a hold that comes late ---


async def test_once_somebody_asked_in_the_next_month_a_late_hold_counts_there(ledger: Ledger) -> None:
    """What was left of November has gone on already: it is not there a second time."""
    await asks(ledger, "new", 80, at_ms=IN_DECEMBER_MS)
    refused = await asks(ledger, "late", 1)
    assert isinstance(refused, Refused) and refused.limit is not None
    assert refused.limit.label == "2026-12"


async def test_a_hold_that_is_made_larger_after_midnight_counts_in_the_month_that_runs(ledger: Ledger) -> None:
    await asks(ledger, "old", 30)
    await asks(ledger, "new", 60, at_ms=IN_DECEMBER_MS)
    too_much = await ledger.apply(rehold("old", 40, at_ms=AT_MS))
    assert isinstance(too_much, Refused) and too_much.reason is Reason.LIMIT_HELD
    assert await ledger.apply(rehold("old", 20, at_ms=AT_MS)) == Held(hold_id="old.1.hold", amount_nanos=20)
    assert [ledger.one(CounterRow, row_id).held for row_id in (NOVEMBER, DECEMBER)] == [0, 80]


async def test_without_carry_over_a_late_hold_counts_where_its_ask_began(ledger: Ledger) -> None:
    await ledger.apply(rule("no-carry", EVERYONE, Setting.CARRY_OVER, "0"))
    await asks(ledger, "new", 50, at_ms=IN_DECEMBER_MS)
    assert await room(ledger, "late") == 50


# --- whose rules ---


async def test_the_rules_of_the_moment_of_the_hold_count(ledger: Ledger) -> None:
    await ledger.apply(claim("a"))
    await ledger.apply(rule("lower", EVERYONE, Setting.MONTH, "5"))
    refused = await ledger.apply(hold("a", 6))
    assert isinstance(refused, Refused) and refused.limit is not None and refused.limit.set_by is not None
    assert (refused.limit.at_most, refused.limit.set_by.by, refused.limit.set_by.target) == (5, "anna", EVERYONE)


async def test_a_role_counts_while_its_platform_says_that_somebody_has_it(ledger: Ledger) -> None:
    await ledger.apply(rule("lead", role_target("test:lead"), Setting.MONTH, "70"))
    assert await room(ledger, "as-lead", at_ms=IN_DECEMBER_MS, asker=Asker(roles=("test:lead",))) == 70 + 30
    assert await room(ledger, "as-nobody", at_ms=IN_DECEMBER_MS) == 50 + 30


async def test_a_thread_and_one_ask_have_their_own_bounds(ledger: Ledger) -> None:
    await ledger.apply(rule("thread", EVERYONE, Setting.THREAD, "12"))
    await ledger.apply(rule("ask", EVERYONE, Setting.ASK, "8"))
    assert await room(ledger, "a", thread="t") == 8
    await asks(ledger, "b", 8, thread="t")
    assert await room(ledger, "c", thread="t") == 4
    assert await room(ledger, "d", thread="u") == 8
    assert not [row.id for row in ledger.books.rows(CounterRow) if row.scope == Scope.ASK]


async def test_what_was_granted_for_the_next_month_moves_no_hold_of_this_one_there(ledger: Ledger) -> None:
    ledger.books.has(
        CounterRow(id=DECEMBER, wallet_id="wal", scope=Scope.MEMBER_MONTH, subject="anna", label="2026-12", granted=20)
    )
    assert isinstance(await asks(ledger, "now", 5), Held)
    assert ledger.one(CounterRow, NOVEMBER).held == 5


async def test_a_hold_that_is_made_another_gives_back_what_it_then_counts_on(ledger: Ledger) -> None:
    await asks(ledger, "a", 10)
    await ledger.apply(rule("day", EVERYONE, Setting.DAY, "40"))
    assert isinstance(await ledger.apply(rehold("a", 20)), Held)
    day = "member_day:anna:2026-11-21"
    assert ledger.one(CounterRow, day).held == 20
    await ledger.apply(rule("no-day", EVERYONE, Setting.DAY, "none"))
    assert isinstance(await ledger.apply(rehold("a", 15, id="again")), Held)
    assert (ledger.one(CounterRow, day).held, ledger.one(CounterRow, NOVEMBER).held) == (0, 15)
    await ledger.apply(rule("day-again", EVERYONE, Setting.DAY, "40"))
    await ledger.apply(rehold("a", 30, id="third"))
    settled = await ledger.apply(settle("a", line(7)))
    assert isinstance(settled, Settled)
    assert dict(settled.used_by_counter) == {NOVEMBER: 7, day: 7}
    assert (ledger.one(CounterRow, day).held, ledger.one(CounterRow, NOVEMBER).held) == (0, 0)


async def test_what_is_used_leaves_out_what_others_hold(ledger: Ledger) -> None:
    await asks(ledger, "running", 10)
    await asks(ledger, "a", 10)
    settled = await ledger.apply(settle("a", line(7)))
    assert isinstance(settled, Settled)
    assert (settled.used_by_counter, settled.left_by_counter) == (((NOVEMBER, 7),), ((NOVEMBER, 43),))


async def test_a_channel_that_two_teams_share_is_counted_for_each_of_them(ledger: Ledger) -> None:
    theirs: dict[str, Any] = {"wallet_id": "theirs", "team_id": "other"}
    await ledger.apply(enrol("zoe", team="other", wallet="theirs"))
    await ledger.apply(top_up("their-budget", 900, actor="zoe", **theirs))
    for setting, ours in (("channel_day", "40"), ("thread", "45")):
        await ledger.apply(rule(f"our-{setting}", EVERYONE, Setting(setting), ours))
        await ledger.apply(rule(f"their-{setting}", EVERYONE, Setting(setting), "20", actor="operator", **theirs))
    assert isinstance(await asks(ledger, "ours", 40, thread="t"), Held)
    await ledger.apply(claim("theirs", member="zoe", thread="t", **theirs))
    assert isinstance(await ledger.apply(hold("theirs", 20, wallet_id="theirs")), Held)


@pytest.mark.parametrize(("at_once", "fits"), [("1", 1), ("4", 4), ("", 2)])
async def test_how_many_at_once_is_what_the_team_says_at_the_hold_and_else_the_operator(
    ledger: Ledger, at_once: str, fits: int
) -> None:
    if at_once:
        await ledger.apply(rule("at-once", EVERYONE, Setting.IN_FLIGHT, at_once))
    for ask in range(fits + 1):
        await ledger.apply(claim(f"ask{ask}"))
    held = [await ledger.apply(hold(f"ask{ask}", 1, in_flight(2))) for ask in range(fits + 1)]
    assert [isinstance(each, Held) for each in held] == [True] * fits + [False]
