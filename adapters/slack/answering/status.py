"""What Slack shows of an ask before there is an answer: that it is worked on, and its own button to stop it.

A session that is being processed has Slack's Stop (docs.slack.dev/ai/agent-sessions; only in apps that are agents);
the words beside it are the thread's status, which Slack takes away with the next message, or after two minutes.
None of it is needed: what Slack refuses is left out, and nothing waits for it.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from adapters.slack.api import SlackFailed
from adapters.slack.workspaces import Workspace
from core.secrets import masked
from core.text.neutralise_slack import for_slack_plain, for_slack_text

THINKING = "is thinking..."
MAX_TITLE_CHARS = 100
_NO_STOP = "missing_agent_session_stopped_event_subscription"


class Status:
    """The status of one thread, for as long as it is answered in."""

    def __init__(
        self, workspace: Workspace, channel_id: str, thread_ts: str, user_id: str, *, question: str = ""
    ) -> None:
        """Without a thread there is nothing to show it in. A new session is called by its first `question`."""
        self._workspace = workspace
        self._thread = {"channel_id": channel_id, "thread_ts": thread_ts}
        self._user_id = user_id
        self._title = _title_of(question)
        self._last: asyncio.Task[None] | None = None
        self._is_processing = False
        self._has_stop = False

    def move(self, channel_id: str, thread_ts: str) -> None:
        """There is a thread now."""
        self._thread = {"channel_id": channel_id, "thread_ts": thread_ts}
        self._then(self._process())

    async def has_stop(self) -> bool:
        """Whether Slack shows a button of its own to stop what is going on."""
        if self._last is not None:
            await asyncio.wait({self._last})
        return self._has_stop

    def say(self, words: str) -> None:
        """Show what is going on."""
        self._then(self._say(words))

    async def over(self, *, answered: bool) -> None:
        """Nothing is going on any more. `answered`: Slack knows already, by the end of its own stream."""
        if self._last is None:
            return
        is_late = not self._last.done()
        self._last.cancel()
        await asyncio.wait({self._last})
        if answered and not is_late:
            return
        if self._is_processing or is_late:
            await self._call("agents.sessions.setStatus", status="active")
        await self._call("assistant.threads.setStatus", status="")

    def _then(self, work: Coroutine[Any, Any, None]) -> None:
        if not self._thread["thread_ts"]:
            work.close()
            return
        before, self._last = self._last, None
        self._last = asyncio.create_task(_one_after_the_other(before, work), name="status on Slack")

    async def _say(self, words: str) -> None:
        if not self._is_processing:
            await self._process()
        await self._call("assistant.threads.setStatus", status=for_slack_text(words))

    async def _process(self) -> None:
        titled = {"title": self._title} if self._title else {}
        answer = await self._call(
            "agents.sessions.setStatus", status="processing", initiator_user_id=self._user_id, **titled
        )
        self._is_processing = answer is not None
        self._has_stop = answer is not None and answer.get("warning") != _NO_STOP

    async def _call(self, method: str, **fields: Any) -> dict[str, Any] | None:
        try:
            return await self._workspace.api.call(method, patience_seconds=0.0, **self._thread, **fields)
        except SlackFailed:
            return None


def _title_of(question: str) -> str:
    """Its first words in one line, without what looks like a secret."""
    words = for_slack_plain(" ".join(masked(question).split()))
    return words if len(words) <= MAX_TITLE_CHARS else f"{words[: MAX_TITLE_CHARS - 3]}..."


async def _one_after_the_other(before: asyncio.Task[None] | None, work: Coroutine[Any, Any, None]) -> None:
    if before is not None:
        await asyncio.wait({before})
    await work
