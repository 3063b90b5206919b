"""Operations on teams and members."""

from dataclasses import dataclass, field

from core.operations.operation import Operation, came_later
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
    """Make a team, its wallet, a member and their identity, each only as far as it is missing.

    `identity_digest` is the keyed hash of the identity (`core.people.to_digest`): by it somebody who was forgotten is
    found again. Who it is counts as what was asked for by that hash alone: what is kept of an operation is a hash
    without a key, in which names could be guessed.
    """

    team_id: str
    member_id: str
    workspace: str
    identity: str = field(compare=False)
    display_name: str = field(compare=False)
    admin: bool
    team_name: str
    zone: str
    demo: bool
    member_month_limit_nanos: int
    identity_digest: str = came_later("")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFrozen(Operation[Concluded | Refused]):
    """Pause asking for one member, or with an empty `member_id` for the whole team; or let it go on.

    From then on no hold is given. What holds already finishes and settles; budget and limits can be changed as ever.
    Refused as `UNCHANGED` when it is so already, as `OPERATORS` when the operator paused it and somebody else lifts it,
    as `NOT_ADMIN` when the actor may not (any more); `by_right` as of `SetAdmin`.
    """

    team_id: str
    member_id: str
    frozen: bool
    actor: str
    reason: str = came_later("")
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteIdentity(Operation[Concluded | Refused]):
    """What a platform says of somebody is otherwise than it was: whether they look after it, or what they are called.

    Refused as `UNCHANGED` when it is so already, as `NOT_FOUND` when they are nobody's of this team.
    """

    team_id: str
    member_id: str
    identity: str = field(compare=False)
    admin: bool
    display_name: str = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAdmin(Operation[Concluded | Refused]):
    """Make a member an admin in the chat, or take that away.

    `by_right`: the actor is an admin whatever the chat says. `staying` (members) and `identities` (whose platform
    makes them one) are who else may be an admin, as last read: at least one has to be when the last but them goes.
    Refused as `NOT_ADMIN`, `LAST_ADMIN`, `UNCHANGED` or `NOT_FOUND`.
    """

    team_id: str
    member_id: str
    admin: bool
    actor: str
    by_right: bool = field(default=False, compare=False)
    staying: tuple[str, ...] = field(default=(), compare=False)
    identities: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGone(Operation[Concluded | Refused]):
    """A platform says that an identity is deactivated, banned or departed, or that it is back.

    Whoever is gone from one platform asks by none, until they are back or an admin restores them. `others` are the
    further identities of the member: while one of those is gone, they stay suspended. Its admins are told, once.
    Refused as `UNCHANGED` when it is so already, as `NOT_FOUND` when it is nobody's of this team.
    """

    team_id: str
    member_id: str
    identity: str = field(compare=False)
    gone: bool
    actor: str
    others: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(Operation[Concluded | Refused]):
    """Let a member ask again who is suspended. The identity that is gone stays so.

    Refused as `NOT_ADMIN`, `UNCHANGED` or `NOT_FOUND`; `by_right` as of `SetAdmin`.
    """

    team_id: str
    member_id: str
    actor: str
    by_right: bool = field(default=False, compare=False)
