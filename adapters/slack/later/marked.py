"""Looks for what we posted before, by the marks on our messages: newest first, and not further than it can be."""

from typing import Any

from adapters.slack.answering.lost import begins
from adapters.slack.answering.spots import Spot, marked
from adapters.slack.history import Message, readable
from adapters.slack.workspaces import Workspace
from core.people import Place

NOTICE = "chipin_notice"
"""The event type of the metadata on every notice."""
_FEWEST_LETTERS = 20
"""What else stands in a thread of ours does not begin like an answer for so long."""


class Marked:
    """Marks, and finds what is marked. Where the bot may not look, nothing is found. Raises a `SlackFailed`."""

    def of_notice(self, notice_id: str) -> dict[str, Any]:
        """The metadata of a notice."""
        return {"event_type": NOTICE, "event_payload": {"notice_id": notice_id}}

    async def has_notice(self, workspace: Workspace, channel_id: str, notice_id: str) -> bool:
        """Whether a notice stands in a channel."""
        return any(_notice_of(message) == notice_id for message in await readable(workspace, channel_id, ""))

    async def parts(self, spot: Spot, ask_id: str) -> frozenset[int]:
        """Which parts of an answer stand in a thread or channel."""
        found = map(marked, await readable(spot.workspace, spot.channel_id, spot.thread_ts))
        return frozenset(part for ask, part, _ in found if ask == ask_id)

    async def broken_off(self, spot: Spot, ask_id: str, answer: str) -> tuple[str, ...]:
        """The messages in a thread that show a part of an answer, the rest of which never came.

        A stream has no mark before its end: it is known by its author and its first words, where it has enough.
        """
        return tuple(
            str(message["ts"])
            for message in await readable(spot.workspace, spot.channel_id, spot.thread_ts)
            if _is_part(message, ask_id)
            or (not message.get("metadata") and begins(spot.workspace, message, answer, fewest_letters=_FEWEST_LETTERS))
        )

    async def is_whole(self, workspace: Workspace, place: Place, ask_id: str) -> bool:
        """Whether the answer to an ask was shown to its end where it was asked."""
        return await self.is_whole_in(workspace, place.channel, place.thread, ask_id)

    async def is_whole_in(self, workspace: Workspace, channel_id: str, thread_ts: str, ask_id: str) -> bool:
        """The same for a thread; without one also in the thread that its quoted question began."""
        messages = await readable(workspace, channel_id, thread_ts)
        if any(marked(message)[::2] == (ask_id, True) for message in messages):
            return True
        roots = () if thread_ts else (str(each["ts"]) for each in messages if marked(each)[:2] == (ask_id, 0))
        for root in roots:
            if await self.is_whole_in(workspace, channel_id, root, ask_id):
                return True
        return False


def _is_part(message: Message, ask_id: str) -> bool:
    of, part, _ = marked(message)
    return of == ask_id and part > 0


def _notice_of(message: Message) -> str:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("notice_id", "")) if metadata.get("event_type") == NOTICE else ""
