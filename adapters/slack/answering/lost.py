"""Messages whose reply was lost: they may stand on Slack without our knowing where."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.answering.spots import MARK, Spot, marked
from adapters.slack.api import Rejected

_PAGES, _PAGE_MESSAGES = 5, 200


async def find_lost(spot: Spot, ask_id: str, part: int, known: set[str], *, streamed: str | None) -> str:
    """The `ts` of this part of an answer, if Slack has it; else empty. Raises a `SlackFailed`.

    `known` are messages that it cannot be. A stream has no mark before its end: one that began with `streamed` is
    known by its author and its first words.
    """
    for message in await _neighbours(spot):
        ts = str(message.get("ts", ""))
        if ts <= spot.asked_ts or ts in known:
            continue
        if (message.get("metadata") or {}).get("event_type") == MARK:
            is_it = marked(message)[:2] == (ask_id, part)
        else:
            is_it = streamed is not None and _begins(spot, message, streamed)
        if is_it:
            return ts
    return ""


async def _neighbours(spot: Spot) -> Sequence[Mapping[str, Any]]:
    """The messages of the thread since it was asked, or the newest of the channel."""
    found, cursor = list[Mapping[str, Any]](), ""
    method, thread = (
        ("conversations.replies", {"ts": spot.thread_ts}) if spot.thread_ts else ("conversations.history", {})
    )
    since = {"oldest": spot.asked_ts} if spot.asked_ts else {}
    for _ in range(_PAGES):
        more = {"cursor": cursor} if cursor else {}
        try:
            said = await spot.workspace.api.call(
                method,
                patience_seconds=0.0,
                channel=spot.channel_id,
                limit=_PAGE_MESSAGES,
                include_all_metadata=True,
                **thread,
                **since,
                **more,
            )
        except Rejected:  # we may not look: then it is posted, rather than lost
            return found
        found += said.get("messages", [])
        cursor = said.get("response_metadata", {}).get("next_cursor", "")
        if not cursor or not spot.thread_ts:
            break
    return found


def _begins(spot: Spot, message: Mapping[str, Any], text: str) -> bool:
    workspace = spot.workspace
    by_us = message.get("user") == workspace.bot_user_id or message.get("bot_id") == workspace.bot_id
    said = _letters(str(message.get("text", "")))
    return by_us and bool(said) and _letters(text).startswith(said)


def _letters(text: str) -> str:
    """What stays the same however Slack shows a text."""
    return "".join(char for char in text if char.isalnum())
