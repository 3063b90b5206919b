"""For whom something can be set: everyone, a role, a channel, a member, a standing; and a member by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.people import Asker, Place, Standing

EVERYONE = "everyone"
ME = "me"
"""What somebody types for themselves."""
STANDINGS: Mapping[Standing, str] = {
    Standing.GUEST: "guests",
    Standing.BOT: "bots",
    Standing.OUTSIDER: "outsiders",
}
"""The targets of who is no ordinary member of a workspace."""
RESERVED = (EVERYONE, ME, *STANDINGS.values())
"""What is nobody's name where rules are typed."""


class TargetKind(StrEnum):
    """What a target is."""

    EVERYONE = "everyone"
    STANDING = "standing"
    ROLE = "role"
    CHANNEL = "channel"
    MEMBER = "member"
    OWN = "own"


def role_target(role: str) -> str:
    """A platform's role: "role:discord:8812"."""
    return f"role:{role}"


def channel_target(platform: str, channel: str) -> str:
    """A platform's channel: "channel:slack:C0123"."""
    return f"channel:{platform}:{channel}"


def member_target(member_id: str) -> str:
    """One member, as admins set it."""
    return f"member:{member_id}"


def own_target(member_id: str) -> str:
    """One member, as they set it for themselves."""
    return f"own:{member_id}"


def kind_of(target: str) -> TargetKind | None:
    """What a target is; None for what is none."""
    if target == EVERYONE:
        return TargetKind.EVERYONE
    if target in STANDINGS.values():
        return TargetKind.STANDING
    kind, _, name = target.partition(":")
    named = (TargetKind.ROLE, TargetKind.CHANNEL, TargetKind.MEMBER, TargetKind.OWN)
    return next((each for each in named if each == kind and name), None)


def named_in(target: str) -> str:
    """Whom a target names: "slack:C1" of a channel, the id of a member; empty where it names nobody."""
    return target.partition(":")[2]


def policy_id(team_id: str, target: str) -> str:
    """The row that says what is set for a target."""
    return f"{team_id} {target}"


def targets_of(member_id: str, asker: Asker, place: Place) -> tuple[str, ...]:
    """Every target that can have a say, the most particular first; what members set for themselves is the last."""
    standing = STANDINGS.get(asker.standing)
    return (
        member_target(member_id),
        channel_target(place.platform, place.channel),
        *map(role_target, asker.roles),
        *([standing] if standing else []),
        EVERYONE,
        own_target(member_id),
    )


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom something is set: a target, and what people call it ("Anna", "#general", "everyone")."""

    target: str
    name: str
