"""Who somebody on Discord is: what Discord says of them becomes an identity and an `Asker`."""

from collections.abc import Awaitable, Callable

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.origin import PLATFORM, Origin
from adapters.discord.profiles import Profile, profile_of
from adapters.discord.servers import Server
from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.departures import Departures
from core.errors import NotAllowed
from core.membership import Membership, TeamDefaults
from core.people import Asker, Identity, Member, Standing, Team
from core.text.wording import NOT_CHARGED

UNKNOWN_MEMBER = frozenset({10007, 10013})
"""Discord's codes for who is not in a server, or nobody at all (topics/opcodes-and-status-codes)."""
NOT_HERE = f"You are not a member of that server (any more), so nothing was done. {NOT_CHARGED}"


class People:
    """Says who speaks. What comes out of a server says it itself; of others Discord is asked at that moment."""

    def __init__(
        self,
        membership: Membership,
        departures: Departures,
        api: DiscordApi,
        *,
        zone: str = "UTC",
        greet: Callable[[Team], Awaitable[None]] | None = None,
    ) -> None:
        """`zone` is that of new teams: Discord says of nobody where they live. `greet` is called when one was made."""
        self._membership = membership
        self._departures = departures
        self._api = api
        self._zone = zone
        self._greet = greet

    async def member(self, server: Server, origin: Origin, *, asks: bool = False) -> Member:
        """The member behind what came in, with the rights of this moment.

        Raises `NotAllowed` where the operator does not let the server in, or who speaks is not in it; a
        `DiscordFailed` where Discord does not say. Who `asks` and has left is somebody whom core refuses.
        """
        said = origin.said or await self.profile(server, origin.user_id)
        if said is None:
            identity = Identity(PLATFORM, server.guild_id, origin.user_id, "")
            if not await self._left(identity) or not asks:
                raise NotAllowed(NOT_HERE)
            member, _ = await self._membership.member(identity, self._defaults(server), admin=False, asker=Asker())
            return member
        identity = Identity(PLATFORM, server.guild_id, origin.user_id, said.name or origin.user_name)
        standing = Standing.BOT if origin.is_bot else said.standing
        asker = Asker(roles=said.roles, standing=standing, admin=said.admin)
        member, new_team = await self._membership.member(identity, self._defaults(server), admin=False, asker=asker)
        if new_team and self._greet is not None:
            await self._greet(member.team)
        if member.gone and await self._departures.back(identity):  # who speaks in a server is in it
            member, _ = await self._membership.member(identity, self._defaults(server), admin=False, asker=asker)
        return member

    async def known(self, guild_id: str, user_id: str) -> Member | None:
        """The member behind a user, where they spoke or were met before. Discord is not asked."""
        return await self._membership.known(Identity(PLATFORM, guild_id, user_id, ""))

    async def profile(self, server: Server, user_id: str) -> Profile | None:
        """What Discord says of somebody now; None where they are not in the server. Raises a `DiscordFailed`."""
        try:
            said = await self._api.call(
                "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=server.guild_id, user_id=user_id
            )
        except Rejected as refused:
            if refused.code in UNKNOWN_MEMBER:
                return None
            raise
        return profile_of(said, server.permissions, owner_id=server.owner_id, everyone_id=server.guild_id)

    async def _left(self, identity: Identity) -> bool:
        """Whether they were known, and have left."""
        known = await self._membership.known(identity)
        if known is not None and not known.gone:
            await self._departures.left(identity)
        return known is not None

    def _defaults(self, server: Server) -> TeamDefaults:
        return TeamDefaults(
            name=server.name or server.guild_id,
            zone=self._zone,
            member_month_limit_nanos=MEMBER_MONTH_LIMIT_NANOS,
            let_in=server.let_in,
        )
