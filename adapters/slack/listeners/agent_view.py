"""Slack's place for agents (`agent_view`, docs.slack.dev/ai, 2026): the Messages tab, prompts to begin with, and Stop.

There every message of a person begins a thread, and answers are replies to it. Prompts stand at the top of the tab:
they are set without a thread, with one the call would silently do nothing. The older `assistant_view` with its
`assistant_thread_started` is not spoken: Slack gives it up, and an app has one or the other.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.answering.responder import Responder, Where
from adapters.slack.api import SlackFailed
from adapters.slack.origin import Origin, of_event
from adapters.slack.people import People
from adapters.slack.views.prompts import PROMPTS, TITLE
from adapters.slack.workspaces import Workspace, Workspaces
from core.asks import Asks
from core.errors import BooksFailed, ChipinError
from core.going_on import GoingOn
from core.people import Member
from core.tasks import Tasks

NOT_YOURS = "Only who asked, or an admin, can stop this answer. It goes on."
MESSAGES_TAB = "messages"
PATIENCE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


async def is_messages_tab(event: Mapping[str, Any]) -> bool:
    """Whether App Home was opened to write, not to look at the Home tab."""
    return event.get("tab") == MESSAGES_TAB


class AgentView:
    """Listens to what agents are told."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: People,
        responder: Responder,
        *,
        asks: Asks,
        going_on: GoingOn,
        tasks: Tasks,
    ) -> None:
        self._workspaces = workspaces
        self._people = people
        self._responder = responder
        self._asks = asks
        self._going_on = going_on
        self._tasks = tasks

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.event("app_home_opened", matchers=[is_messages_tab])(self.opened)
        app.event("agent_session_stopped")(self.stopped)

    async def opened(self, body: Mapping[str, Any]) -> None:
        """Somebody opened the tab to write to the bot."""
        if not self._tasks.full:
            self._tasks.start(self._prompt(of_event(body)), "prompts on Slack")

    async def stopped(self, body: Mapping[str, Any]) -> None:
        """Somebody pressed Slack's own Stop."""
        self._tasks.start(self._stop(of_event(body)), "stop on Slack")

    async def _prompt(self, origin: Origin) -> None:
        try:
            workspace = await self._workspaces.of(origin.team_id)
            if workspace is not None:
                await workspace.api.call(
                    "assistant.threads.setSuggestedPrompts",
                    patience_seconds=PATIENCE_SECONDS,
                    channel_id=origin.channel_id,
                    title=TITLE,
                    prompts=[dict(prompt) for prompt in PROMPTS],
                )
        except SlackFailed as failed:  # they help, and nothing depends on them
            _log.info("no_prompts_on_slack", kind=type(failed).__name__)

    async def _stop(self, origin: Origin) -> None:
        try:
            workspace = await self._workspaces.of(origin.team_id)
            if workspace is not None:
                member = await self._people.member_now(workspace, origin)
                await self._stop_in_thread(workspace, origin, member)
        except (SlackFailed, ChipinError) as failed:
            _log.warning("stop_on_slack_failed", kind=type(failed).__name__)

    async def _stop_in_thread(self, workspace: Workspace, origin: Origin, member: Member) -> None:
        here = self._responder.asks_in(origin.team_id, origin.channel_id, origin.thread_ts)
        try:
            anywhere = await self._going_on.running_in(origin.place)
        except BooksFailed:
            anywhere = ()
        asks = dict.fromkeys((*here, *anywhere))
        stopped = [await self._asks.stop(ask_id, member) for ask_id in asks]
        if asks and not any(stopped):
            await self._responder.say(Where(workspace, origin), NOT_YOURS)
