"""What stands in a channel or in a thread on Slack, read page by page."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.api import Rejected
from adapters.slack.workspaces import Workspace

PAGE_MESSAGES, MOST_PAGES = 200, 5

Message = Mapping[str, Any]


async def thread_of(
    workspace: Workspace, channel_id: str, thread_ts: str, *, patience_seconds: float = 0.0, **between: str | bool
) -> tuple[list[Message], bool]:
    """The messages of a thread, oldest first, with their metadata, and whether that is all. Raises a `SlackFailed`.

    `between` are Slack's `oldest`, `latest` and `inclusive`.
    """
    found, cursor = list[Message](), ""
    for _ in range(MOST_PAGES):
        said = await workspace.api.call(
            "conversations.replies",
            patience_seconds=patience_seconds,
            channel=channel_id,
            ts=thread_ts,
            limit=PAGE_MESSAGES,
            include_all_metadata=True,
            **between,
            **({"cursor": cursor} if cursor else {}),
        )
        found += said.get("messages", [])
        cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return found, not cursor


async def readable(workspace: Workspace, channel_id: str, thread_ts: str, *, since_ts: str = "") -> list[Message]:
    """The messages of a thread, or without one the newest of the channel; none where the bot may not look.

    Raises any other `SlackFailed`.
    """
    since: dict[str, Any] = {"oldest": since_ts} if since_ts else {}
    try:
        if thread_ts:
            return (await thread_of(workspace, channel_id, thread_ts, **since))[0]
        said = await workspace.api.call(
            "conversations.history",
            patience_seconds=0.0,
            channel=channel_id,
            limit=PAGE_MESSAGES,
            include_all_metadata=True,
            **since,
        )
    except Rejected:
        return []
    return list(said.get("messages", []))
