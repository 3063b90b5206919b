"""Operations on what members and teams like to have."""

from dataclasses import dataclass, field

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer(Operation[Concluded | Refused]):
    """Set one preference (core/preferred.py), or with an empty `value` take it away.

    `owner` is the id of a member, who sets it for themselves, or of the team, for which admins do. Refused as
    `UNCHANGED` when it is so already, as `NOT_FOUND` when the owner is not of this team, as `NOT_ADMIN` when the actor
    may not set it (any more); `by_right` as of `SetRule`.
    """

    team_id: str
    owner: str
    name: str
    value: str
    actor: str
    by_right: bool = field(default=False, compare=False)
