"""The first minutes in a workspace: its admins read once what to do, however often Chipin starts or is installed."""

from collections.abc import Iterable

import structlog

from adapters.slack.api import SlackFailed
from adapters.slack.origin import Origin
from adapters.slack.people import People
from adapters.slack.workspaces import PLATFORM, Workspace
from core.errors import ChipinError
from core.notices import Notices
from core.people import Team
from core.text.first_minutes import FIRST_MINUTES, first_minutes

_log = structlog.get_logger(__name__)


class FirstMinutes:
    """Posts a notice for the admins of each team that is made on Slack."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    async def greet(self, team: Team) -> None:
        """Post it, unless it was posted to this team before."""
        await self._notices.post(team, FIRST_MINUTES, "", first_minutes())

    async def meet(self, people: People, workspace: Workspace, user_ids: Iterable[str]) -> None:
        """Take note of who looks after a workspace before anybody has asked: their team is made, and they are told.

        Once somebody was told, nobody is noted any more: it would bring back whoever had themselves forgotten since.
        """
        if await self._notices.was_told(FIRST_MINUTES, PLATFORM, workspace.team_id):
            return
        for user_id in user_ids:
            try:
                known = await people.known(workspace, user_id)
                member = known or await people.member(workspace, Origin(workspace.team_id, user_id))
                await self.greet(member.team)
            except (SlackFailed, ChipinError) as failed:  # told when they first speak, if they may
                _log.warning("slack_admin_not_met", team=workspace.team_id, kind=type(failed).__name__)
