"""The wallet under random fire: every operation in any order on the real SQLite store, and a model beside it.

After each step the rows of the file are what the model adds up from its history (the invariants of core/ledger
follow); at the end of each run the audit finds nothing, and nothing either when ten years have gone by.
"""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from core.columns import changed
from core.errors import BooksFailed, OperationConflict
from core.ledger import closing, holding, levels, reversing, topups
from core.operations import Operation, Reason, Refused, Thumb
from core.page import Page
from core.rows import CounterRow, HoldRow, NoticeRow, Row, WalletRow
from tests.bookkeeping import (
    claim,
    expire,
    freeze,
    hold,
    line,
    rate,
    refund,
    rehold,
    release,
    reverse,
    settle,
    top_up,
)
from tests.core.wallet_house import EACH_ACT_ONCE, MEMBERS, SOME_ACTS, Act, WalletHouse, limits_of, lines_of
from tests.core.wallet_model import KINDS

BUDGETS = st.sampled_from([1, 10, 50, 100])
AMOUNTS = st.sampled_from([0, 1, 10, 20, 30, 40, 60])
"""Few and round, so that sums meet limits and balances exactly, or miss them by one."""
AT_ONCE = st.lists(AMOUNTS, min_size=1, max_size=3)
ANY = st.integers(min_value=0, max_value=999)
"""Which of those there are, counted round."""
COSTS = st.lists(st.tuples(AMOUNTS, st.booleans(), st.sampled_from(["acme", "other"])), max_size=3)


class WalletMachine(WalletHouse):
    """Draws operations."""

    @initialize(nanos=BUDGETS, acts=EACH_ACT_ONCE)
    def open(self, nanos: int, acts: tuple[list[Act], list[int]]) -> None:
        self.open_books()
        self.budget_comes(nanos)
        for act, share in zip(*acts, strict=True):
            self.happens(act, share)

    @rule(acts=SOME_ACTS)
    def something_goes_all_the_way(self, acts: list[tuple[Act, int]]) -> None:
        for act, share in acts:
            self.happens(act, share)

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


SHORT = settings(max_examples=12, stateful_step_count=10, deadline=None, derandomize=True)
LONG = settings(max_examples=500, stateful_step_count=150, deadline=None)


def test_the_wallet_keeps_its_rules_whatever_happens() -> None:
    WalletMachine.seen.clear()
    run_state_machine_as_test(WalletMachine, settings=SHORT)
    for kind in KINDS:
        runs = sum(kind in each for each in WalletMachine.seen)
        assert runs * 10 >= len(WalletMachine.seen) * 9, f"too few runs in which something was {kind}: {runs}"


def tells_a_level_again(wallet: WalletRow, team_id: str, now_ms: int) -> tuple[WalletRow, list[NoticeRow]]:
    return levels.told_of_level(changed(wallet, told_percent=levels.NOTHING_TOLD), team_id, now_ms)


def keeps_what_was_held(page: Page, held: HoldRow, *, charged: int, absorbed: int) -> list[Row]:
    *counters, wallet = holding.give_back(page, held, charged=charged, absorbed=absorbed)
    assert isinstance(wallet, WalletRow)
    kept = 0 if charged else held.amount_nanos
    back = {"available_nanos": wallet.available_nanos - kept, "held_nanos": wallet.held_nanos + kept}
    return [*counters, changed(wallet, **back)]


def keeps_counting(page: Page, held: HoldRow, amount: int) -> list[CounterRow]:
    del page, held, amount
    return []


def takes_back_what_is_held(left: int, available: int) -> int:
    del available
    return left


def forgets_what_was_given_back(row: Any, **fields: Any) -> Any:
    return changed(row, **{name: value for name, value in fields.items() if name != "reversed_nanos"})


MISTAKES = (
    (closing, "told_of_level", tells_a_level_again),
    (closing, "give_back", keeps_what_was_held),
    (reversing, "_credited", keeps_counting),
    (topups, "min", takes_back_what_is_held),
    (reversing, "changed", forgets_what_was_given_back),
)


@pytest.mark.soak
@pytest.mark.parametrize(("module", "name", "mistake"), MISTAKES, ids=[each.__name__ for *_, each in MISTAKES])
def test_the_short_version_finds_a_mistake(
    module: ModuleType, name: str, mistake: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it finds one, it says how it came to it; here it is enough that it does."""
    monkeypatch.setattr(module, name, mistake, raising=name != "min")
    with pytest.raises((AssertionError, BooksFailed)):
        run_state_machine_as_test(WalletMachine, settings=settings(SHORT, phases=[Phase.generate]))


@pytest.mark.soak
def test_the_wallet_keeps_its_rules_for_a_long_time() -> None:
    run_state_machine_as_test(WalletMachine, settings=LONG)
