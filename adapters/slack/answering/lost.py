"""Messages whose reply was lost: they may stand on Slack without our knowing where."""

from adapters.slack.answering.spots import MARK, Spot, marked
from adapters.slack.history import Message, readable
from adapters.slack.workspaces import Workspace


async def find_lost(spot: Spot, ask_id: str, part: int, known: set[str], *, streamed: str | None) -> str:
    """The `ts` of this part of an answer, if Slack has it; else empty. Raises a `SlackFailed`.

    `known` are messages that it cannot be. A stream has no mark before its end: one that began with `streamed` is
    known by its author and its first words.
    """
    stands_there = await readable(spot.workspace, spot.channel_id, spot.thread_ts, since_ts=spot.asked_ts)
    for message in stands_there:  # where we may not look it is posted, rather than lost
        ts = str(message.get("ts", ""))
        if ts <= spot.asked_ts or ts in known:
            continue
        if (message.get("metadata") or {}).get("event_type") == MARK:
            is_it = marked(message)[:2] == (ask_id, part)
        else:
            is_it = streamed is not None and begins(spot.workspace, message, streamed)
        if is_it:
            return ts
    return ""


def begins(workspace: Workspace, message: Message, text: str, *, fewest_letters: int = 1) -> bool:
    """Whether we wrote a message, and this text begins with it; what is shorter than that proves nothing."""
    by_us = message.get("user") == workspace.bot_user_id or message.get("bot_id") == workspace.bot_id
    said = _letters(str(message.get("text", "")))
    return by_us and len(said) >= fewest_letters and _letters(text).startswith(said)


def _letters(text: str) -> str:
    """What stays the same however Slack shows a text."""
    return "".join(char for char in text if char.isalnum())
