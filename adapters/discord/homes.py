"""Which server pays in a direct message: the one that somebody chose, or the only one that knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.discord.origin import PLATFORM, Origin
from adapters.discord.servers import Servers
from core.homes import Home, Homes, that_pays
from core.text.wording import NOT_CHARGED

NOWHERE = (
    "I answer for servers, and I do not know you in any yet. Mention me once in a server that I am in, then write to "
    f"me here. {NOT_CHARGED}"
)
SEVERAL = "You are in several servers that I answer for. Which of them pays for what you ask here?"
ONE = "One server that I answer for knows you: it pays for what you ask here."
GONE = (
    "The server that paid for what you ask here does not any more: you left it, or I did. Which one pays from now on?"
)


@dataclass(frozen=True, slots=True)
class ToChoose:
    """What somebody has to choose among first: pairs of a server's id and its name. None: nobody can pay."""

    why: str
    servers: tuple[tuple[str, str], ...] = ()


class HomeServers:
    """Finds the server that pays. Whether somebody is still in it is asked of Discord with every question."""

    def __init__(self, homes: Homes, servers: Servers) -> None:
        self._homes = homes
        self._servers = servers

    async def placed(self, origin: Origin) -> Origin | ToChoose:
        """The same origin, with the server that pays. Raises a `BooksFailed` or a `DiscordFailed`."""
        if not origin.is_direct:
            return origin
        homes = await self._homes.of(PLATFORM, origin.user_id)
        names = await self._names(homes)
        able = [home for home in homes if not home.member.gone and home.workspace in names]
        paying = that_pays(homes)
        if paying is not None and (paying in able or (not able and paying.workspace in names)):
            return replace(origin, guild_id=paying.workspace)  # who left is refused by name, once Discord confirms it
        if not able:
            return ToChoose(NOWHERE)
        return ToChoose(SEVERAL if paying is None else GONE, _named(able, names))

    async def choices(self, user_id: str) -> ToChoose:
        """Everything that somebody can choose among. Raises the same."""
        homes = await self._homes.of(PLATFORM, user_id)
        names = await self._names(homes)
        able = [home for home in homes if not home.member.gone and home.workspace in names]
        return ToChoose(SEVERAL if len(able) > 1 else ONE, _named(able, names)) if able else ToChoose(NOWHERE)

    async def choose(self, user_id: str, guild_id: str) -> str:
        """Let this server pay from now on; its name, or nothing where they are not known. Raises the same."""
        server = await self._servers.looked_up(guild_id)
        if server is None or await self._homes.choose(PLATFORM, user_id, guild_id) is None:
            return ""
        return server.name or server.guild_id

    async def _names(self, homes: Sequence[Home]) -> dict[str, str]:
        """The names of their servers by their ids, of those that the bot is in."""
        servers = [await self._servers.looked_up(home.workspace) for home in homes]
        return {server.guild_id: server.name or server.guild_id for server in servers if server is not None}


def _named(homes: Sequence[Home], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((home.workspace, names[home.workspace]) for home in homes)
