"""The rows of people: teams, their workspaces, members, and who they are on each platform."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class TeamRow(Row):
    """A team and its wallet. `demo` teams begin with budget; `frozen` ones get no holds (1: an admin's doing, 2: the
    operator's).

    `zone` is the one that was set last; `zones` tells when it was set and what was before (core/periods.py).
    `part_of`: the team that this one has joined; empty where it is one of its own.
    """

    table = "team"
    wallet_id: str
    name: str
    zone: str
    demo: int
    created_at_ms: int
    frozen: int = 0
    zones: str = ""
    part_of: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkspaceRow(Row):
    """A platform's workspace (the id is "platform:workspace") and the team it belongs to."""

    table = "workspace"
    team_id: str


@dataclass(frozen=True, kw_only=True)
class MemberRow(Row):
    """A person of a team. Nobody who is `frozen` (as a team is) or `suspended` gets a hold.

    `admin`: made one in the chat, or the first of the team. `suspended`: gone from a platform they had an identity on.
    `welcomed_at_ms`: when they were told what asking means, before their first ask. `forgotten_at_ms`: when their name
    and identities were erased; 0 while they are known.

    `same_as`: the member whom they are one person with, and speak as; empty where they speak for themselves.
    `counts_with`: whose counters count with theirs (core/together.py).
    """

    table = "member"
    team_id: str
    display_name: str
    admin: int
    created_at_ms: int
    frozen: int = 0
    suspended: int = 0
    welcomed_at_ms: int = 0
    forgotten_at_ms: int = 0
    same_as: str = ""
    counts_with: str = ""


@dataclass(frozen=True, kw_only=True)
class IdentityRow(Row):
    """A person on a platform (the id is `Identity.key`) and the member they are.

    `admin`: whether the platform itself says that they look after it, as last seen. `gone`: deactivated, banned or
    departed there.
    """

    table = "identity"
    member_id: str
    admin: int = 0
    gone: int = 0


@dataclass(frozen=True, kw_only=True)
class ForgottenRow(Row):
    """A keyed hash (the id) of an identity that was erased, and the member whose counters it comes back to.

    Erased too after `until_ms`, unless that member is frozen or suspended, or denied by name.
    """

    table = "forgotten"
    member_id: str
    until_ms: int
