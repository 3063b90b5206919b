"""Operations on a request: who may run it, where it stands, what is kept of its text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from core.operations.operation import Operation, came_later
from core.operations.outcome import Concluded, Refused


class RequestState(StrEnum):
    """Where a request stands."""

    RUNNING = "running"
    AWAITING = "awaiting"  # for a confirmation; nothing is held
    REFUSED = "refused"
    SETTLED = "settled"  # charged; the answer may still have to be delivered
    RELEASED = "released"  # ended without a charge


ENDED_UNCHARGED = (RequestState.RELEASED, RequestState.REFUSED)
"""Over, and nothing was charged: as long as its question is kept, it can be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The request is ours. Effects name this attempt; an older one has none.

    For an ask that is resumed: the model (or route) it was to run on, if that is known, and the "at most" that was
    shown of the attempt that is resumed, and agreed to; 0 when nothing was. `secrets` is what was chosen for this
    question about what looks like a secret in it, now or before.
    """

    ask_id: str
    attempt: int
    agreed_model: str = ""
    agreed_nanos: int = 0
    secrets: str = ""
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyClaimed:
    """Somebody has it, or it is over. `interrupted`: its process went away. `delivered`: its asker was told the end."""

    ask_id: str
    state: RequestState
    charged_nanos: int
    interrupted: bool = False
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Operation[Claimed | AlreadyClaimed | Refused]):
    """Take a request by all its keys at once, so that a redelivery by any of them finds the first copy.

    `keys` are keyed hashes. `resumes` is the attempt (core/ids.py) whose end a person was shown, and pressed: it waits
    for a confirmation, or ended uncharged and its question is still kept. `workspace` is the platform's, where the
    answer goes. `improves` is the answered ask of the same member whose question this runs on a better model; any
    other is refused. `secrets` is what its asker chose about what looks like a secret in it. `tag` is the one that its
    asker typed (core/tags.py), of a new question: whatever runs a question again leaves its tag as it is.
    """

    ask_id: str
    team_id: str
    member_id: str
    keys: tuple[str, ...]
    platform: str
    workspace: str
    channel: str
    thread: str
    lease_seconds: int
    resumes: str = ""
    sealed_question: bytes = field(default=b"", compare=False)
    improves: str = came_later("")
    secrets: str = came_later("")
    tag: str = came_later("")


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
class KeepQuestion(Operation[Concluded | Refused]):
    """Keep a running question with all that belongs to it, in place of what was kept when it was claimed.

    Refused as `SUPERSEDED` when another attempt runs, as `NOT_FOUND` when what was kept is erased: nothing comes back.
    """

    ask_id: str
    attempt: int
    sealed_question: bytes = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStop(Operation[Concluded | Refused]):
    """Somebody pressed Stop. The process that streams the ask sees it in the request's row.

    `member_id` is who pressed, and must be the asker; empty for an admin of the team that the ask belongs to.
    """

    ask_id: str
    team_id: str
    member_id: str


Thumb = Literal[-1, 0, 1]
"""Down, none, or up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer(Operation[Concluded | Refused]):
    """What its asker thinks of an answer; the last word counts, and 0 takes it back. Nobody else's is refused."""

    ask_id: str
    team_id: str
    member_id: str
    thumb: Thumb


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupt(Operation[Concluded | Refused]):
    """End a request whose process went away before it held money, or before it showed what it would cost."""

    ask_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The end of this attempt is ours to tell until the lease ends. `again`: somebody may have told it before."""

    attempt: int
    again: bool
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDelivery(Operation[Taken | Refused]):
    """Take it on to tell the asker how a request ended that nobody has told yet; one process at a time."""

    ask_id: str
    lease_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Operation[Concluded | Refused]):
    """The asker was shown how this attempt ended, or what it would cost; only their own reader can say so.

    The answer is erased at once. The question is kept while a press may still run it: for the buttons of an end
    (`KEEP_FOR_BUTTONS_MS`), for its day where it waits for a confirmation.
    """

    ask_id: str
    attempt: int
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseKept(Operation[Concluded | Refused]):
    """Its time is over: what was kept of the text is erased, and an answer that nobody saw is not charged."""

    ask_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseSecret(Operation[Concluded | Refused]):
    """Is this the secret that the books were begun with? The first one to ask is.

    With another secret no redelivery would be recognised: everything would be answered and paid twice.
    """

    digest: str
