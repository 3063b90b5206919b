"""The servers that the bot is in, as its connection to Discord knows them; of other shards as Discord says."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import discord

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.client import ChipinClient
from core.operator_lists import LetIn
from core.text.wording import NOT_CHARGED

NOT_IN_IT = f"Chipin is not in this server (any more), so nothing was done. {NOT_CHARGED}"


@dataclass(frozen=True, slots=True)
class Server:
    """One server. `permissions` are those of each of its roles, by the role's id."""

    guild_id: str
    name: str
    owner_id: str
    let_in: LetIn = LetIn.ONLY_IF_LISTED
    permissions: Mapping[str, int] = field(default_factory=dict)


class Servers:
    """Finds the server for what came in."""

    def __init__(self, client: ChipinClient, api: DiscordApi) -> None:
        self._client = client
        self._api = api

    @property
    def reachable(self) -> Collection[str]:
        """The ids of those that this process is connected for."""
        return tuple(str(guild.id) for guild in self._present())

    @property
    def bot_user_id(self) -> str:
        """The bot's own user; empty before Discord has said who that is."""
        return str(self._client.user.id) if self._client.user is not None else ""

    def names_in(self, guild_id: str) -> Callable[[str, str], str]:
        """What roles ("@&") and channels and threads ("#") of a server are called, by their ids."""
        guild = self._client.get_guild(int(guild_id)) if guild_id.isdecimal() else None

        def name(sign: str, named: str) -> str:
            if guild is None or sign == "@":
                return ""
            found = guild.get_role(int(named)) if sign == "@&" else guild.get_channel_or_thread(int(named))
            return found.name if found is not None else ""

        return name

    def of(self, guild_id: str) -> Server | None:
        """The server, or None where the bot is in none such (any more)."""
        guild = self._client.get_guild(int(guild_id)) if _is_id(guild_id) else None
        if guild is None or guild.unavailable:
            return None
        let_in = LetIn.UNLESS_LISTED_OTHERWISE if guild == self._first() else LetIn.ONLY_IF_LISTED
        permissions = {str(role.id): role.permissions.value for role in guild.roles}
        return Server(guild_id, guild.name, str(guild.owner_id or ""), let_in, permissions)

    async def looked_up(self, guild_id: str) -> Server | None:
        """The same, also where another process is connected for its shard: then Discord is asked.

        For direct messages, which all come by the first shard. Raises a `DiscordFailed` where it does not say.
        """
        known = self.of(guild_id)
        if known is not None or not self._client.is_divided or not _is_id(guild_id):
            return known
        try:
            said = await self._api.call("GET", "/guilds/{guild_id}", guild_id=guild_id)
        except Rejected:  # the bot is not in it
            return None
        permissions = {str(role["id"]): int(role["permissions"]) for role in said.get("roles", ())}
        return Server(guild_id, str(said["name"]), str(said["owner_id"]), permissions=permissions)

    def _present(self) -> list[discord.Guild]:
        return [guild for guild in self._client.guilds if not guild.unavailable]

    def _first(self) -> discord.Guild | None:
        """The one that the bot joined first: who adds it to another server does not change whose it is.

        Also while Discord has an outage there, or has not told of it yet: then it is nobody else meanwhile.
        """
        return min(self._client.guilds, key=_joined, default=None)


def _is_id(text: str) -> bool:
    """Whether it is a number as Discord writes it: a server has one name in the books, and no button gives another."""
    return text.isdecimal() and str(int(text)) == text


def _joined(guild: discord.Guild) -> tuple[datetime, int]:
    """When the bot joined it; of one that is not told of yet, the earliest moment that this can have been."""
    me: discord.Member | None = guild.me  # discord.py says that it is always there; before it is read it is not
    return (me.joined_at if me is not None else None) or guild.created_at, guild.id
