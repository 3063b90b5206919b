"""What the machine of test_wallet_machine.py stands on: real books, a model beside them, and acts that go all the way.

Random operations alone seldom meet: most of them name something that is over already. An act makes what it needs first,
so that each run, however short, charges, releases, tops up, takes back, gives back and comes to a level.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack, closing
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from adapters.store.audit import audit
from adapters.store.database import open_store
from adapters.store.sqlite import SqliteDriver
from core.operations import Operation
from core.quota import Limit
from core.receipt import PricedLine
from tests.bookkeeping import (
    absorbed,
    claim,
    enrol,
    freeze,
    hold,
    in_flight,
    line,
    month,
    refund,
    release,
    reverse,
    settle,
    top_up,
)
from tests.core.wallet_model import WalletModel, told

MEMBERS = ("anna", "ben")
TEN_YEARS_MS = 10 * 365 * 86_400_000


class Act(StrEnum):
    """Something that happens to money from its beginning to its end."""

    PAY = "an answer is paid for"
    FAIL = "an ask fails, and its hold comes back"
    TOP_UP = "budget comes"
    TAKE_BACK = "a top-up is taken back"
    TAKE_BACK_BESIDE = "a top-up is taken back beside an ask that runs"
    GIVE_BACK = "a charge is given back, and is again, in one batch"


LARGE = st.sampled_from([50, 60, 80, 95, 100])
"""Per cent of what is available: paid, they take a full wallet to a level, or past it."""
SHARES = st.one_of(LARGE, st.sampled_from([1, 10]))
EACH_ACT_ONCE = st.tuples(st.permutations(list(Act)), st.lists(LARGE, min_size=len(Act), max_size=len(Act)))
SOME_ACTS = st.lists(st.tuples(st.sampled_from(Act), SHARES), min_size=1, max_size=3)


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


class WalletHouse(RuleBasedStateMachine):
    """Opens books, does operations, says what each must answer, and looks at the file after each."""

    seen: ClassVar[list[set[str]]] = []
    """What each run came to, by `WalletModel.kinds`."""

    def open_books(self) -> None:
        """A fresh file and a fresh model."""
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

    def teardown(self) -> None:
        """The books balance, and time alone changes nothing in them."""
        if not hasattr(self, "store"):
            return
        try:
            self.seen.append(self.model.kinds)
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

    # --- what goes all the way ---

    def happens(self, act: Act, share: int) -> None:
        """One act, of that share of what is available now."""
        if self.model.frozen:
            self.post(*(freeze(self.new_id(), whom, frozen=False) for whom in sorted(self.model.frozen)))
        match act:
            case Act.PAY:
                self._paid(share)
            case Act.FAIL:
                ask, nanos = self._held(share)
                self.post(release(ask, line(nanos, 0), hold_id=f"{ask}.1", id=self.new_id()))
            case Act.TOP_UP:
                self.post(top_up(self.new_id(), share))
            case Act.TAKE_BACK:
                self._taken_back()
            case Act.TAKE_BACK_BESIDE:
                ask, _ = self._held(share)
                self._taken_back()
                self.post(release(ask, hold_id=f"{ask}.1", id=self.new_id()))
            case Act.GIVE_BACK:
                self._given_back(share)
        self.the_file_says_what_the_model_says()

    def _held(self, share: int) -> tuple[str, int]:
        """An ask that holds so much, for which there is money."""
        if not self.model.available:
            self.post(top_up(self.new_id(), 100))
        nanos, ask = max(1, self.model.available * share // 100), self.new_id()
        self.post(claim(ask, ask, member=MEMBERS[share % 2]), hold(ask, nanos, id=f"{ask}.1"))
        return ask, nanos

    def _paid(self, share: int) -> None:
        ask, nanos = self._held(share)
        self.post(settle(ask, line(nanos), hold_id=f"{ask}.1", id=self.new_id()))

    def _taken_back(self) -> None:
        """The last top-up of which something is left."""
        if not any(map(self.model.left_of, self.model.budgets)):
            self.post(top_up(self.new_id(), 100))
        last = [name for name in self.model.budgets if self.model.left_of(name)][-1]
        self.post(refund(self.new_id(), last))

    def _given_back(self, share: int) -> None:
        if not any(fact.kept for fact in self.model.holds.values()):
            self._paid(share)
        ask = next(fact.ask for fact in self.model.holds.values() if fact.kept)
        self.post(reverse(ask, id=self.new_id()), reverse(ask, id=self.new_id()))

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
