"""Operations that move money: hold it, charge it, give it back, record budget."""

from dataclasses import dataclass, field

from core.operations.operation import Operation, came_later
from core.operations.outcome import Refused
from core.people import Asker
from core.quota import Limit
from core.receipt import PricedLine

RowName = tuple[str, str]
"""A table and an id in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The money is put aside until it is settled, released or past its deadline."""

    hold_id: str
    amount_nanos: int
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The hold is closed. `late` says that it had been closed before: nothing was charged.

    `charged_by_line` are nano-dollars in the order of the lines; `used_by_counter` is (counter id, used) after it,
    `left_by_counter` what the limits in force at its hold leave of each.
    """

    charged_nanos: int
    absorbed_nanos: int
    available_nanos: int
    charged_by_line: tuple[int, ...]
    used_by_counter: tuple[tuple[str, int], ...]
    left_by_counter: tuple[tuple[str, int], ...] = ()
    late: bool = False
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Budget came or went. `available_nanos` is what the wallet can spend after it."""

    transfer_id: str
    amount_nanos: int
    balance_before_nanos: int
    balance_nanos: int
    available_nanos: int
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Operation[Held | Refused]):
    """Check the pool and every limit in force, and take the worst case from all of them, in one step.

    What the team's policy says is read by the books themselves, for `asker` and the periods that run at `at_ms` (UTC
    milliseconds, by the asker's process). `limits` are what the operator sets beside it. `likely` are rows
    that this will probably need: the books look for all of them at once, and decide on what they find themselves.

    Takes `amount_nanos`, or shrinks to what fits, but never below `min_nanos`. The hold's id is the operation's.
    `route`, `needed_tier` and `variant` say how the model was chosen (`RequestRow`).
    """

    ask_id: str
    attempt: int
    amount_nanos: int
    min_nanos: int
    limits: tuple[Limit, ...]
    provider: str
    model: str
    ttl_seconds: int
    route: str = came_later("")
    needed_tier: int = came_later(0)
    variant: str = came_later("")
    asker: Asker = field(default=Asker(), compare=False)
    at_ms: int = field(compare=False)
    likely: tuple[RowName, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehold(Operation[Held | Refused]):
    """Change an open hold to the worst case of another model; fits at once or the old hold stays as it was."""

    hold_id: str
    attempt: int
    amount_nanos: int
    limits: tuple[Limit, ...]
    provider: str
    model: str
    asker: Asker = field(default=Asker(), compare=False)
    at_ms: int = field(compare=False)
    likely: tuple[RowName, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Operation[Settled | Refused]):
    """Charge what was used, at most the hold; what the lines cost beyond that is the operator's.

    A line's `charged_nanos` is what should be charged for it; the books trim the lines in order to the hold.
    `first_word_ms`: from the call to its first word; 0 where that is not known.
    """

    hold_id: str
    attempt: int
    lines: tuple[PricedLine, ...]
    ending: str
    why: str
    sealed_answer: bytes = field(default=b"", compare=False)
    first_word_ms: int = came_later(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Operation[Settled | Refused]):
    """Give the whole hold back. `lines` are what providers take all the same; the operator pays them."""

    hold_id: str
    attempt: int
    lines: tuple[PricedLine, ...]
    ending: str
    why: str
    first_word_ms: int = came_later(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Operation[Settled | Refused]):
    """Give back a hold that is past its deadline: whoever took it is gone."""

    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp(Operation[Moved | Refused]):
    """Record budget: funding -> pool. No card is charged.

    `limit` is what the operator lets the team record in this month (core/top_up_ceiling.py); None for none. Refused as
    `LIMIT` where it would pass that. `refill` is the same of the team's refill rule, of what is recorded by that.
    `announced`: the team is told of it, by a notice.
    """

    team_id: str
    amount_nanos: int
    actor: str
    reason: str = ""
    limit: Limit | None = field(default=None, compare=False)
    refill: Limit | None = field(default=None, compare=False)
    announced: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Operation[Moved | Refused]):
    """Take a top-up back, as far as it is neither refunded, spent nor held: pool -> funding."""

    team_id: str
    top_up_id: str
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Operation[Moved | Refused]):
    """Give back all that an ask charged: operator -> pool. Its limits have that room again."""

    ask_id: str
    actor: str
    reason: str
