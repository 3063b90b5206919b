"""Operations by which accounts become one person, and part again. docs/decisions/0034."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


class LinkKind(StrEnum):
    """What a code brings together."""

    PEOPLE = "people"
    TEAMS = "teams"


class LinkState(StrEnum):
    """Where a code stands."""

    OPEN = "open"  # nobody typed it
    TYPED = "typed"  # somebody did, and was asked whether they agree
    AGREED = "agreed"  # they do; whoever gave it was asked too
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The code is one, and `member_id` of `team_id` gave it, in `place`. `state` is where it stands now."""

    link_id: str
    team_id: str
    member_id: str
    place: str
    state: str
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode:
    """There is no such code. That is counted: `left` more may be wrong in this hour."""

    left: int
    replayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCode(Operation[Concluded | Refused]):
    """Note a code (`link_id` is a keyed hash of it) that somebody was given, for ten minutes.

    `place` is where they speak ("slack:T1"). For teams: refused as `NOT_ADMIN`; `by_right` as of `SetAdmin`. Refused as
    `SUSPENDED` where they have left a platform, by any of their accounts or (`gone`) by this one.
    """

    link_id: str
    kind: LinkKind
    team_id: str
    member_id: str
    place: str
    gone: bool = False
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCode(Operation[Typed | WrongCode | Refused]):
    """Somebody types a code: from now on it is theirs alone to agree to.

    Refused as `GUESSED` after too many wrong ones in an hour, as `OVER` where its time is up, as `DECIDED` where it was
    used or typed by somebody else, as `OWN_CODE`, as `UNCHANGED` where both are one already, as `SAME_WORKSPACE`, as
    `OTHER_TEAM` where a code for people is of another team, as `OTHER_KIND` where it is for the other kind; else as
    `GiveCode`.
    """

    link_id: str
    kind: LinkKind
    team_id: str
    member_id: str
    place: str
    gone: bool = False
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeToLink(Operation[Concluded | Refused]):
    """Whoever typed a code agrees to what it brings together; whoever gave it is asked by a notice with these `words`.

    They have ten minutes for it. Refused as `NOT_FOUND`, `OVER`, `DECIDED` or `SUSPENDED`; for teams as `NOT_ADMIN`,
    with `by_right` as of `SetAdmin`.
    """

    link_id: str
    team_id: str
    member_id: str
    words: str = field(compare=False)
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPeople(Operation[Concluded | Refused]):
    """Whoever gave a code agrees too: from now on both are one person, the member who gave it.

    Refused as `TypeCode`, as `NOT_DUE` before the other side has agreed, as `TOO_MUCH` beyond what one person may have
    of accounts, as `NOT_FOUND` where it is not theirs.
    """

    link_id: str
    team_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPeople(Operation[Concluded | Refused]):
    """Every account of a person speaks for itself again. Until the periods that run are over they count together.

    Refused as `UNCHANGED` where they have one account, as `SUSPENDED` where they left a platform and ask for it
    themselves, as `NOT_ADMIN` where the actor is neither they nor an admin (any more); `by_right` as of `SetAdmin`.
    """

    team_id: str
    member_id: str
    actor: str
    gone: bool = False
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTeams(Operation[Concluded | Refused]):
    """An admin of the team that gave a code agrees too: the team of whoever typed it becomes a part of theirs.

    `members`, `workspaces`, `targets` (of its policies) and `presses` (what buttons stand for) are what is the joining
    team's, as last read. Done again, it takes along who came meanwhile. Refused as `NOT_FOUND`, `NOT_ADMIN` (`by_right`
    as of `SetAdmin`), `NOT_DUE`, `OVER` or `DECIDED`; as `OTHER_KIND` for a demo team, or one that has joined another;
    as `FROZEN` while either is paused; as `NOTHING_LEFT` where the joining team has budget, or has asked something.
    """

    link_id: str
    team_id: str
    joining_id: str
    joining_wallet_id: str
    member_id: str
    actor: str
    members: tuple[str, ...] = field(default=(), compare=False)
    workspaces: tuple[str, ...] = field(default=(), compare=False)
    targets: tuple[str, ...] = field(default=(), compare=False)
    presses: tuple[str, ...] = field(default=(), compare=False)
    by_right: bool = field(default=False, compare=False)

    @property
    def wallets(self) -> tuple[str, ...]:
        """Both, so that nobody moves money in either meanwhile."""
        return (self.wallet_id, self.joining_wallet_id)
