"""The wallet under random fire: every operation in any order on the real SQLite store, and a model beside it.

After each step the rows of the file are what the model adds up from its history (the invariants of core/ledger
follow); at the end of each run the audit finds nothing, and nothing either when ten years have gone by.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapters.store.audit import audit
from adapters.store.database import open_store
from adapters.store.sqlite import SqliteDriver
from core.errors import OperationConflict
from core.operations import Operation, Reason, Refused, Thumb
from core.quota import Limit
from core.receipt import PricedLine
from tests.bookkeeping import (
    absorbed,
    claim,
    enrol,
    expire,
    freeze,
    hold,
    in_flight,
    line,
    month,
    rate,
    refund,
    rehold,
    release,
    reverse,
    settle,
    top_up,
)
from tests.core.wallet_model import WalletModel, told

MEMBERS = ("anna", "ben")
TEN_YEARS_MS = 10 * 365 * 86_400_000
BUDGETS = st.sampled_from([1, 10, 50, 100])
AMOUNTS = st.sampled_from([0, 1, 10, 20, 30, 40, 60])
"""Few and round, so that sums meet limits and balances exactly, or miss them by one."""
AT_ONCE = st.lists(AMOUNTS, min_size=1, max_size=3)
ANY = st.integers(min_value=0, max_value=999)
"""Which of those there are, counted round."""
COSTS = st.lists(st.tuples(AMOUNTS, st.booleans(), st.sampled_from(["acme", "other"])), max_size=3)


def limits_of(member: str) -> tuple[Limit, ...]:
    """Narrow enough to be met often."""
    return in_flight(2, member), absorbed(20, member), month(30, member)


def lines_of(costs: Iterable[tuple[int, bool, str]]) -> tuple[PricedLine, ...]:
    return tuple(line(nanos, nanos if is_charged else 0, provider=name) for nanos, is_charged, name in costs)


@cache
def empty_books() -> bytes:
    """A SQLite file with the schema, a team of two, and another team."""

    async def make(path: Path) -> None:
        async with open_store(f"sqlite:///{path}") as store:
            for member in MEMBERS:
                await store.books.apply(enrol(member))
            await store.books.apply(enrol("zoe", team="others", wallet="wal2"))

    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        path = Path(folder) / "empty.db"
        runner.run(make(path))
        return path.read_bytes()


class WalletMachine(RuleBasedStateMachine):
    """Draws operations, says what each must answer, and looks at the file after each."""

    @initialize(nanos=BUDGETS)
    def open(self, nanos: int) -> None:
        self.model = WalletModel()
        self.done: list[tuple[Operation[Any], Any]] = []
        self.count = 0
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.path = folder / "chipin.db"
        self.path.write_bytes(empty_books())
        self.store = self.runner.run(self.stack.enter_async_context(open_store(f"sqlite:///{self.path}")))
        self.reader = self.stack.enter_context(closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)))
        self.budget_comes(nanos)

    def teardown(self) -> None:
        """The books balance, and time alone changes nothing in them."""
        if not hasattr(self, "store"):
            return
        try:
            before = self.totals()
            self.driver.clock_offset_ms += TEN_YEARS_MS
            report = self.runner.run(audit(self.store))
            assert report.violations == ()
            assert self.totals() == before
        finally:
            self.runner.run(self.stack.aclose())
            self.runner.close()

    # --- how operations are done ---

    @property
    def driver(self) -> SqliteDriver:
        assert isinstance(self.store.driver, SqliteDriver)
        return self.store.driver

    def new_id(self) -> str:
        self.count += 1
        return f"op{self.count}"

    def post(self, *operations: Operation[Any]) -> None:
        """Do them at once, in one batch; each must answer what the model says."""
        expected = [self.model.expect(operation) for operation in operations]
        outcomes = self.runner.run(self._apply(*operations))
        assert [told(outcome) for outcome in outcomes] == expected
        pairs = zip(operations, outcomes, strict=True)
        self.done += [(op, outcome) for op, outcome in pairs if hasattr(outcome, "replayed")]

    async def _apply(self, *operations: Operation[Any]) -> list[Any]:
        return await asyncio.gather(*map(self.store.books.apply, operations))

    def a_hold(self, pick: int) -> dict[str, Any]:
        """One of the holds, mostly an open one, as the fields that name it, and a new id for what happens to it."""
        open_ones = [name for name, fact in self.model.holds.items() if fact.state == "open"]
        some = open_ones if open_ones and pick % 4 else list(self.model.holds)
        hold_id = some[pick % len(some)]
        return {"hold_id": hold_id, "attempt": self.model.holds[hold_id].attempt, "id": self.new_id()}

    # --- what may happen ---

    @rule(nanos=BUDGETS)
    def budget_comes(self, nanos: int) -> None:
        self.post(top_up(self.new_id(), nanos))

    @precondition(lambda self: self.model.budgets)
    @rule(pick=ANY)
    def budget_goes(self, pick: int) -> None:
        self.post(refund(self.new_id(), list(self.model.budgets)[pick % len(self.model.budgets)]))

    @rule(whom=st.sampled_from(["", *MEMBERS]), frozen=st.sampled_from([True, False, False]))
    def asking_is_paused_or_goes_on(self, whom: str, frozen: bool) -> None:
        self.post(freeze(self.new_id(), whom, frozen=frozen))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, whole_team=st.booleans(), nanos=AMOUNTS)
    def asking_is_paused_for_a_while(self, pick: int, whole_team: bool, nanos: int) -> None:
        """For somebody who has a hold: it goes to no other model, and there is no new one before it goes on."""
        named, ask = self.a_hold(pick), self.new_id()
        member = self.model.asks[self.model.holds[named["hold_id"]].ask].member
        whom = "" if whole_team else member
        self.post(
            freeze(self.new_id(), whom),
            rehold("", nanos, **named),
            claim(ask, ask, member=member),
            hold(ask, nanos, id=f"{ask}.1"),
            freeze(self.new_id(), whom, frozen=False),
            hold(ask, nanos, id=f"{ask}.2"),
        )

    @rule(member=st.sampled_from(MEMBERS), amounts=AT_ONCE, least=AMOUNTS, limited=st.booleans())
    def somebody_asks(self, member: str, amounts: list[int], least: int, limited: bool) -> None:
        """Up to three questions at once, all in one batch: each hold must see the claim before it."""
        operations: list[Operation[Any]] = []
        for nanos in amounts:
            ask = self.new_id()
            limits = limits_of(member) if limited else ()
            asked = hold(ask, nanos, *limits, least=min(least, nanos), id=f"{ask}.1")
            operations += [claim(ask, ask, member=member), asked]
        self.post(*operations)

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY)
    def a_copy_arrives(self, pick: int) -> None:
        name = list(self.model.asks)[pick % len(self.model.asks)]
        self.post(claim(self.new_id(), name, member=self.model.asks[name].member))

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY, stale=st.booleans())
    def somebody_tries_again(self, pick: int, stale: bool) -> None:
        """Twice, as a press that is delivered twice: the second one finds it running."""
        name = list(self.model.asks)[pick % len(self.model.asks)]
        ask = self.model.asks[name]
        press = f"{name}.{ask.attempt - stale}"
        presses = [claim(self.new_id(), self.new_id(), member=ask.member, resumes=press) for _ in range(2)]
        self.post(*presses)

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY, nanos=AMOUNTS, limited=st.booleans(), stale=st.booleans())
    def an_ask_holds(self, pick: int, nanos: int, limited: bool, stale: bool) -> None:
        name = list(self.model.asks)[pick % len(self.model.asks)]
        ask = self.model.asks[name]
        limits = limits_of(ask.member) if limited else ()
        self.post(hold(name, nanos, *limits, attempt=ask.attempt - stale, id=self.new_id()))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, nanos=AMOUNTS, limited=st.booleans())
    def another_model_takes_over(self, pick: int, nanos: int, limited: bool) -> None:
        named = self.a_hold(pick)
        member = self.model.asks[self.model.holds[named["hold_id"]].ask].member
        self.post(rehold("", nanos, *(limits_of(member) if limited else ()), **named))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, costs=COSTS)
    def an_answer_ends(self, pick: int, costs: list[tuple[int, bool, str]]) -> None:
        self.post(settle("", *lines_of(costs), **self.a_hold(pick)))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, costs=COSTS)
    def an_ask_fails(self, pick: int, costs: list[tuple[int, bool, str]]) -> None:
        self.post(release("", *lines_of(costs), **self.a_hold(pick)))

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY)
    def a_charge_is_given_back(self, pick: int) -> None:
        name = list(self.model.asks)[pick % len(self.model.asks)]
        self.post(reverse(name, id=self.new_id()))

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY, member=st.sampled_from(MEMBERS), nanos=AMOUNTS)
    def a_better_model_is_asked_for(self, pick: int, member: str, nanos: int) -> None:
        """Mostly for something that is no answer of one's own: then there is no ask to hold for either."""
        name, ask = list(self.model.asks)[pick % len(self.model.asks)], self.new_id()
        self.post(claim(ask, ask, member=member, improves=name))
        if ask in self.model.asks:
            self.post(hold(ask, nanos, id=f"{ask}.1"))

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY, member=st.sampled_from(MEMBERS), thumb=st.sampled_from([-1, 0, 1]))
    def an_answer_is_judged(self, pick: int, member: str, thumb: Thumb) -> None:
        name = list(self.model.asks)[pick % len(self.model.asks)]
        self.post(rate(name, thumb, id=self.new_id(), member_id=member))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY)
    def the_sweep_comes(self, pick: int) -> None:
        named = self.a_hold(pick)
        self.post(expire("", id=named["id"], hold_id=named["hold_id"]))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, nanos=AMOUNTS, costs=COSTS, order=st.permutations(range(5)))
    def everybody_closes_it_at_once(
        self, pick: int, nanos: int, costs: list[tuple[int, bool, str]], order: list[int]
    ) -> None:
        one, two, three, four = (self.a_hold(pick) for _ in range(4))
        race = [
            settle("", *lines_of(costs), **one),
            release("", **two),
            expire("", id=three["id"], hold_id=three["hold_id"]),
            rehold("", nanos, **four),
            refund(self.new_id(), list(self.model.budgets)[pick % len(self.model.budgets)]),
        ]
        self.post(*(race[place] for place in order))

    @rule(minutes=st.integers(min_value=1, max_value=3))
    def time_passes(self, minutes: int) -> None:
        """A lease ends after two minutes, one with a hold after three; the sweep tries every hold that is open."""
        self.later(minutes)
        still_open = [name for name, fact in self.model.holds.items() if fact.state == "open"]
        self.post(*(expire("", id=self.new_id(), hold_id=name) for name in still_open))

    def later(self, minutes: int) -> None:
        self.model.now += minutes * 60
        self.driver.clock_offset_ms += minutes * 60_000

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY, costs=COSTS)
    def a_process_wakes_up_after_the_sweep(self, pick: int, costs: list[tuple[int, bool, str]]) -> None:
        self.later(3)
        first, second, third = (self.a_hold(pick) for _ in range(3))
        self.post(expire("", id=first["id"], hold_id=first["hold_id"]))
        self.post(settle("", *lines_of(costs), **second), settle("", *lines_of(costs), **third))

    @precondition(lambda self: self.model.asks)
    @rule(pick=ANY, nanos=AMOUNTS, costs=COSTS, order=st.permutations(range(2)))
    def another_attempt_takes_over(
        self, pick: int, nanos: int, costs: list[tuple[int, bool, str]], order: list[int]
    ) -> None:
        """Two processes have the same ask, and both come to an end of it."""
        self.later(3)
        running = [place for place, ask in enumerate(self.model.asks.values()) if ask.state == "running"]
        pick = running[pick % len(running)] if running else 0
        self.a_copy_arrives(pick)
        self.an_ask_holds(pick, nanos, limited=False, stale=False)
        name = list(self.model.asks)[pick]
        its_holds = [hold_id for hold_id, fact in self.model.holds.items() if fact.ask == name][-2:]
        for hold_id in (its_holds[place] for place in order if place < len(its_holds)):
            attempt = self.model.holds[hold_id].attempt
            self.post(settle("", *lines_of(costs), id=self.new_id(), hold_id=hold_id, attempt=attempt))

    @precondition(lambda self: self.done)
    @rule(pick=ANY)
    def an_operation_comes_again(self, pick: int) -> None:
        operation, first = self.done[pick % len(self.done)]
        again, twice = self.runner.run(self._apply(operation, operation))
        assert (again, twice, again.replayed) == (first, first, True)

    @precondition(lambda self: self.done)
    @rule(pick=ANY, nanos=st.integers(min_value=1, max_value=9))
    def an_id_comes_with_other_fields(self, pick: int, nanos: int) -> None:
        operation, _ = self.done[pick % len(self.done)]
        with pytest.raises(OperationConflict):
            self.runner.run(self.store.books.apply(replace(operation, wallet_id="another")))
        with pytest.raises(OperationConflict):
            self.runner.run(self.store.books.apply(top_up(operation.id, 1_000 + nanos)))

    @precondition(lambda self: self.model.holds)
    @rule(pick=ANY)
    def another_team_reaches_for_it(self, pick: int) -> None:
        named = self.a_hold(pick)
        del named["id"]
        theirs = [
            settle("", line(1), wallet_id="wal2", id="their-settle", **named),
            release("", wallet_id="wal2", id="their-release", **named),
            rehold("", 1, wallet_id="wal2", id="their-rehold", **named),
            expire("", wallet_id="wal2", id="their-expire", hold_id=named["hold_id"]),
            freeze("their-freeze", "anna", wallet_id="wal2"),
            refund("their-refund", list(self.model.budgets)[pick % len(self.model.budgets)], wallet_id="wal2"),
        ]
        outcomes = self.runner.run(self._apply(*theirs))
        assert outcomes == [Refused(reason=Reason.NOT_FOUND)] * len(theirs)

    # --- what must be true after each ---

    @invariant()
    def the_file_says_what_the_model_says(self) -> None:
        if not hasattr(self, "store"):
            return
        model, totals = self.model, self.totals()
        holds, asks = model.holds.items(), model.asks.items()
        assert model.available >= 0
        assert totals["wallet"] == [(model.available, model.held)]
        assert totals["frozen"] == [(name,) for name in sorted(model.frozen)]
        assert totals["holds"] == sorted((name, f.state, f.nanos, f.charged, f.operator) for name, f in holds)
        facts = sorted((name, ask.state, ask.charged, ask.betters, ask.thumb) for name, ask in asks)
        assert totals["requests"] == facts
        limits = {limit.counter_id: limit for member in MEMBERS for limit in limits_of(member)}
        assert totals["counters"] == [(name, *model.counter(limits[name])) for name, *_ in totals["counters"]]
        operators = sum(fact.operator for fact in model.holds.values())
        given_back = sum(fact.given_back for fact in model.holds.values())
        spent = sum(fact.charged for fact in model.holds.values()) + operators
        assert totals["accounts"] == [(model.balance, -operators - given_back, spent)]
        assert totals["receipts"] == [(spent,)]
        assert totals["lopsided"] == []
        assert totals["told"] == [(f"wallet-low:wal:{each}",) for each in model.told]

    def totals(self) -> dict[str, list[tuple[Any, ...]]]:
        """What stands in the file, read past the store."""
        return {name: self.reader.execute(query).fetchall() for name, query in QUERIES.items()}


