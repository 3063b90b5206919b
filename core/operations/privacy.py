"""Operations on what is known of a person: that they were told what asking means, and that they are forgotten."""

from dataclasses import dataclass, field

from core.operations.operation import Operation, came_later
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Operation[Concluded | Refused]):
    """Somebody is told what asking means, before their first ask. Refused as `UNCHANGED` when they were told."""

    team_id: str
    member_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget(Operation[Concluded | Refused]):
    """Erase the name and the identities of a member; their amounts, limits and counters stay under an id.

    `identities` are pairs of an identity's key and its keyed hash (`core.people.to_digest`): by the hash they are known
    again until the periods that count are over. Refused as `UNCHANGED` when they are forgotten already, as `NOT_DUE`
    while an ask of theirs holds money, as `NOT_ADMIN` when the actor is neither they nor an admin (any more);
    `by_right`: the actor is one whatever the chat says.
    """

    team_id: str
    member_id: str
    actor: str
    identities: tuple[tuple[str, str], ...] = field(compare=False)
    by_right: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTraces(Operation[Concluded | Refused]):
    """Erase what else tells of a member: kept text, where they asked, what they were told, what they gave as reasons,
    what their buttons were for.

    Each is named by its id; what is not theirs is left alone, and so is an ask that still runs.
    """

    team_id: str
    member_id: str
    asks: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    budget_requests: tuple[str, ...] = ()
    presses: tuple[str, ...] = came_later(())


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo(Operation[Concluded | Refused]):
    """The periods that counted are over: the hash of an identity goes too. Who comes back then is somebody new.

    Refused as `NOT_DUE` before, and while the member is frozen or suspended, or an admin denies them by name.
    """

    forgotten_id: str
