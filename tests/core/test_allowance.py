"""What people are shown of their limits is what the books find at the hold."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.allowance import Allowances
from core.columns import changed
from core.operations import Held
from core.people import Member, Place
from core.policy import EVERYONE, Setting, own_target
from core.quota import Measure
from core.rows import CounterRow, MemberRow
from tests.bookkeeping import claim, enrol, hold, line, rule, settle, top_up
from tests.core.asking.house import ANNA
from tests.core.ledger.conftest import Ledger
from tests.fakes import START, FakeClock, MemoryBooks
from tests.memory import MemoryPolicies
from tests.memory_reports import MemoryReports

HERE = Place("test", "one", "general", "t")
PLENTY = 900
CARRY = {(EVERYONE, Setting.MONTH): "50", (EVERYONE, Setting.CARRY_OVER): "30"}
RULES: list[dict[tuple[str, Setting], str]] = [
    CARRY,
    {**CARRY, (EVERYONE, Setting.DAY): "20"},
    {**CARRY, (own_target("anna"), Setting.MONTH): "60"},
    {(EVERYONE, Setting.THREAD): "9", (EVERYONE, Setting.CHANNEL_DAY): "12"},
    {(EVERYONE, Setting.ASK): "4"},
]


@pytest.mark.parametrize("joined_days_ago", [0, 60])
@pytest.mark.parametrize("granted", [0, 15])
@pytest.mark.parametrize("rules", RULES)
async def test_what_is_shown_is_what_fits(
    rules: dict[tuple[str, Setting], str], granted: int, joined_days_ago: int
) -> None:
    clock = FakeClock()
    ledger = Ledger(MemoryBooks(clock), clock)
    await ledger.apply(enrol())
    await ledger.apply(top_up("plenty", PLENTY))
    joined_at = START - timedelta(days=joined_days_ago)
    joined_at_ms = int(joined_at.timestamp() * 1000)
    ledger.books.has(changed(ledger.one(MemberRow, "anna"), created_at_ms=joined_at_ms))
    for number, ((target, setting), value) in enumerate(rules.items()):
        await ledger.apply(rule(f"rule{number}", target, setting, value))
    await _asks(ledger, "first", 3)
    await ledger.apply(settle("first", line(3)))
    month = ledger.one(CounterRow, "member_month:anna:2026-11")
    ledger.books.has(changed(month, granted=granted))
    assert await _shown(ledger, replace(ANNA, joined_at=joined_at)) == await _asks(ledger, "second", PLENTY)


async def _asks(ledger: Ledger, ask: str, nanos: int) -> int:
    await ledger.apply(claim(ask, thread="t"))
    held: Any = await ledger.apply(hold(ask, nanos, least=0))
    assert isinstance(held, Held)
    return held.amount_nanos


async def _shown(ledger: Ledger, anna: Member) -> int:
    books = ledger.books
    allowance = await Allowances(MemoryPolicies(books), MemoryReports(books), ledger.clock).of(anna, HERE)
    spending = [each for each in allowance.limits if each[0].scope.measure in (Measure.SPEND, Measure.EACH)]
    return min(ledger.wallet[0], *(limit.at_most - used.used - used.held for limit, used in spending))
