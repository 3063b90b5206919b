"""Operations on requests for more: asked for, decided by admins, taken back, or closed with nothing left to decide."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.operations.money import TopUp
from core.operations.operation import Operation
from core.operations.outcome import Refused


class RequestedState(StrEnum):
    """Where a request for more stands."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"  # by whoever asked
    FUNDED = "funded"  # the wallet has budget again, whoever put it in
    EXPIRED = "expired"  # its period ended before anybody decided


class Decision(StrEnum):
    """What an admin presses."""

    APPROVE = "approve"
    HALF = "half"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The request is open. `noticed`: its card is posted now; for the same empty wallet it may have been before."""

    request_id: str
    noticed: bool
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The press counted. While `state` is still open it was the first of two that are needed.

    `granted_nanos` is what was granted, or what the first of two agreed to. `alone`: another admin would have been
    asked for, but the team has none. `funded`: it was recorded as budget.
    """

    state: str
    granted_nanos: int
    alone: bool = False
    funded: bool = False
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nothing is left to decide, and whoever asked will be told."""

    state: str
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForMore(Operation[Asked | Refused]):
    """A member asks for more of one counter, or with an empty `counter_id` for budget in the wallet.

    `expires_at_ms` is when the counter's period ends (0: never). `ask_id` is the attempt that was refused for it.
    `funded_by` is the wallet's newest top-up, as far as is known. The request's id is the operation's. Refused as
    `UNCHANGED` while the member waits for the same already, as `OVER` when the period has ended.
    """

    team_id: str
    member_id: str
    counter_id: str
    amount_nanos: int
    expires_at_ms: int
    ask_id: str = ""
    funded_by: str = ""
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRequest(Operation[Decided | Refused]):
    """An admin presses. `member_id` is who, and `actor` is who is written down for it.

    The books look for themselves whether they are an admin; `admin` says that their platform or the operator makes them
    one at this moment. `others` says whether somebody else could decide: an admin who is neither they nor the asker.
    `top_up` is what an approval records for an empty wallet; its amount is what is granted.

    Refused as `NOT_FOUND`, `NOT_ADMIN`, `OWN_REQUEST`, `DECIDED`, `OVER`, `NEEDS_ANOTHER`, or as the top-up is.
    """

    team_id: str
    request_id: str
    decision: Decision
    member_id: str
    actor: str
    admin: bool = field(default=False, compare=False)
    others: bool = field(default=True, compare=False)
    top_up: TopUp | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest(Operation[Closed | Refused]):
    """Whoever asked takes it back."""

    team_id: str
    request_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRequest(Operation[Closed | Refused]):
    """Nobody has to decide it any more: its period ended, or the wallet it waits for was funded or refused.

    `funded_by` is the wallet's newest top-up, as far as is known. Refused as `NOT_DUE` while it waits rightly.
    """

    team_id: str
    request_id: str
    funded_by: str = ""