QUERIES = {
    "wallet": "SELECT available_nanos, held_nanos FROM wallet WHERE id = 'wal'",
    "accounts": "SELECT coalesce(sum(amount_nanos * (account = 'pool')), 0), "
    "coalesce(sum(amount_nanos * (account = 'operator')), 0), "
    "coalesce(sum(amount_nanos * (account LIKE 'spend:%')), 0) FROM entry",
    "receipts": "SELECT coalesce(sum(cost_nanos), 0) FROM receipt_line",
    "lopsided": "SELECT transfer_id FROM entry GROUP BY transfer_id HAVING sum(amount_nanos) <> 0",
    "told": "SELECT id FROM notice WHERE kind = 'wallet-low' ORDER BY id",
    "frozen": "SELECT '' WHERE (SELECT frozen FROM team WHERE id = 'team') "
    "UNION ALL SELECT id FROM member WHERE frozen ORDER BY 1",
    "holds": "SELECT id, state, amount_nanos, charged_nanos, absorbed_nanos FROM hold ORDER BY id",
    "requests": "SELECT id, state, cost_nanos, improves, thumb FROM request ORDER BY id",
    "counters": "SELECT id, used, held FROM counter ORDER BY id",
}

SHORT = settings(max_examples=20, stateful_step_count=30, deadline=None, derandomize=True)
LONG = settings(max_examples=500, stateful_step_count=150, deadline=None)


def test_the_wallet_keeps_its_rules_whatever_happens() -> None:
    run_state_machine_as_test(WalletMachine, settings=SHORT)


@pytest.mark.soak
def test_the_wallet_keeps_its_rules_for_a_long_time() -> None:
    run_state_machine_as_test(WalletMachine, settings=LONG)
