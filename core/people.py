"""Who asks, where, and whose wallet pays. All ids are surrogates: no platform id stands in the ledger."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

OPERATOR, CHIPIN = "operator", "chipin"
"""Who is written down as the actor of what no member did: whoever runs Chipin, and Chipin itself."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a platform names them. One member may have several."""

    platform: str
    workspace: str
    user: str
    display_name: str

    @property
    def key(self) -> str:
        """The identity as one string, for look-ups."""
        return f"{self.platform}:{self.workspace}/{self.user}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked: the channel and, when there is one, the thread."""

    platform: str
    workspace: str
    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """A team and the wallet that pays for it. `demo` teams begin with budget to try Chipin with; `frozen` ones wait."""

    id: str
    wallet_id: str
    name: str
    zone: ZoneInfo
    member_month_limit_nanos: int
    demo: bool = False
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person of one team, whatever platforms they use. `month_limit_nanos` overrides the team's limit.

    `acts_as` is written down as the actor of administrative acts instead of the id, for the operator.
    Who is `frozen`, or whose team is, gets no hold until an admin or the operator lets them ask again.
    """

    id: str
    team: Team
    display_name: str
    admin: bool = False
    month_limit_nanos: int | None = None
    acts_as: str = ""
    frozen: bool = False

    @property
    def actor(self) -> str:
        """Who is written down for what this person does."""
        return self.acts_as or self.id

    @property
    def effective_month_limit_nanos(self) -> int:
        """The monthly limit in force for this member."""
        return self.team.member_month_limit_nanos if self.month_limit_nanos is None else self.month_limit_nanos


@dataclass(frozen=True, slots=True)
class Frozen:
    """What stands now for a team, or for one `member` of it. `changed` is False where it stood so before.

    `still` are the members of an unfrozen team that are frozen one by one.
    """

    team: Team
    member: Member | None
    changed: bool
    still: tuple[Member, ...] = ()
