"""Limits under random fire: whatever is asked, settled, set, granted and given back, and whatever the clocks do.

No hold ever lets used and held together pass the limit in force at that hold, nothing is refused that fits, and every
counter is what its holds make it. What must happen is told by tests/core/policy_model.py.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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

from core.columns import changed
from core.operations import Concluded, Held, Hold, Operation, Reason, Refused, Rehold
from core.people import Asker, Standing
from core.periods import Period
from core.policy import Setting
from core.quota import UNLIMITED, Scope
from core.rows import CounterRow, TeamRow, WalletRow
from tests import bookkeeping
from tests.bookkeeping import (
    claim,
    enrol,
    freeze,
    hold,
    in_flight,
    line,
    rehold,
    release,
    reverse,
    settle,
    top_up,
    zone,
)
from tests.core.policy_model import OF_MEMBERS, Bound, HoldFact, Key, PolicyModel, Watch
from tests.fakes import FakeClock, MemoryBooks

AT_ONCE = 4
"""What the operator lets one member have running."""
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"),
    *("Pacific/Kiritimati", "Etc/GMT+12", "America/St_Johns"),
)
BEGINNINGS = (
    datetime(2026, 3, 27, 12, tzinfo=UTC),  # the clocks of Europe are put on
    datetime(2026, 4, 22, 12, tzinfo=UTC),  # Cairo's too, at midnight
    datetime(2026, 10, 29, 12, tzinfo=UTC),  # Cairo's and New York's are put back
    datetime(2026, 11, 29, 18, tzinfo=UTC),  # a month ends
    datetime(2026, 12, 30, 18, tzinfo=UTC),  # and a year, in its 53rd week
)
MEMBERS, CHANNELS, THREADS = ("anna", "ben", "cleo"), ("c1", "c2"), ("", "t1", "t2")
ROLES = ("test:lead", "test:intern")
ASKERS = st.builds(
    Asker,
    roles=st.lists(st.sampled_from(ROLES), unique=True, max_size=2).map(tuple),
    standing=st.sampled_from([Standing.MEMBER, Standing.MEMBER, Standing.MEMBER, Standing.GUEST]),
)
AMOUNTS = st.sampled_from([0, 1, 5, 10, 20, 40])
"""Few and round, so that sums meet limits exactly, or miss them by one."""
ALL_THERE_IS = 10_000
LIMITS = st.sampled_from(["0", "5", "10", "20", "21", "50", "none", ""])
WHERE = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(THREADS))
ANY = st.integers(min_value=0, max_value=999)
OF_PEOPLE = ("everyone", "member:anna", "member:ben", *(f"role:{role}" for role in ROLES), "channel:test:c1", "guests")
OF_PLACES = ("everyone", "channel:test:c1", "channel:test:c2")
JUMPS = st.one_of(
    st.sampled_from([1, 30, 60, 11 * 60, 12 * 60, 24 * 60, 7 * 24 * 60, 31 * 24 * 60]),
    st.integers(min_value=1, max_value=40 * 60),
)


def key_of(row: CounterRow) -> Key:
    return Scope(row.scope), row.subject, row.label


class PolicyMachine(RuleBasedStateMachine):
    """Draws what people do, and what the clocks do meanwhile."""

    @initialize(
        began=st.sampled_from(BEGINNINGS),
        cap=st.sampled_from(["", "5", "100"]),
        day=st.sampled_from(["", "20"]),
        budget=st.sampled_from([60, 9_000, 9_000]),
    )
    def open(self, began: datetime, cap: str, day: str, budget: int) -> None:
        self.count, self.moments = 0, dict[str, int]()
        self.runner = asyncio.Runner()
        self.clock = FakeClock(began)
        self.books = MemoryBooks(self.clock)
        self.model = PolicyModel(Watch(ZoneInfo("UTC"), began))
        self.somebody_comes("anna")
        self.somebody_comes("ben")
        self.budget_comes(budget)
        self.set("everyone", Setting.CARRY_OVER, cap)
        self.set("everyone", Setting.DAY, day)

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.close()

    def do(self, operation: Operation[Any]) -> Any:
        return self.runner.run(self.books.apply(operation))

    def new_id(self) -> str:
        self.count += 1
        return f"op{self.count}"

    def look(self) -> None:
        """Somebody asks for all there is and gives it back: so what is in force is known to the nano-dollar."""
        if self.count % 3:
            held = len(self.model.holds)
            self.somebody_asks(MEMBERS[self.count % 2], (CHANNELS[self.count % 2], ""), Asker(), ALL_THERE_IS, 0)
            if len(self.model.holds) > held:
                self.an_ask_fails(-1)

    def set(self, target: str, setting: Setting, value: str) -> None:
        done = self.do(bookkeeping.rule(self.new_id(), target, setting, value))
        assert isinstance(done, Concluded) or done.reason is Reason.UNCHANGED
        self.model.said.pop((target, setting), None)
        if value:
            self.model.said[target, setting] = value
        self.look()

    # --- what is set ---

    @rule(member=st.sampled_from(MEMBERS))
    def somebody_comes(self, member: str) -> None:
        if member not in self.model.joined:
            self.do(enrol(member, member_month_limit_nanos=50))
            self.model.joined[member] = self.model.watch.places
            self.model.said["everyone", Setting.MONTH] = self.model.said.get(("everyone", Setting.MONTH), "50")

    @rule(nanos=st.sampled_from([1, 50, 100]))
    def budget_comes(self, nanos: int) -> None:
        self.do(top_up(self.new_id(), nanos))
        self.model.budget += nanos

    @rule(whom=st.sampled_from(OF_PEOPLE), setting=st.sampled_from([*OF_MEMBERS, Setting.ASK]), value=LIMITS)
    def a_limit_is_set(self, whom: str, setting: Setting, value: str) -> None:
        self.set(whom, setting, value)

    @rule(
        whom=st.sampled_from(OF_PLACES),
        setting=st.sampled_from([Setting.CHANNEL_DAY, Setting.CHANNEL_WEEK, Setting.CHANNEL_MONTH, Setting.THREAD]),
        value=LIMITS,
    )
    def a_limit_of_a_place_is_set(self, whom: str, setting: Setting, value: str) -> None:
        self.set(whom, setting, value)

    @rule(
        member=st.sampled_from(["anna", "ben"]),
        setting=st.sampled_from([*OF_MEMBERS, Setting.ASK]),
        value=st.sampled_from(["0", "5", "20", "60", ""]),
    )
    def somebody_limits_themselves(self, member: str, setting: Setting, value: str) -> None:
        self.set(f"own:{member}", setting, value)

    @rule(whom=st.sampled_from(OF_PEOPLE), value=st.sampled_from(["", "1", "2", "9"]))
    def how_many_at_once_is_set(self, whom: str, value: str) -> None:
        self.set(whom, Setting.IN_FLIGHT, value)

    @rule(whom=st.sampled_from(OF_PEOPLE), value=st.sampled_from(["", "0", "5", "15", "100"]))
    def what_may_go_on_is_set(self, whom: str, value: str) -> None:
        self.set(whom, Setting.CARRY_OVER, value)

    @rule(whom=st.sampled_from(OF_PEOPLE), value=st.sampled_from(["", "", "allow", "deny"]))
    def who_may_ask_is_set(self, whom: str, value: str) -> None:
        self.set(whom, Setting.MAY_ASK, value)

    @rule(whom=st.sampled_from(["", "anna"]), frozen=st.sampled_from([True, False, False]))
    def asking_is_paused_or_goes_on(self, whom: str, frozen: bool) -> None:
        self.do(freeze(self.new_id(), whom, frozen=frozen))
        (self.model.paused.add if frozen else self.model.paused.discard)(whom)

    @rule(name=st.sampled_from(ZONES))
    def the_zone_changes(self, name: str) -> None:
        if isinstance(self.do(zone(self.new_id(), name)), Concluded):
            self.model.watch.set_zone(ZoneInfo(name))
            self.look()

    @rule(minutes=JUMPS)
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes * 60)
        self.model.watch.go_on(self.clock.now())
        self.look()

    @rule(period=st.sampled_from(Period), minutes=st.sampled_from([-1, 0, 1]))
    def it_is_about_midnight(self, period: Period, minutes: int) -> None:
        """As late as half an hour before the running period is over, and then on."""
        probe = Watch(ZoneInfo(self.books.rows(TeamRow)[0].zone), self.clock.now())
        while len(probe.labels[period]) == 1:
            probe.go_on(probe.now + timedelta(minutes=30) if period is Period.DAY else probe.now + timedelta(hours=6))
        (begins, _) = probe.began[period, 1]
        self.time_passes(max(0, int((begins - self.clock.now()).total_seconds() // 60) + minutes))

    @precondition(lambda self: self.books.rows(CounterRow))
    @rule(pick=ANY, nanos=st.sampled_from([5, 10, 30]))
    def more_is_granted(self, pick: int, nanos: int) -> None:
        counters = [row for row in self.books.rows(CounterRow) if row.scope != Scope.MEMBER_IN_FLIGHT]
        if counters:
            row = counters[pick % len(counters)]
            self.books.has(changed(row, granted=row.granted + nanos))
            self.model.granted[key_of(row)] = row.granted + nanos
            self.look()

    # --- asks ---

    @rule(who=st.sampled_from(MEMBERS), where=WHERE, asker=ASKERS, nanos=AMOUNTS, least=AMOUNTS)
    def somebody_asks(self, who: str, where: tuple[str, str], asker: Asker, nanos: int, least: int) -> None:
        member, (channel, thread) = who, where
        self.somebody_comes(member)
        ask, least = self.new_id(), min(least, nanos)
        fact = HoldFact(ask, member, channel, thread, self.model.watch.places)
        self.do(claim(ask, member=member, channel=channel, thread=thread))
        beside = in_flight(AT_ONCE, member)
        operation: Hold = hold(ask, nanos, beside, least=least, asker=asker, at_ms=self.at_ms)
        self.must_answer(operation, fact, nanos, least)

    @precondition(lambda self: self.open_ones)
    @rule(pick=ANY, asker=ASKERS, nanos=AMOUNTS)
    def another_model_takes_over(self, pick: int, asker: Asker, nanos: int) -> None:
        """It counts where its hold did, however late it is: so its moment is the hold's."""
        hold_id, known = self.open_ones[pick % len(self.open_ones)]
        known.is_open = False
        fact = replace(known, is_open=True)
        beside = in_flight(AT_ONCE, known.member)
        named: dict[str, Any] = {
            "id": self.new_id(),
            "hold_id": hold_id,
            "asker": asker,
            "at_ms": self.moments[hold_id],
        }
        operation: Rehold = rehold("", nanos, beside, **named)
        if not self.must_answer(operation, fact, nanos, nanos):
            known.is_open = True

    def must_answer(self, operation: Hold | Rehold, fact: HoldFact, nanos: int, least: int) -> bool:
        """Held, if it fits by the model, and then as much as fits; or refused for something that does not."""
        model, outcome = self.model, self.do(operation)
        bounds = model.bounds(fact, operation.asker, AT_ONCE)
        if isinstance(outcome, Refused):
            assert self.does_not_fit(outcome, fact, operation.asker, bounds, least), outcome
            return False
        assert isinstance(outcome, Held)
        assert not model.paused & {"", fact.member}
        assert model.may_ask(fact, operation.asker)
        rooms = [nanos, model.available()]
        rooms += [self.room(bound) for bound in bounds if not bound.key or bound.key[0] is not Scope.MEMBER_IN_FLIGHT]
        assert outcome.amount_nanos == min(rooms) >= least
        fact.amount, fact.keys = outcome.amount_nanos, tuple(bound.key for bound in bounds if bound.key is not None)
        model.holds[outcome.hold_id] = fact
        self.moments.setdefault(outcome.hold_id, operation.at_ms)
        for bound in bounds:
            if bound.key is not None:
                assert model.used(bound.key) + model.held(bound.key) <= bound.at_most
                model.limited[bound.key] = bound.at_most - bound.granted
        return True

    def room(self, bound: Bound) -> int:
        if bound.key is None:
            return bound.at_most
        return bound.at_most - self.model.used(bound.key) - self.model.held(bound.key)

    def does_not_fit(self, refused: Refused, fact: HoldFact, asker: Asker, bounds: list[Bound], least: int) -> bool:
        match refused.reason:
            case Reason.FROZEN:
                return "" in self.model.paused
            case Reason.MEMBER_FROZEN:
                return fact.member in self.model.paused
            case Reason.MAY_NOT_ASK:
                return not self.model.may_ask(fact, asker)
            case Reason.WALLET_EMPTY | Reason.WALLET_HELD:
                return self.model.available() < least
            case Reason.LIMIT | Reason.LIMIT_HELD if refused.limit is not None:
                limit = refused.limit
                key = None if limit.scope is Scope.ASK else (limit.scope, limit.subject, limit.label)
                (bound,) = (each for each in bounds if each.key == key)
                needed = 1 if limit.scope is Scope.MEMBER_IN_FLIGHT else least
                return bound.at_most == limit.at_most < UNLIMITED and self.room(bound) < needed == refused.needed
        return False

    @precondition(lambda self: self.open_ones)
    @rule(pick=ANY, cost=AMOUNTS)
    def an_answer_ends(self, pick: int, cost: int) -> None:
        hold_id, fact = self.open_ones[pick % len(self.open_ones)]
        self.do(settle("", line(cost), id=self.new_id(), hold_id=hold_id))
        fact.is_open, fact.charged = False, min(cost, fact.amount)
        self.look()

    @precondition(lambda self: self.open_ones)
    @rule(pick=ANY)
    def an_ask_fails(self, pick: int) -> None:
        hold_id, fact = self.open_ones[pick % len(self.open_ones)]
        self.do(release("", id=self.new_id(), hold_id=hold_id))
        fact.is_open = False

    @precondition(lambda self: any(fact.charged for fact in self.model.holds.values()))
    @rule(pick=ANY)
    def a_charge_is_given_back(self, pick: int) -> None:
        charged = [fact for fact in self.model.holds.values() if fact.charged]
        fact = charged[pick % len(charged)]
        done = self.do(reverse(fact.ask, id=self.new_id()))
        assert isinstance(done, Refused) == bool(fact.reversed)
        fact.reversed = fact.charged

    @property
    def open_ones(self) -> list[tuple[str, HoldFact]]:
        return [(hold_id, fact) for hold_id, fact in self.model.holds.items() if fact.is_open]

    @property
    def at_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    # --- what must always be so ---

    @invariant()
    def every_counter_is_what_its_holds_make_it(self) -> None:
        if not hasattr(self, "model"):
            return
        counters = {key_of(row): (row.used, row.held, row.granted) for row in self.books.rows(CounterRow)}
        taken = {key for fact in self.model.holds.values() for key in fact.keys}
        assert taken <= counters.keys()
        for key, told in counters.items():
            assert told == (self.model.used(key), self.model.held(key), self.model.granted.get(key, 0))
        (wallet,) = self.books.rows(WalletRow)
        assert wallet.available_nanos == self.model.available()


SHORT = settings(max_examples=30, stateful_step_count=40, deadline=None, derandomize=True)
LONG = settings(max_examples=1_500, stateful_step_count=120, deadline=None)


def test_no_hold_passes_a_limit_whatever_happens() -> None:
    run_state_machine_as_test(PolicyMachine, settings=SHORT)


@pytest.mark.soak
def test_no_hold_passes_a_limit_for_a_long_time() -> None:
    run_state_machine_as_test(PolicyMachine, settings=LONG)
