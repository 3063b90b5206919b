"""What the books must say, told another way: a history of facts, and every total added up from it when asked for.

It shares nothing with core/ledger but the operations. It has no running totals, no rows and no replays by
fingerprint, so that the same mistake would have to be made twice in different words.
"""

from dataclasses import dataclass, field
from typing import Any

from core.operations import (
    AlreadyClaimed,
    Claim,
    Claimed,
    Concluded,
    Expire,
    Held,
    Hold,
    Moved,
    Operation,
    RateAnswer,
    Reason,
    Refund,
    Refused,
    Rehold,
    Release,
    Reverse,
    SetFrozen,
    Settle,
    Settled,
    TopUp,
)
from core.quota import Limit, Scope
from tests.core.wallet_levels import Move, told_by

KINDS = ("charged", "released", "topped up again", "taken back", "given back", "told of a level")
"""What may happen to a wallet, as far as it is money."""
Told = tuple[Any, ...]
"""An outcome in short: a word for it, and the numbers that matter."""


def told(outcome: Any) -> Told:
    """A real outcome in the model's words."""
    match outcome:
        case Refused(reason=reason):
            return ("refused", reason)
        case Claimed(attempt=attempt):
            return ("claimed", attempt)
        case AlreadyClaimed(state=state, charged_nanos=charged):
            return ("taken", str(state), charged)
        case Held(amount_nanos=nanos):
            return ("held", nanos)
        case Settled(charged_nanos=charged, absorbed_nanos=absorbed, available_nanos=available, late=late):
            return ("closed", charged, absorbed, available, late)
        case Moved(amount_nanos=nanos, balance_nanos=balance, available_nanos=available):
            return ("moved", nanos, balance, available)
        case Concluded():
            return ("done",)
    raise AssertionError(outcome)


@dataclass
class AskFact:
    """One ask: whose turn it is, and how it stands."""

    member: str
    lease_until: int
    attempt: int = 1
    state: str = "running"
    charged: int = 0
    interrupted: bool = False
    betters: str = ""
    thumb: int = 0


@dataclass
class HoldFact:
    """One hold: what it set aside at first or later, and what became of it."""

    ask: str
    attempt: int
    nanos: int
    limits: tuple[Limit, ...]
    until: int
    state: str = "open"
    charged: int = 0
    operator: int = 0
    given_back: int = 0
    costs: dict[str, int] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """What the team paid for it in the end."""
        return self.charged - self.given_back

    @property
    def aside(self) -> int:
        return self.nanos if self.state == "open" else 0

    def names(self, limit: Limit) -> bool:
        return any(each.counter_id == limit.counter_id for each in self.limits)


