"""Operations on a request: who may run it, where it stands, what is kept of its text."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


class RequestState(StrEnum):
    """Where a request stands."""

    RUNNING = "running"
    AWAITING = "awaiting"  # for a confirmation; nothing is held
    REFUSED = "refused"
    SETTLED = "settled"  # charged; the answer may still have to be delivered
    RELEASED = "released"  # ended without a charge


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
class Claim(Operation[Claimed | AlreadyClaimed | Refused]):
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
class Conclude(Operation[Concluded | Refused]):
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
class RequestStop(Operation[Concluded | Refused]):
    """Somebody pressed Stop. The process that streams the ask sees it in the request's row.

    `member_id` is who pressed, and must be the asker; empty for an admin of the team that the ask belongs to.
    """

    ask_id: str
    team_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Operation[Concluded | Refused]):
    """The reader has the whole answer: what was kept of the text is erased. Only the asker's reader can say so."""

    ask_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseKept(Operation[Concluded | Refused]):
    """Nobody came for it in time: what was kept of the text is erased."""

    ask_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseSecret(Operation[Concluded | Refused]):
    """Is this the secret that the books were begun with? The first one to ask is.

    With another secret no redelivery would be recognised: everything would be answered and paid twice.
    """

    digest: str
