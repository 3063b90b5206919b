"""Workspaces that removed Chipin, or took its tokens back: they are not reached any more, from that moment."""

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.api import Rejected, SlackFailed
from adapters.slack.people import People
from adapters.slack.workspaces import Workspaces, is_dead
from core.errors import BooksFailed
from core.tasks import Tasks

_log = structlog.get_logger(__name__)


class Removes(Protocol):
    """Forgets the tokens of a workspace."""

    async def remove(self, team_id: str) -> None:
        """Raises `BooksUnavailable`."""


class Uninstalled:
    """Listens to what Slack tells of it. Slack may tell it late: who installed Chipin again meanwhile keeps it."""

    def __init__(self, workspaces: Workspaces, people: People, tasks: Tasks, installations: Removes | None) -> None:
        """`installations` are None where the one token is the operator's."""
        self._workspaces = workspaces
        self._people = people
        self._tasks = tasks
        self._installations = installations

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)

    async def uninstalled(self, body: Mapping[str, Any]) -> None:
        """The app was removed."""
        self._tasks.start(self._let_go(str(body.get("team_id", ""))), "leaving a workspace")

    async def revoked(self, body: Mapping[str, Any]) -> None:
        """Tokens were taken back: ours, where a bot's is among them."""
        if body["event"].get("tokens", {}).get("bot"):
            await self.uninstalled(body)

    async def _let_go(self, team_id: str) -> None:
        if await self._still_works(team_id):
            return
        self._workspaces.forget(team_id)
        self._people.forget(team_id)
        if self._installations is None:
            _log.warning("slack_app_removed", team=team_id)  # install it again, with its new token in SLACK_BOT_TOKEN
            return
        try:
            await self._installations.remove(team_id)
        except BooksFailed as failed:  # the token is worth nothing, and found to be when it is used next
            _log.warning("slack_token_not_removed_yet", team=team_id, kind=type(failed).__name__)

    async def _still_works(self, team_id: str) -> bool:
        """Whether Slack takes the token that is kept: then it is of a later installation."""
        self._workspaces.forget(team_id)  # another process may have got the new one
        try:
            workspace = await self._workspaces.of(team_id)
            if workspace is None:
                return False
            await workspace.api.call("auth.test", patience_seconds=0)
        except Rejected as said:
            return not is_dead(said)
        except (SlackFailed, BooksFailed):
            return False
        return True
