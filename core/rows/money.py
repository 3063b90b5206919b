"""The rows of money: wallets, counters, holds, and the ledger itself."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class WalletRow(Row):
    """Running totals of one wallet: `available_nanos + held_nanos` is the sum of its pool entries.

    `full_nanos` is their sum when budget last came in or was taken back; `told_percent` the lowest level, in per cent
    of it, that admins were told of since: 100 for none. `marked_by` is the top-up that both go by; empty where none was
    recorded since that is noted (core/ledger/levels.py).
    """

    table = "wallet"
    available_nanos: int = 0
    held_nanos: int = 0
    full_nanos: int = 0
    told_percent: int = 100
    marked_by: str = ""


@dataclass(frozen=True, kw_only=True)
class CounterRow(Row):
    """Running totals of one counter (core/quota.py), in nano-dollars or asks.

    `granted` was given on top of its limit by admins. `limited_to` is the limit at its last hold, with what was carried
    into it and without what was granted; 0 before there was a hold.
    """

    table = "counter"
    wallet_id: str
    scope: str
    subject: str
    label: str
    used: int = 0
    held: int = 0
    granted: int = 0
    limited_to: int = 0


@dataclass(frozen=True, kw_only=True)
class HoldRow(Row):
    """Money put aside for one attempt at one request. `counters` are the ids of all it took, spaces between.

    `provider` and `model` are what it was taken for. `reversed_nanos` is what was given back of a charge afterwards.
    `reheld_by` is the operation that changed its amount last; empty where it is still what the hold itself took.
    `beside` are the ids of the counters whose spending counted with those it took: of other accounts of one person.
    """

    table = "hold"
    wallet_id: str
    request_id: str
    attempt: int
    state: str
    amount_nanos: int
    counters: str
    provider: str
    model: str
    opened_at_ms: int
    deadline_ms: int
    charged_nanos: int = 0
    absorbed_nanos: int = 0
    reversed_nanos: int = 0
    transfer_id: str = ""
    closed_at_ms: int = 0
    reheld_by: str = ""
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class TransferRow(Row):
    """Why a set of entries was made, and by whom: a member's id, or one of the two in core/people.py.

    `reverses` is the transfer that this one takes back, wholly or in part.
    """

    table = "transfer"
    append_only = True
    wallet_id: str
    kind: str
    request_id: str
    reverses: str
    actor: str
    reason: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class EntryRow(Row):
    """One side of a transfer. A positive amount raises the account; every transfer sums to zero."""

    table = "entry"
    append_only = True
    transfer_id: str
    wallet_id: str
    account: str
    amount_nanos: int


@dataclass(frozen=True, kw_only=True)
class TopUpRow(Row):
    """How much of one top-up (its transfer's id) was taken back so far.

    `counter_id` is the month in which it counts against what the operator lets a team top up; empty for none.
    `mark_before` is what its undoing puts back in the wallet (core/ledger/levels.py); empty where that was not noted.
    `refill_counter_id` is the one in which it counts against the team's refill rule; empty where it came not by that.
    """

    table = "top_up"
    wallet_id: str
    amount_nanos: int
    refunded_nanos: int
    at_ms: int
    counter_id: str = ""
    mark_before: str = ""
    refill_counter_id: str = ""
