"""Where answers are written, and how their messages are marked, so that they are known again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.workspaces import Workspace

MARK = "chipin_ask"
"""The event type of the metadata on every message of an answer."""

# What Slack says where nothing of ours can be posted at all.
NO_PLACE = frozenset(
    {
        *("channel_not_found", "is_archived", "not_in_channel", "restricted_action", "user_not_found"),
        *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "team_access_not_granted"),
        *("restricted_action_non_threadable_channel", "restricted_action_thread_locked", "user_not_in_channel"),
        *("messages_tab_disabled", "cannot_dm_bot", "user_disabled", "thread_not_found"),
    }
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer is written: a thread, or with an empty `thread_ts` the channel itself.

    `user_id` asked, and `user_team_id` is their workspace: in a channel that companies share it may be another.
    `asked_ts` is the message they asked with, if there is one: no message before it is part of the answer.
    """

    workspace: Workspace
    channel_id: str
    thread_ts: str
    user_id: str
    user_team_id: str = ""
    asked_ts: str = ""


def mark(ask_id: str, part: int, *, last: bool = False) -> dict[str, Any]:
    """The metadata of a message of ours: part 0 is the quoted question, the answer begins with part 1.

    `last`: the answer is whole with it. Whoever looks later whether it was shown knows by that.
    """
    return {"event_type": MARK, "event_payload": {"ask_id": ask_id, "part": part, "last": last}}


def marked(message: Mapping[str, Any]) -> tuple[str, int, bool]:
    """The ask and the part that a message is marked with, and whether it is the last; ("", 0, False) without one."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != MARK:
        return "", 0, False
    return str(payload.get("ask_id", "")), int(payload.get("part", 0)), bool(payload.get("last", False))
