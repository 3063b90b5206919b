"""What Slack is to show: blocks, and the words of them for notifications and screen readers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.table import TABLE
from core.text.neutralise_slack import for_slack_plain, for_slack_text
from core.text.wording import more_lines

Json = Mapping[str, Any]

MAX_SECTION_CHARS = 3_000
MAX_MESSAGE_CHARS = 12_000
"""Of all blocks together; Slack refuses a message somewhere above 13,200 (slackapi/bolt-js#2509)."""
MAX_HEADER_CHARS = 150
MAX_ALT_CHARS = 2_000
MAX_BUTTON_CHARS = 75
MAX_VALUE_CHARS = 2_000
"""The longest value of a button (slack_sdk.models, ButtonElement)."""
MAX_ASIDE_CHARS = 2_000
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Shown:
    """One message, as far as it is the same wherever it stands."""

    text: str
    blocks: tuple[Json, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """As Slack's methods take it. Without blocks it is the text that is read, and nothing in it is formatted."""
        if not self.blocks:
            return {"text": self.text, "mrkdwn": False}
        return {"text": self.text, "blocks": [dict(block) for block in self.blocks]}


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under an answer: `blocks`, or where those cannot be shown `words`, in Slack's Markdown."""

    blocks: tuple[Json, ...] = ()
    words: str = ""


NO_FOOTER = Footer()


def lines_shown(lines: Iterable[str], *more: Json) -> Shown:
    """Lines of core's, literally: nothing in them is formatted, and nobody is called. `more` are blocks under them.

    Commands in them are named as they are typed here. Indented lines become the points of a list. What is too much for
    a message is cut, and that is said.
    """
    readable = [_point(_readable(line)) for line in lines]
    return Shown(read_out(readable), (*map(words, _pieces(readable)), *more))


def bare(shown: Shown) -> Shown:
    """Its words alone, for where Slack takes no blocks of it: nothing can be pressed."""
    return Shown(shown.text, ())


def read_out(lines: Iterable[str]) -> str:
    """The words of a message for notifications and screen readers."""
    return for_slack_text(for_slack_plain("\n".join(lines)))[:MAX_SECTION_CHARS] or "Chipin"


def header(line: str) -> Json:
    """A line in large letters, as far as there is room for it there."""
    text = _readable(line)
    return {"type": "header", "text": plain(text)} if len(text) <= MAX_HEADER_CHARS else words(line)


def words(line: str) -> Json:
    """One section of plain words."""
    return {"type": "section", "text": plain(_readable(line))}


def aside(text: str) -> Json:
    """Small print under it."""
    return {"type": "context", "elements": [plain(_cut(_readable(text), MAX_ASIDE_CHARS))]}


def picture_of(file_id: str, alt: str) -> Json:
    """A file that Slack keeps, and what is to be seen on it for who does not see it."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt_text(alt)}


def alt_text(alt: str) -> str:
    """What is to be seen on a picture, as it can be sent."""
    return _cut(_readable(alt), MAX_ALT_CHARS)


def plain(text: str) -> Json:
    """Plain words."""
    return {"type": "plain_text", "text": text or " ", "emoji": False}


def button(label: str, action_id: str, value: str = "", *, style: str = "") -> Json:
    """Something to press; `value` comes back with the press."""
    shown = {"type": "button", "action_id": action_id, "text": plain(_cut(for_slack_plain(label), MAX_BUTTON_CHARS))}
    return shown | ({"value": value} if value else {}) | ({"style": style} if style else {})


def actions(*elements: Json) -> Json:
    """A row of them."""
    return {"type": "actions", "elements": list(elements)}


def _readable(line: str) -> str:
    return for_slack_plain(TABLE.as_typed(line))


def point(line: str) -> str:
    """A line as a point of a list."""
    return _INDENT + line


def _point(line: str) -> str:
    """A point of a list; one that has a number has no other mark."""
    text = line.removeprefix(_INDENT)
    return line if text == line else text if text[:1].isdigit() and text[1:2] == "." else f"• {text}"


def _pieces(lines: Sequence[str]) -> list[str]:
    """The lines in pieces that fit a section each, and a message together."""
    pieces, piece, room = [], "", MAX_MESSAGE_CHARS
    for number, line in enumerate(lines):
        fitting = _cut(line, MAX_SECTION_CHARS)
        if len(fitting) + 1 > room:
            pieces += [piece] if piece else []
            return [*pieces, more_lines(len(lines) - number)]
        room -= len(fitting) + 1
        if piece and len(piece) + 1 + len(fitting) > MAX_SECTION_CHARS:
            pieces.append(piece)
            piece = fitting
        else:
            piece = f"{piece}\n{fitting}" if piece else fitting
    return [*pieces, piece] if piece else pieces or [" "]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
