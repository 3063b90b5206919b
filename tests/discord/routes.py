"""Who answers which route. The files of routes fill ROUTES as they are read; names are OpenAPI's operationIds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.discord.faults import Call
from tests.discord.guild import Guild
from tests.discord.permissions import IN_DM, May
from tests.discord.state import Channel, Message, Refused, unknown

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord


@dataclass(frozen=True, slots=True)
class At:
    """What a route is called with: this Discord and the call."""

    discord: "FakeDiscord"
    call: Call

    def __getitem__(self, name: str) -> str:
        """A parameter of the path."""
        return self.call.parameters[name]

    @property
    def channel(self) -> Channel:
        """The channel of the path, which the bot must see."""
        channel = self.discord.channels.get(self["channel_id"])
        if channel is None or (channel.guild_id and not self.discord.guilds[channel.guild_id].present):
            raise unknown("Channel")
        if not self.permissions_in(channel) & May.VIEW_CHANNEL:
            raise Refused(403, 50001, "Missing Access")
        return channel

    def permissions_in(self, channel: Channel) -> int:
        if not channel.guild_id:
            return IN_DM | May.VIEW_CHANNEL
        return self.discord.guilds[channel.guild_id].permissions_of(self.discord.bot_user, channel)

    def need(self, channel: Channel, *all_of: May) -> None:
        for one in all_of:
            if not self.permissions_in(channel) & one:
                raise Refused(403, 50013, "Missing Permissions")

    @property
    def guild(self) -> Guild:
        """The guild of the path, which the bot must be in."""
        guild = self.discord.guilds.get(self["guild_id"])
        if guild is None or not guild.present:
            raise unknown("Guild")
        return guild

    def message_in(self, channel: Channel) -> Message:
        """The message of the path; nobody finds an ephemeral one by its channel."""
        found = self.discord.find(self["message_id"])
        if found is None or found.deleted or found.channel_id != channel.id or found.is_ephemeral:
            raise unknown("Message")
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answers."""

    body: Any = None
    status: int = 200

    @property
    def sent_status(self) -> int:
        return 204 if self.body is None and self.status == 200 else self.status


Handler = Callable[[At], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`operation` answers `method` on `template`; with a bot's token, or with the token in its path."""

    operation: str
    method: str
    template: str
    handler: Handler
    needs_bot: bool
    pattern: re.Pattern[str]


ROUTES: list[Route] = []


def route(operation: str, method: str, template: str, *, needs_bot: bool = True) -> Callable[[Handler], Handler]:
    """Register the answer to a route."""
    pattern = re.compile("".join(_part(part) for part in re.split(r"(\{\w+\})", template)))

    def registering(handler: Handler) -> Handler:
        ROUTES.append(Route(operation, method, template, handler, needs_bot, pattern))
        return handler

    return registering


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part[1:-1]
    return rf"(?P<{name}>[^/@][^/]*)" if not name.endswith("token") else rf"(?P<{name}>[^/]+)"


def matching(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a call and the parameters in its path: `search` is a word before it is anybody's id."""
    fitting = [(one, found) for one in ROUTES if one.method == method and (found := one.pattern.fullmatch(path))]
    if not fitting:
        return None
    one, found = min(fitting, key=lambda each: each[0].template.count("{"))
    return one, found.groupdict()
