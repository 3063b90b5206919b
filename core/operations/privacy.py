"""Operations on what is known of a person: that they were told what asking means, and that they are forgotten."""

from dataclasses import dataclass

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Operation[Concluded | Refused]):
    """Somebody is told what asking means, before their first ask. Refused as `UNCHANGED` when they were told."""

    team_id: str
    member_id: str
