"""What the one writer can be asked to do, and what it answers. Everything that touches money is one of these.

An operation's id is made by its caller: the same id gives the same outcome (marked `replayed`), the same id with
other fields is an `OperationConflict`. A `Refused` leaves no trace: nothing happened, so the same id may be asked
again later and may fit then. Fields that are not part of what was asked (sealed text differs each time it is
sealed) do not count for "other fields".
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from core.quota import Limit
from core.receipt import PricedLine

Outcome_co = TypeVar("Outcome_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Outcome_co]):
    """One change of the books. Every operation names its wallet: the writer locks it before anything is read."""

    id: str
    wallet_id: str


# --- the life of a request -------------------------------------------------------------------------------------


class RequestState(StrEnum):
    """Where a request stands."""

    RUNNING = "running"
    AWAITING = "awaiting"  # for a confirmation; nothing is held
    REFUSED = "refused"
    SETTLED = "settled"  # charged; the answer may still have to be delivered
    RELEASED = "released"  # ended without a charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Operation["Claimed | AlreadyClaimed | Refused"]):
    """Take a request by all its keys at once, so that a redelivery by any of them finds the first copy.

    `keys` are keyed hashes. `confirms` is the ask that a press on its confirmation asks to run now.
    """

    ask_id: str
    team_id: str
    member_id: str
    keys: tuple[str, ...]
    platform: str
    channel: str
    thread: str
    lease_seconds: int
    confirms: str = ""
    sealed_question: bytes = field(default=b"", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The request is ours. Effects name this attempt; an older one has none.

    For a confirmed ask: the model and the "at most" that were shown and agreed to.
    """

    ask_id: str
    attempt: int
    agreed_model: str = ""
    agreed_nanos: int = 0
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyClaimed:
    """Somebody has it, or it is over."""

    ask_id: str
    state: RequestState
    charged_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude(Operation["Concluded | Refused"]):
    """A request ends, or waits for a person, before any money is held.

    Waiting, it remembers the model and the "at most" that the person was shown.
    """

    ask_id: str
    attempt: int
    state: RequestState
    why: str
    shown_model: str = ""
    shown_nanos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStop(Operation["Concluded | Refused"]):
    """Somebody pressed Stop. The process that streams the ask sees it in the request's row.

    `member_id` is who pressed, and must be the asker; empty for an admin of the team that the ask belongs to.
    """

    ask_id: str
    team_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Operation["Concluded | Refused"]):
    """The reader has the whole answer: what was kept of the text is erased. Only the asker's reader can say so."""

    ask_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseKept(Operation["Concluded | Refused"]):
    """Nobody came for it in time: what was kept of the text is erased."""

    ask_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """Done."""

    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseSecret(Operation["Concluded | Refused"]):
    """Is this the secret that the books were begun with? The first one to ask is.

    With another secret no redelivery would be recognised: everything would be answered and paid twice.
    """

    digest: str


# --- money -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Operation["Held | Refused"]):
    """Check the pool and every limit, and take the worst case from all of them, in one step.

    Takes `amount_nanos`, or shrinks to what fits, but never below `min_nanos`. The hold's id is the operation's.
    """

    ask_id: str
    attempt: int
    amount_nanos: int
    min_nanos: int
    limits: tuple[Limit, ...]
    provider: str
    model: str
    ttl_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehold(Operation["Held | Refused"]):
    """Change an open hold to the worst case of another model; fits at once or the old hold stays as it was.

    For fallbacks, which come with routing: no ask of this release sends it.
    """

    hold_id: str
    attempt: int
    amount_nanos: int
    limits: tuple[Limit, ...]
    provider: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The money is put aside until it is settled, released or past its deadline."""

    hold_id: str
    amount_nanos: int
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Operation["Settled | Refused"]):
    """Charge what was used, at most the hold; what the lines cost beyond that is the operator's.

    A line's `charged_nanos` is what should be charged for it; the books trim the lines in order to the hold.
    """

    hold_id: str
    attempt: int
    lines: tuple[PricedLine, ...]
    ending: str
    why: str
    sealed_answer: bytes = field(default=b"", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Operation["Settled | Refused"]):
    """Give the whole hold back. `lines` are what providers take all the same; the operator pays them."""

    hold_id: str
    attempt: int
    lines: tuple[PricedLine, ...]
    ending: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The hold is closed. `late` says that it had been closed before: nothing was charged.

    `charged_by_line` are nano-dollars in the order of the lines; `used_by_counter` is (counter id, used) after it.
    """

    charged_nanos: int
    absorbed_nanos: int
    available_nanos: int
    charged_by_line: tuple[int, ...]
    used_by_counter: tuple[tuple[str, int], ...]
    late: bool = False
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Operation["Settled | Refused"]):
    """Give back a hold that is past its deadline: whoever took it is gone."""

    hold_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp(Operation["Moved | Refused"]):
    """Record budget: funding -> pool. No card is charged."""

    team_id: str
    amount_nanos: int
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Operation["Moved | Refused"]):
    """Take a top-up back, as far as it is neither refunded, spent nor held: pool -> funding."""

    team_id: str
    top_up_id: str
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Budget came or went. `available_nanos` is what the wallet can spend after it."""

    transfer_id: str
    amount_nanos: int
    balance_before_nanos: int
    balance_nanos: int
    available_nanos: int
    replayed: bool = field(default=False, compare=False)


# --- people ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol(Operation["Enrolled"]):
    """Make a team, its wallet, a member and their identity, each only as far as it is missing."""

    team_id: str
    member_id: str
    workspace: str
    identity: str
    display_name: str
    admin: bool
    team_name: str
    zone: str
    demo: bool
    member_month_limit_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The member exists. `new_team` says that the team was made just now."""

    member_id: str
    team_id: str
    wallet_id: str
    new_team: bool
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMonthLimit(Operation["Concluded | Refused"]):
    """A monthly limit for one member, or with an empty `member_id` for every member that has no other."""

    team_id: str
    member_id: str
    limit_nanos: int
    actor: str


# --- refusals --------------------------------------------------------------------------------------------------


class Reason(StrEnum):
    """Why the books refuse."""

    WALLET_EMPTY = "wallet_empty"  # there is not enough, held money included
    WALLET_HELD = "wallet_held"  # there would be enough if running asks gave theirs back
    LIMIT = "limit"  # a limit is used up
    LIMIT_HELD = "limit_held"  # a limit is taken by running asks
    SUPERSEDED = "superseded"  # another attempt has taken the request over, or it is over
    STOPPED = "stopped"  # somebody pressed Stop before the money was taken
    OTHER_SECRET = "other_secret"  # noqa: S105 - a reason: the books were begun with another one
    NOT_FOUND = "not_found"  # no such wallet, request, hold or top-up
    NOT_DUE = "not_due"  # the hold's deadline has not come
    NOTHING_LEFT = "nothing_left"  # everything of the top-up is refunded, spent or held
    TOO_MUCH = "too_much"  # not an amount that may be moved, or beyond what a wallet may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The books say no, and why in numbers; nothing changed.

    `limit` is the limit that does not fit, with what is `used_nanos` and `held_nanos` of it (asks, not nanos, where
    the limit counts asks). For the wallet: what is available and held there, and by how many asks.
    """

    reason: Reason
    needed: int = 0
    available: int = 0
    used: int = 0
    held: int = 0
    limit: Limit | None = None
