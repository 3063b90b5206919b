"""Operations on a team's refill rule: its offer is posted once for each dip, and taken once."""

from dataclasses import dataclass, field

from core.operations.money import Moved, TopUp
from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRefill(Operation[Concluded | Refused]):
    """Ask the admins whether to add what the team's rule says, by a notice, if the wallet is below its line now.

    `since` is the wallet's newest top-up that was not taken back, empty for none; `month` the team's that runs. Refused
    as `NOT_FOUND` without a rule, as `NOT_DUE` above the line, as `UNCHANGED` where this dip was told of.
    """

    team_id: str
    since: str
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill(Operation[Moved | Refused]):
    """An admin presses: record what the rule adds. The id is the offer's (`refill_id`), so that it is taken once.

    `member_id` is who presses; the books look for themselves whether they are an admin, `admin` says that their
    platform or the operator makes them one. `since` and `month` are as of `OfferRefill`. `top_up` is what is recorded,
    with this operation's id; its amount is the rule's.

    Refused as `NOT_ADMIN`, as `SUPERSEDED` where it is not what the rule offers now, as `NOT_DUE` above the line, as
    `LIMIT` where the rule's maximum or the operator's would be passed, or as the top-up is.
    """

    team_id: str
    member_id: str = field(compare=False)
    admin: bool = field(default=False, compare=False)
    since: str = field(compare=False)
    month: str = field(compare=False)
    top_up: TopUp = field(compare=False)
