"""Which commands Discord's client shows to whom, and where."""

from typing import TYPE_CHECKING

from tests.discord.people import Json, User
from tests.discord.permissions import EVERYTHING, May
from tests.discord.state import Channel

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

IN_GUILD, IN_BOT_DM = 0, 1


class NotOffered(LookupError):
    """Discord does not show this command: it is not registered, not for here, or not for them."""


def offered(discord: "FakeDiscord", channel: Channel, user: User | None) -> list[Json]:
    """What `user` is offered in a channel; None: everything there is, rights or not."""
    own = discord.commands.get(channel.guild_id, {}) if channel.guild_id else {}
    every = [*discord.commands.get("", {}).values(), *own.values()]
    if user is None:
        return every
    return [each for each in every if _fits(each, channel) and _may(discord, each, channel, user)]


def _fits(command: Json, channel: Channel) -> bool:
    """`contexts` says where; before there were contexts, dm_permission did."""
    if command["contexts"] is not None:
        return (IN_GUILD if channel.guild_id else IN_BOT_DM) in command["contexts"]
    return bool(channel.guild_id) or command["dm_permission"]


def _may(discord: "FakeDiscord", command: Json, channel: Channel, user: User) -> bool:
    """Default permissions, all of them; "0" is for administrators only."""
    if not channel.guild_id:
        return True
    may = discord.guilds[channel.guild_id].permissions_of(user, channel)
    if may == EVERYTHING or may & May.ADMINISTRATOR:
        return True
    if not may & May.USE_APPLICATION_COMMANDS:
        return False
    needed = command["default_member_permissions"]
    return needed is None or (int(needed) != 0 and may & int(needed) == int(needed))
