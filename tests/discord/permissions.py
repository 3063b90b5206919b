"""What somebody may do in a channel: from the roles, then the channel's overwrites, as Discord computes it.

Source: docs.discord.com/developers/topics/permissions ("permission hierarchy", "implicit permissions").
"""

from enum import IntFlag

from tests.discord.people import Member, Overwrite, Role
from tests.discord.state import Channel


class May(IntFlag):
    """The permissions that matter to a bot that answers."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = (1 << 53) - 1
OF_EVERYONE = int(
    May.VIEW_CHANNEL
    | May.SEND_MESSAGES
    | May.EMBED_LINKS
    | May.ATTACH_FILES
    | May.READ_MESSAGE_HISTORY
    | May.ADD_REACTIONS
    | May.USE_APPLICATION_COMMANDS
    | May.CREATE_PUBLIC_THREADS
    | May.SEND_MESSAGES_IN_THREADS
)
IN_DM = OF_EVERYONE & ~int(May.CREATE_PUBLIC_THREADS | May.SEND_MESSAGES_IN_THREADS)
"""What a bot may do in a DM."""
TOLD_OF_DM = int(May.ATTACH_FILES | May.EMBED_LINKS | May.MENTION_EVERYONE)
"""What an interaction's app_permissions say there."""


def computed(
    member: Member, *, owner_id: str, everyone: Role, roles: dict[str, Role], channel: Channel | None = None
) -> int:
    """The permissions of a member, in a channel (a thread's are its parent's). Who does not see it may nothing."""
    if member.id == owner_id:
        return EVERYTHING
    base = everyone.permissions
    for role in member.roles:
        base |= roles[role].permissions
    if base & May.ADMINISTRATOR:
        return EVERYTHING
    if channel is None:
        return base
    allowed = _overwritten(base, member, everyone, channel.overwrites)
    return allowed if allowed & May.VIEW_CHANNEL else 0


def _overwritten(base: int, member: Member, everyone: Role, overwrites: dict[str, Overwrite]) -> int:
    """Everyone's overwrite first, then all roles' together (allowing wins), then the member's own."""
    steps = [
        [overwrites[everyone.id]] if everyone.id in overwrites else [],
        [overwrites[role] for role in member.roles if role in overwrites],
        [overwrites[member.id]] if member.id in overwrites else [],
    ]
    for step in steps:
        for each in step:
            base &= ~each.deny
        for each in step:
            base |= each.allow
    return base
