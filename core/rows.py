"""The rows of the books as values.

One class here is one table in adapters/store/tables.py with the same columns; a test holds them equal. Every row
has a text `id`. Times are UTC in whole milliseconds since 1970 (`*_ms`). They have no slots: core/columns.py fills
them whole, which is most of what a rule does with them.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeVar


@dataclass(frozen=True, kw_only=True)
class Row:
    """What all rows share. `table` is where they are kept; append-only tables are never updated."""

    table: ClassVar[str]
    append_only: ClassVar[bool] = False
    id: str


R = TypeVar("R", bound=Row)

NOT_REPORTED = -1
"""`LineRow.reported_nanos` where the provider does not say what it takes."""

NO_LIMIT_OF_THEIR_OWN = -1
"""`MemberRow.month_limit_nanos` where the team's limit applies."""


@dataclass(frozen=True, kw_only=True)
class WalletRow(Row):
    """Running totals of one wallet: `available_nanos + held_nanos` is the sum of its pool entries."""

    table = "wallet"
    available_nanos: int = 0
    held_nanos: int = 0


@dataclass(frozen=True, kw_only=True)
class CounterRow(Row):
    """Running totals of one counter (core/quota.py), in nano-dollars or asks."""

    table = "counter"
    wallet_id: str
    scope: str
    subject: str
    label: str
    used: int = 0
    held: int = 0


@dataclass(frozen=True, kw_only=True)
class HoldRow(Row):
    """Money put aside for one attempt at one request. `counters` are the ids of all it took, spaces between.

    `provider` and `model` are what it was taken for. `reversed_nanos` is what was given back of a charge afterwards.
    `reheld_by` is the operation that changed its amount last; empty where it is still what the hold itself took.
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
    """How much of one top-up (its transfer's id) was taken back so far."""

    table = "top_up"
    wallet_id: str
    amount_nanos: int
    refunded_nanos: int
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class RequestRow(Row):
    """One question and what became of it; no text of it.

    `lease_until_ms`: until then whoever runs it, or tells its end, is not disturbed. `delivered_at_ms`: when its asker
    was told how it stands. `delivery_tries`: how often somebody took it on to tell them later.

    `route`: how its model was chosen: AUTO or NAMED (core/models.py), or a route's name; empty before it was.
    `needed_tier`: how good a model it seemed to need. `variant`: the arm of an experiment that it ran in. `improves`:
    the ask whose question it runs again on a better model. `thumb`: what its asker thinks of the answer, -1, 0 or 1.
    `first_word_ms`: from the call to the first word; 0 where that is not known.
    """

    table = "request"
    wallet_id: str
    team_id: str
    member_id: str
    platform: str
    workspace: str
    channel: str
    thread: str
    state: str
    attempt: int
    lease_until_ms: int
    started_at_ms: int
    stop_requested: int = 0
    hold_id: str = ""
    provider: str = ""
    model: str = ""
    shown_nanos: int = 0
    ending: str = ""
    why: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_nanos: int = 0
    estimated: int = 0
    finished_at_ms: int = 0
    delivered_at_ms: int = 0
    delivery_tries: int = 0
    route: str = ""
    needed_tier: int = 0
    variant: str = ""
    improves: str = ""
    thumb: int = 0
    first_word_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class RequestKeyRow(Row):
    """A keyed hash (the id) by which a redelivery finds its request."""

    table = "request_key"
    append_only = True
    request_id: str


@dataclass(frozen=True, kw_only=True)
class LineRow(Row):
    """One line of a receipt, with all five parts of its usage. `reported_nanos`: what the provider says it takes."""

    table = "receipt_line"
    append_only = True
    request_id: str
    wallet_id: str
    step: str
    provider: str
    model: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_nanos: int
    charged_nanos: int
    estimated: int
    reported_nanos: int = NOT_REPORTED


@dataclass(frozen=True, kw_only=True)
class KeptRow(Row):
    """Sealed text of one request (the id): the answer until it is delivered, all of it until `erase_after_ms`.

    Empty once erased.
    """

    table = "kept"
    question: bytes = b""
    answer: bytes = b""
    erase_after_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class TeamRow(Row):
    """A team, its wallet and its defaults. `demo` teams begin with budget; `frozen` ones get no holds."""

    table = "team"
    wallet_id: str
    name: str
    zone: str
    demo: int
    member_month_limit_nanos: int
    created_at_ms: int
    frozen: int = 0


@dataclass(frozen=True, kw_only=True)
class WorkspaceRow(Row):
    """A platform's workspace (the id is "platform:workspace") and the team it belongs to."""

    table = "workspace"
    team_id: str


@dataclass(frozen=True, kw_only=True)
class MemberRow(Row):
    """A person of a team. `month_limit_nanos` is -1 where the team's limit applies. Nobody `frozen` gets a hold."""

    table = "member"
    team_id: str
    display_name: str
    admin: int
    month_limit_nanos: int
    created_at_ms: int
    frozen: int = 0


@dataclass(frozen=True, kw_only=True)
class IdentityRow(Row):
    """A person on a platform (the id is `Identity.key`) and the member they are."""

    table = "identity"
    member_id: str


@dataclass(frozen=True, kw_only=True)
class ActRow(Row):
    """An administrative act: who did what, in words. Never text of a question."""

    table = "act"
    append_only = True
    team_id: str
    actor: str
    kind: str
    words: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class NoticeRow(Row):
    """Something that the admins of a team are to know. Never text of a question.

    `lease_until_ms`: until then whoever tells it is not disturbed. `delivered_at_ms`: when the admins had it. `tries`:
    how often somebody took it on to tell them.
    """

    table = "notice"
    team_id: str
    kind: str
    words: str
    at_ms: int
    lease_until_ms: int = 0
    delivered_at_ms: int = 0
    tries: int = 0


@dataclass(frozen=True, kw_only=True)
class ToldRow(Row):
    """What the admins of a team know of a subject (the id is both, a colon between), so that only a change is told."""

    table = "told"
    team_id: str
    subject: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SecretRow(Row):
    """A keyed hash that only the books' own secret gives (the id is fixed): the secret itself is never here."""

    table = "secret"
    digest: str


@dataclass(frozen=True, kw_only=True)
class OperationRow(Row):
    """An operation that was done, so that the same id gives the same outcome."""

    table = "operation"
    append_only = True
    fingerprint: str
    outcome: str
    at_ms: int


KINDS: tuple[type[Row], ...] = (
    WalletRow,  # first: it is the lock that all else stands behind
    OperationRow,
    TeamRow,  # from here on: each before the rows that refer to it
    WorkspaceRow,
    MemberRow,
    IdentityRow,
    CounterRow,
    HoldRow,
    RequestRow,
    RequestKeyRow,
    TransferRow,
    EntryRow,
    TopUpRow,
    LineRow,
    KeptRow,
    ActRow,
    NoticeRow,
    ToldRow,
    SecretRow,
)
"""Every kind of row, in the order in which a batch reads and writes them."""