@dataclass
class WalletModel:
    """One wallet's history. `now` is in seconds and moves only when it is told to."""

    now: int = 0
    budgets: dict[str, int] = field(default_factory=dict)
    refunds: list[tuple[str, int]] = field(default_factory=list)
    asks: dict[str, AskFact] = field(default_factory=dict)
    holds: dict[str, HoldFact] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    frozen: set[str] = field(default_factory=set)
    """Members who may not ask, and "" while nobody may."""

    # --- totals, added up anew each time ---

    @property
    def balance(self) -> int:
        out = sum(nanos for _, nanos in self.refunds) + sum(hold.kept for hold in self.holds.values())
        return sum(self.budgets.values()) - out

    @property
    def held(self) -> int:
        return sum(hold.aside for hold in self.holds.values())

    @property
    def available(self) -> int:
        return self.balance - self.held

    @property
    def told(self) -> list[str]:
        """The levels that admins were told of."""
        return sorted(told_by(self.moves))

    @property
    def kinds(self) -> set[str]:
        """Which of `KINDS` happened."""
        holds = self.holds.values()
        happened = (
            any(hold.charged for hold in holds),
            any(hold.state == "released" for hold in holds),
            len(self.budgets) > 1,
            bool(self.refunds),
            any(hold.given_back for hold in holds),
            bool(self.told),
        )
        return {kind for kind, some in zip(KINDS, happened, strict=True) if some}

    def left_of(self, top_up: str) -> int:
        """What was not yet taken back of a top-up."""
        return self.budgets[top_up] - sum(nanos for name, nanos in self.refunds if name == top_up)

    def counter(self, limit: Limit, without: str = "") -> tuple[int, int]:
        """What is used and what is held of a limit, as if the hold `without` had never been."""
        others = (hold for name, hold in self.holds.items() if name != without)
        # Every ask counts in its member's month, whatever else limits it.
        monthly = limit.subject if limit.scope is Scope.MEMBER_MONTH else ""
        named = [hold for hold in others if hold.names(limit) or self.asks[hold.ask].member == monthly]
        open_ones = [hold for hold in named if hold.state == "open"]
        match limit.scope:
            case Scope.MEMBER_MONTH:
                return sum(hold.kept for hold in named), sum(hold.nanos for hold in open_ones)
            case Scope.MEMBER_IN_FLIGHT:
                return 0, len(open_ones)
            case Scope.MEMBER_DAY_ABSORBED:
                return sum(hold.operator for hold in named), 0
        raise AssertionError(limit)

    # --- what an operation must answer ---

    def expect(self, op: Operation[Any]) -> Told:
        """The outcome that an operation must have, which becomes a fact."""
        match op:
            case TopUp():
                self.budgets[op.id] = op.amount_nanos
                self.moves.append(("top-up", op.id, op.amount_nanos))
                return ("moved", op.amount_nanos, self.balance, self.available)
            case Refund():
                return self._refund(op)
            case SetFrozen():
                return self._freeze(op)
            case Claim():
                return self._claim(op)
            case Hold():
                return self._hold(op)
            case Rehold():
                return self._rehold(op)
            case Settle() | Release():
                return self._close(op)
            case Expire():
                return self._expire(op)
            case Reverse():
                return self._reverse(op)
            case RateAnswer():
                return self._rate(op)
        raise AssertionError(op)

    def _refund(self, op: Refund) -> Told:
        nanos = min(self.left_of(op.top_up_id), self.available)
        if nanos == 0:
            return ("refused", Reason.NOTHING_LEFT)
        self.refunds.append((op.top_up_id, nanos))
        self.moves.append(("undo", op.top_up_id, -nanos))
        return ("moved", nanos, self.balance, self.available)

    def _freeze(self, op: SetFrozen) -> Told:
        if (op.member_id in self.frozen) == op.frozen:
            return ("refused", Reason.UNCHANGED)
        self.frozen ^= {op.member_id}
        return ("done",)

    def _may_not_ask(self, member: str) -> Told | None:
        if "" in self.frozen:
            return ("refused", Reason.FROZEN)
        return ("refused", Reason.MEMBER_FROZEN) if member in self.frozen else None

    def _claim(self, op: Claim) -> Told:
        name, _, attempt = op.resumes.rpartition(".") if op.resumes else (op.keys[0], "", "")
        ask = self.asks.get(name)
        if ask is None:
            worse = self.asks.get(op.improves)
            if op.improves and (worse is None or (worse.member, worse.state) != (op.member_id, "settled")):
                return ("refused", Reason.NOT_FOUND)
            self.asks[name] = AskFact(op.member_id, self.now + op.lease_seconds, betters=op.improves)
            return ("claimed", 1)
        tried_again = ask.state == "released" and attempt == str(ask.attempt)
        abandoned = ask.interrupted or (ask.state == "running" and self.now >= ask.lease_until)
        if not tried_again and not abandoned:
            return ("taken", ask.state, ask.charged)
        ask.attempt += 1
        ask.state, ask.interrupted = "running", False
        ask.lease_until = self.now + op.lease_seconds
        return ("claimed", ask.attempt)

    def _room(self, limits: tuple[Limit, ...], nanos: int, least: int, without: str = "") -> int | Reason:
        for limit in limits:
            used, held = self.counter(limit, without)
            takes = {Scope.MEMBER_MONTH: least, Scope.MEMBER_IN_FLIGHT: 1, Scope.MEMBER_DAY_ABSORBED: 0}[limit.scope]
            if used + takes > limit.at_most:
                return Reason.LIMIT
            if used + held + takes > limit.at_most:
                return Reason.LIMIT_HELD
            if limit.scope is Scope.MEMBER_MONTH:
                nanos = min(nanos, limit.at_most - used - held)
        available = self.available + (self.holds[without].aside if without else 0)
        if least > available:
            return Reason.WALLET_EMPTY if least > self.balance else Reason.WALLET_HELD
        return min(nanos, available)

    def _hold(self, op: Hold) -> Told:
        ask = self.asks[op.ask_id]
        double = any(
            (hold.ask, hold.attempt, hold.state) == (op.ask_id, ask.attempt, "open") for hold in self.holds.values()
        )
        if ask.state != "running" or ask.attempt != op.attempt or double:
            return ("refused", Reason.SUPERSEDED)
        if refused := self._may_not_ask(ask.member):
            return refused
        room = self._room(op.limits, op.amount_nanos, op.min_nanos)
        if isinstance(room, Reason):
            return ("refused", room)
        self.holds[op.id] = HoldFact(op.ask_id, op.attempt, room, op.limits, self.now + op.ttl_seconds)
        ask.lease_until = max(ask.lease_until, self.now + op.ttl_seconds)
        return ("held", room)

    def _rehold(self, op: Rehold) -> Told:
        hold = self.holds[op.hold_id]
        if hold.state != "open" or self.asks[hold.ask].attempt != hold.attempt:
            return ("refused", Reason.SUPERSEDED)
        if refused := self._may_not_ask(self.asks[hold.ask].member):
            return refused
        room = self._room(op.limits, op.amount_nanos, op.amount_nanos, without=op.hold_id)
        if isinstance(room, Reason):
            return ("refused", room)
        hold.nanos, hold.limits = room, op.limits
        return ("held", room)

    def _close(self, op: Settle | Release) -> Told:
        hold = self.holds[op.hold_id]
        ask = self.asks[hold.ask]
        on_time = hold.state == "open" and ask.attempt == hold.attempt
        unbilled_expiry = hold.state == "expired" and not sum(hold.costs.values())
        if not on_time and not (hold.state == "open" or unbilled_expiry):
            return ("refused", Reason.SUPERSEDED)
        for line in op.lines:
            hold.costs[line.provider] = hold.costs.get(line.provider, 0) + line.cost_nanos
        wanted = sum(line.charged_nanos for line in op.lines) if on_time and isinstance(op, Settle) else 0
        hold.charged = min(wanted, hold.nanos)
        if hold.charged:
            self.moves.append(("charge", op.id, -hold.charged))
        hold.operator = sum(hold.costs.values()) - hold.charged
        if on_time:
            ask.state, ask.charged = "settled" if isinstance(op, Settle) else "released", hold.charged
            hold.state = ask.state
        elif hold.state == "open":
            hold.state = "released"
        return ("closed", hold.charged, hold.operator, self.available, not on_time)

    def _expire(self, op: Expire) -> Told:
        hold = self.holds[op.hold_id]
        if hold.state != "open":
            return ("refused", Reason.SUPERSEDED)
        if self.now < hold.until:
            return ("refused", Reason.NOT_DUE)
        hold.state = "expired"
        if self.asks[hold.ask].attempt == hold.attempt:
            self.asks[hold.ask].state, self.asks[hold.ask].interrupted = "released", True
        return ("closed", 0, 0, self.available, False)

    def _reverse(self, op: Reverse) -> Told:
        charged = [hold for hold in self.holds.values() if hold.ask == op.ask_id and hold.kept]
        if not charged:
            return ("refused", Reason.NOTHING_LEFT)
        (hold,) = charged
        nanos = hold.kept
        hold.given_back = hold.charged
        self.moves.append(("back", op.id, nanos))
        self.asks[op.ask_id].charged = 0
        return ("moved", nanos, self.balance, self.available)

    def _rate(self, op: RateAnswer) -> Told:
        ask = self.asks[op.ask_id]
        if ask.member != op.member_id:
            return ("refused", Reason.NOT_FOUND)
        if ask.state != "settled":
            return ("refused", Reason.SUPERSEDED)
        ask.thumb = op.thumb
        return ("done",)
