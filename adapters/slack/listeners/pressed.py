"""What was pressed, read off Slack's payload."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.origin import Origin, of_interaction


@dataclass(frozen=True, slots=True)
class Press:
    """A button, what it carries, and the first words of the message it stands under.

    `key` is of this very press, however often Slack delivers it. `is_private`: one person alone sees the message.
    `in_view`: it stands in App Home or a form, and under no message at all.
    """

    origin: Origin
    action_id: str
    value: str
    words: str
    is_private: bool
    in_view: bool
    key: str


def pressed_of(body: Mapping[str, Any]) -> Press:
    """The press."""
    origin, action = of_interaction(body), body["actions"][0]
    message = body.get("message")
    moment = f"{origin.team_id} {origin.user_id} {action.get('action_ts', '')}"
    return Press(
        origin=origin,
        action_id=str(action.get("action_id", "")),
        value=str(action.get("value") or ""),
        words=_first_words(message) if isinstance(message, Mapping) else "",
        is_private=not isinstance(message, Mapping),
        in_view=isinstance(body.get("view"), Mapping),
        key=f"slack press {moment}",
    )


def _first_words(message: Mapping[str, Any]) -> str:
    for block in message.get("blocks", []):
        if block.get("type") == "section":
            return html.unescape(str(block.get("text", {}).get("text", "")))
    return html.unescape(str(message.get("text", "")))
