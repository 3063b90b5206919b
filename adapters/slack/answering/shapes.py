"""How a message is put: as nicely as Slack takes it."""

from enum import Enum, auto
from typing import Any

from adapters.slack.views.shown import Footer
from core.text.neutralise import for_slack_text

TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_attachments"})
MAX_TEXT_CHARS = 4_000
"""A text without blocks that is longer can be posted, but not edited (docs.slack.dev/reference/methods/chat.update)."""
_NOTIFICATION_CHARS = 150


class TooLong(Exception):
    """Slack takes no message as long as this."""


class Shape(Enum):
    """From the nicest to what is always taken."""

    BLOCKS = auto()
    MARKDOWN = auto()
    TEXT = auto()

    def worse(self) -> "Shape":
        """The next one."""
        return Shape.MARKDOWN if self is Shape.BLOCKS else Shape.TEXT


def content_of(shape: Shape, text: str, footer: Footer) -> dict[str, Any]:
    """The fields of a message with this Markdown, which is harmless already. `TooLong` where a text cannot be."""
    if shape is Shape.BLOCKS:
        shown = [{"type": "markdown", "text": text}] if text else []
        notification = for_slack_text(" ".join((text or footer.words).split())[:_NOTIFICATION_CHARS])
        return {"text": notification, "blocks": [*shown, *footer.blocks]}
    words = "\n\n".join(part for part in (text, footer.words) if part)
    if shape is Shape.MARKDOWN:
        return {"markdown_text": words}
    plain = words.replace("<", "&lt;")
    if len(plain) > MAX_TEXT_CHARS:
        raise TooLong
    return {"text": plain, "mrkdwn": False, "parse": "none"}
