"""Operations on what buttons stand for, where a chat's buttons cannot carry it themselves."""

from dataclasses import dataclass, field

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPress(Operation[Concluded | Refused]):
    """Keep what a button stands for, for a day (`KEEP_SEALED_MS`); what is kept under this id already, a day from now.

    Refused as `NOT_FOUND` where the member is not of this team, or is forgotten.
    """

    team_id: str
    member_id: str
    press_id: str
    sealed: bytes = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePress(Operation[Concluded | Refused]):
    """Its day is over: it goes. Refused as `NOT_DUE` before."""

    press_id: str
