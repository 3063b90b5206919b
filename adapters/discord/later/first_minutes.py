"""The first minutes in a server: its admins read once what to do, however often Chipin starts or is added."""

import structlog

from adapters.discord.api import DiscordFailed
from adapters.discord.origin import PLATFORM, Origin
from adapters.discord.people import People
from adapters.discord.servers import Server
from core.errors import ChipinError
from core.notices import Notices
from core.operator_lists import OperatorLists
from core.people import Team
from core.text.first_minutes import FIRST_MINUTES, first_minutes

_log = structlog.get_logger(__name__)


class FirstMinutes:
    """Posts a notice for the admins of each team that is made on Discord."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    async def greet(self, team: Team) -> None:
        """Post it, unless it was posted to this team before."""
        await self._notices.post(team, FIRST_MINUTES, "", first_minutes(only_admins_ask=True))

    async def meet(self, people: People, server: Server, listed: OperatorLists) -> None:
        """Take note of who looks after a server before anybody has asked: their team is made, and they are told.

        Once somebody was told, nobody is noted any more: it would bring back whoever had themselves forgotten since.
        """
        if await self._notices.was_told(FIRST_MINUTES, PLATFORM, server.guild_id):
            return
        for user_id in _looking_after(server, listed):
            try:
                known = await people.known(server.guild_id, user_id)
                member = known or await people.member(server, Origin(server.guild_id, user_id))
                await self.greet(member.team)
            except (DiscordFailed, ChipinError) as failed:  # told when they first speak, if they may
                _log.warning("discord_admin_not_met", server=server.guild_id, kind=type(failed).__name__)


def _looking_after(server: Server, listed: OperatorLists) -> tuple[str, ...]:
    """The users: its owner, and whom the operator's ADMINS name."""
    owner = [server.owner_id] if server.owner_id else []
    return tuple(dict.fromkeys([*owner, *listed.admins_on(PLATFORM, server.guild_id)]))
