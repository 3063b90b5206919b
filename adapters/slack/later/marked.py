"""Looks for what we posted before, by the marks on our messages: newest first, and not further than it can be."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.answering.spots import Spot, marked
from adapters.slack.api import Rejected
from adapters.slack.workspaces import Workspace
from core.people import Place

NOTICE = "chipin_notice"
"""The event type of the metadata on every notice."""
_PAGE_MESSAGES, _MOST_PAGES = 200, 5

Message = Mapping[str, Any]


class Marked:
    """Marks, and finds what is marked. Where the bot may not look, nothing is found. Raises a `SlackFailed`."""

    def of_notice(self, notice_id: str) -> dict[str, Any]:
        """The metadata of a notice."""
        return {"event_type": NOTICE, "event_payload": {"notice_id": notice_id}}

    async def has_notice(self, workspace: Workspace, channel_id: str, notice_id: str) -> bool:
        """Whether a notice stands in a channel."""
        return any(_notice_of(message) == notice_id for message in await _messages(workspace, channel_id, ""))

    async def parts(self, spot: Spot, ask_id: str) -> frozenset[int]:
        """Which parts of an answer stand in a thread or channel."""
        found = map(marked, await _messages(spot.workspace, spot.channel_id, spot.thread_ts))
        return frozenset(part for ask, part, _ in found if ask == ask_id)

    async def is_whole(self, workspace: Workspace, place: Place, ask_id: str) -> bool:
        """Whether the answer to an ask was shown to its end where it was asked."""
        return await self.is_whole_in(workspace, place.channel, place.thread, ask_id)

    async def is_whole_in(self, workspace: Workspace, channel_id: str, thread_ts: str, ask_id: str) -> bool:
        """The same for a thread; without one also in the thread that its quoted question began."""
        messages = await _messages(workspace, channel_id, thread_ts)
        if any(marked(message)[::2] == (ask_id, True) for message in messages):
            return True
        roots = () if thread_ts else (str(each["ts"]) for each in messages if marked(each)[:2] == (ask_id, 0))
        for root in roots:
            if await self.is_whole_in(workspace, channel_id, root, ask_id):
                return True
        return False


def _notice_of(message: Message) -> str:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("notice_id", "")) if metadata.get("event_type") == NOTICE else ""


async def _messages(workspace: Workspace, channel_id: str, thread_ts: str) -> Sequence[Message]:
    """The newest of a channel, or all of a thread."""
    method, found, cursor = "conversations.replies" if thread_ts else "conversations.history", list[Message](), ""
    fields = {"channel": channel_id, "limit": _PAGE_MESSAGES, "include_all_metadata": True}
    fields |= {"ts": thread_ts} if thread_ts else {}
    for _ in range(_MOST_PAGES):
        try:
            said = await workspace.api.call(
                method, patience_seconds=0.0, **fields, **({"cursor": cursor} if cursor else {})
            )
        except Rejected:
            return found
        found += said.get("messages", [])
        cursor = said.get("response_metadata", {}).get("next_cursor", "")
        if not cursor or not thread_ts:
            break
    return found
