"""Operations on teams and members."""

from dataclasses import dataclass, field

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The member exists. `new_team` says that the team was made just now."""

    member_id: str
    team_id: str
    wallet_id: str
    new_team: bool
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol(Operation[Enrolled]):
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
class SetFrozen(Operation[Concluded | Refused]):
    """Pause asking for one member, or with an empty `member_id` for the whole team; or let it go on.

    From then on no hold is given. What holds already finishes and settles; budget and limits can be changed as ever.
    Refused as `UNCHANGED` when it is so already.
    """

    team_id: str
    member_id: str
    frozen: bool
    actor: str
