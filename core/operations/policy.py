"""Operations on a team's rules."""

from dataclasses import dataclass, field

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused
from core.policy import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule(Operation[Concluded | Refused]):
    """Set one thing for one target (core/policy), or with an empty `value` take away what was set.

    Refused as `UNCHANGED` when it is so already, as `NO_SUCH_RULE` when that cannot be set for this target, as
    `NOT_FOUND` when the team is not of this wallet, as `NOT_ADMIN` when the actor may not set it (any more).
    `by_right`: the actor is an admin whatever the chat says. Members set for themselves what they like.
    """

    team_id: str
    target: str
    setting: Setting
    value: str
    actor: str
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetZone(Operation[Concluded | Refused]):
    """Set a team's time zone (its IANA name). It counts from the next day, week and month on: core/periods.py.

    Refused as `UNCHANGED` when it is so already, as `NOT_FOUND` when the team is not of this wallet, as `NOT_ADMIN`
    when the actor may not set it (any more); `by_right` as of `SetRule`.
    """

    team_id: str
    zone: str
    actor: str
    by_right: bool = field(default=False, compare=False)
