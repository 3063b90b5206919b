"""Who asks, where, and whose wallet pays. All ids are surrogates: no platform id stands in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.periods import Calendar, Period
from core.together import Beside

OPERATOR, CHIPIN = "operator", "chipin"
"""Who is written down as the actor of what no member did: whoever runs Chipin, and Chipin itself."""


NEVER = datetime(1970, 1, 1, tzinfo=UTC)


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


def to_digest(identity_key: str) -> str:
    """What the keyed hash of an identity (`core.ports.Vault.digest`) is made of: of nothing else that is hashed."""
    return f"identity\n{identity_key}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked: the channel and, when there is one, the thread."""

    platform: str
    workspace: str
    channel: str
    thread: str = ""


class AdminBecause(StrEnum):
    """Why somebody is an admin of a team."""

    MADE = "made"  # in the chat, or the first of the team
    PLATFORM = "platform"  # their platform says that they look after the workspace
    LISTED = "listed"  # the operator's ADMINS names them


class Standing(StrEnum):
    """What somebody is in a workspace, as its platform says."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    OUTSIDER = "outsider"  # of another workspace that shares a channel


@dataclass(frozen=True, slots=True)
class Asker:
    """What a platform says of whoever asks, at that moment. `roles` are its own: "slack:S012" or "discord:8812".

    `admin`: whether they look after the workspace; once `Membership` has seen them, whether they are an admin at all.
    `gone`: the identity they speak by was said to be deactivated, banned or departed.
    """

    roles: tuple[str, ...] = ()
    standing: Standing = Standing.MEMBER
    admin: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A team and the wallet that pays for it. `demo` teams begin with budget to try Chipin with; `frozen` ones wait.

    `frozen_by_operator`: only whoever runs Chipin lets them go on. `part_of`: the team that this one has joined.
    `made_at`: when the first of them came.
    """

    id: str
    wallet_id: str
    name: str
    calendar: Calendar
    demo: bool = False
    frozen: bool = False
    frozen_by_operator: bool = False
    part_of: str = ""
    made_at: datetime = NEVER

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its people read times."""
        return self.calendar.zone


@dataclass(frozen=True, slots=True)
class Member:
    """A person of one team, whatever platforms they use.

    `acts_as` is written down as the actor of administrative acts instead of the id, for the operator.
    Who is `frozen`, or whose team is, gets no hold until an admin or the operator lets them ask again (the operator
    alone: `frozen_by_operator`); who is
    `suspended` has left a platform. `welcomed`: they were told what asking means. `asker` is what their platform says
    of them now.

    `because` says why they are an admin: now, of whoever speaks (`Membership`); as last seen, of whoever is listed.
    `gone` is of the identity by which they were looked up, and `seen_as` is what they are called there, where that is a
    further account of theirs (else empty). `accounts` are the ids of the further accounts that are the same person, of
    whoever was looked up so; `counts_with` are those that share their quota (core/together.py).
    """

    id: str
    team: Team
    display_name: str
    admin: bool = False
    acts_as: str = ""
    frozen: bool = False
    suspended: bool = False
    welcomed: bool = False
    joined_at: datetime = NEVER
    asker: Asker = Asker()
    because: tuple[AdminBecause, ...] = ()
    gone: bool = False
    frozen_by_operator: bool = False
    seen_as: str = ""
    accounts: tuple[str, ...] = ()
    counts_with: tuple[Beside, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Under which ids this person asked: their own, and those of their further accounts."""
        return (self.id, *self.accounts)

    @property
    def by_right(self) -> bool:
        """Whether they are an admin whatever the chat says: by their platform, or as the operator lists them."""
        return AdminBecause.PLATFORM in self.because or AdminBecause.LISTED in self.because

    @property
    def actor(self) -> str:
        """Who is written down for what this person does."""
        return self.acts_as or self.id


@dataclass(frozen=True, slots=True)
class AdminChange:
    """Whether a member is an admin by the chat from now on. `still` says why they are one all the same.

    `changed` is False where it stood so before.
    """

    member: Member
    made: bool
    changed: bool
    still: tuple[AdminBecause, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """An identity (its `Identity.key`) of a member, as the books know it.

    `admin`: its platform said, when it was last seen, that they look after the workspace. `gone`: that they left it.
    """

    key: str
    member_id: str
    admin: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class TeamZone:
    """A team's zone, and when its next day, week and month begin. `changed` is False where it was so before."""

    zone: ZoneInfo
    begins: Mapping[Period, datetime]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Asking is paused for a member, or without one for the whole team. `by`, `at` and `reason`: as far as known."""

    team: Team
    member: Member | None
    by: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What stands now for a team, or for one `member` of it. `changed` is False where it stood so before.

    `still` are the members of an unfrozen team that are frozen one by one.
    """

    team: Team
    member: Member | None
    changed: bool
    still: tuple[Member, ...] = ()
