"""What the one writer can be asked to do, and what it answers. Everything that touches money is one of these.

An operation's id is made by its caller: the same id gives the same outcome (marked `replayed`), the same id with
other fields is an `OperationConflict`. A `Refused` leaves no trace: nothing happened, so the same id may be asked
again later and may fit then. Fields that are not part of what was asked (sealed text differs each time it is
sealed) do not count for "other fields".

    operation.py  what all of them have      outcome.py  yes, no, and why
    requests.py   the life of a request     money.py    holds, charges, budget     people.py  teams and members
    notices.py    what people are to know   policy.py   the team's rules     privacy.py  what is known of a person
    preferences.py  what people like to have      presses.py  what buttons stand for
    budget_requests.py  who asks for more, and what admins say to it      leases.py  what one process looks after
    links.py  accounts and teams that come together      digests.py  what a team is told of its weeks
    refills.py  what the refill rule offers, and its press
    bills.py  what providers bill
"""

from core.operations.bills import BillRecorded, RecordBill
from core.operations.budget_requests import (
    Asked,
    AskForMore,
    CancelRequest,
    Closed,
    CloseRequest,
    Decided,
    DecideRequest,
    Decision,
    RequestedState,
)
from core.operations.digests import PostDigest
from core.operations.leases import GiveLeaseUp, LeasedTo, TakeLease
from core.operations.links import (
    AgreeToLink,
    GiveCode,
    JoinPeople,
    JoinTeams,
    LinkKind,
    LinkState,
    PartPeople,
    TypeCode,
    Typed,
    WrongCode,
)
from core.operations.money import (
    Expire,
    Held,
    Hold,
    Moved,
    Refund,
    Rehold,
    Release,
    Reverse,
    RowName,
    Settle,
    Settled,
    TopUp,
)
from core.operations.notices import ConfirmNotice, PostNotice, TakeNotice, TellChange
from core.operations.operation import Operation
from core.operations.outcome import Concluded, Reason, Refused
from core.operations.people import (
    Enrol,
    Enrolled,
    NoteIdentity,
    Restore,
    SetAdmin,
    SetFrozen,
    SetGone,
)
from core.operations.policy import SetRule, SetZone
from core.operations.preferences import Prefer
from core.operations.presses import ErasePress, KeepPress
from core.operations.privacy import EraseTraces, Forget, LetGo, Welcome
from core.operations.refills import OfferRefill, Refill
from core.operations.requests import (
    ENDED_UNCHARGED,
    AlreadyClaimed,
    Claim,
    Claimed,
    Conclude,
    ConfirmDelivery,
    EraseKept,
    Interrupt,
    KeepQuestion,
    RateAnswer,
    RecogniseSecret,
    RequestState,
    RequestStop,
    TakeDelivery,
    Taken,
    Thumb,
)

__all__ = [
    "ENDED_UNCHARGED",
    "AgreeToLink",
    "AlreadyClaimed",
    "AskForMore",
    "Asked",
    "BillRecorded",
    "CancelRequest",
    "Claim",
    "Claimed",
    "CloseRequest",
    "Closed",
    "Conclude",
    "Concluded",
    "ConfirmDelivery",
    "ConfirmNotice",
    "DecideRequest",
    "Decided",
    "Decision",
    "Enrol",
    "Enrolled",
    "EraseKept",
    "ErasePress",
    "EraseTraces",
    "Expire",
    "Forget",
    "GiveCode",
    "GiveLeaseUp",
    "Held",
    "Hold",
    "Interrupt",
    "JoinPeople",
    "JoinTeams",
    "KeepPress",
    "KeepQuestion",
    "LeasedTo",
    "LetGo",
    "LinkKind",
    "LinkState",
    "Moved",
    "NoteIdentity",
    "OfferRefill",
    "Operation",
    "PartPeople",
    "PostDigest",
    "PostNotice",
    "Prefer",
    "RateAnswer",
    "Reason",
    "RecogniseSecret",
    "RecordBill",
    "Refill",
    "Refund",
    "Refused",
    "Rehold",
    "Release",
    "RequestState",
    "RequestStop",
    "RequestedState",
    "Restore",
    "Reverse",
    "RowName",
    "SetAdmin",
    "SetFrozen",
    "SetGone",
    "SetRule",
    "SetZone",
    "Settle",
    "Settled",
    "TakeDelivery",
    "TakeLease",
    "TakeNotice",
    "Taken",
    "TellChange",
    "Thumb",
    "TopUp",
    "TypeCode",
    "Typed",
    "Welcome",
    "WrongCode",
]
