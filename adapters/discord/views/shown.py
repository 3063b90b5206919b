"""What Discord is to show: components, in which every text is literal unless it says otherwise.

A message of Components V2 has at most 40 components, those inside others counted too, and 4,000 characters of text in
all (components/reference; that 4,000 are the sum is what discord.py counts, ui/view.py).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.outgoing import IS_COMPONENTS_V2
from adapters.discord.table import TABLE
from core.text.neutralise_discord import for_discord_plain
from core.text.split import utf16_units
from core.text.wording import more_lines

Json = Mapping[str, Any]

MAX_TEXT_UNITS = 4_000
"""Of all texts of a message together, counted in the larger of the two ways there are: UTF-16."""
MAX_CONTENT_UNITS = 2_000
"""Of a message that is text alone (resources/message)."""
MAX_COMPONENTS = 40
MAX_BUTTON_CHARS = 80
BUTTONS_IN_ROW = 5
ROW, BUTTON, TEXT, GALLERY, CONTAINER = 1, 2, 10, 12, 17
"""Types of components."""
PRIMARY, SECONDARY, DANGER = 1, 2, 4
"""Styles of buttons."""
_INDENT = "  "
_NUMBER = re.compile(r"\d+\\?\. ")
"""Of a point of a list, as it is written or escaped."""
_ROOM_FOR_CUT = 60
_MAX_LINE_CHARS = 1_000
"""Of one line as it was said; written so that nothing in it is formatted, it is at most twice as long."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message, as far as it is the same wherever it stands."""

    components: tuple[Json, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """As Discord's methods take it, in the place of whatever stood there."""
        return {"flags": IS_COMPONENTS_V2, "components": [dict(each) for each in self.components]}


def lines_shown(lines: Iterable[str], *more: Json, room: int = MAX_TEXT_UNITS) -> Shown:
    """Lines of core's, literally: nothing in them is formatted, and nobody is called. `more` are components under them.

    Commands in them are named as they are typed here. Indented lines become the points of a list. What is too much for
    a message is cut, and that is said; `room` is how much text there is room for, `more` included.
    """
    left = room - sum(map(units_of, more))
    return Shown((words(fitting([_point(readable(line)) for line in lines], left)), *more))


def bare(lines: Iterable[str]) -> str:
    """The same lines as the text of a message that has nothing else."""
    return fitting([_point(readable(line)) for line in lines], MAX_CONTENT_UNITS).strip() or "Chipin"


def readable(line: str) -> str:
    """A line of core's as it is read here: nothing in it is formatted."""
    typed = TABLE.as_typed(line)
    return for_discord_plain(typed if len(typed) <= _MAX_LINE_CHARS else f"{typed[: _MAX_LINE_CHARS - 3]}...")


def fitting(lines: Sequence[str], room: int) -> str:
    """Lines that are written already, as many of them as there is room for; how many are left out is said."""
    taken, left = list[str](), room
    for number, line in enumerate(lines):
        left -= utf16_units(line) + 1
        if left < (0 if number == len(lines) - 1 else _ROOM_FOR_CUT):
            return "\n".join((*taken, more_lines(len(lines) - number)))
        taken.append(line)
    return "\n".join(taken)


def words(text: str) -> Json:
    """One text, written as Markdown."""
    return {"type": TEXT, "content": text if text.strip() else "\N{ZERO WIDTH SPACE}"}


def aside(text: str) -> Json:
    """Small print, literally."""
    return words("\n".join(f"-# {readable(line)}" for line in text.split("\n") if line.strip()))


def button(label: str, custom_id: str, *, style: int = SECONDARY) -> Json:
    """Something to press; `custom_id` comes back with the press. Labels are never formatted."""
    return {"type": BUTTON, "style": style, "label": label_of(label), "custom_id": custom_id}


def label_of(text: str) -> str:
    """Text as it can stand on a button: what is too long is cut."""
    clean = " ".join("".join(filter(str.isprintable, text)).split()) or "..."
    return clean if len(clean) <= MAX_BUTTON_CHARS else f"{clean[: MAX_BUTTON_CHARS - 3]}..."


def actions(*buttons: Json) -> Json:
    """A row of at most five."""
    return {"type": ROW, "components": list(buttons)}


def rows(buttons: Sequence[Json]) -> list[Json]:
    """All of them, five beside each other."""
    return [actions(*buttons[at : at + BUTTONS_IN_ROW]) for at in range(0, len(buttons), BUTTONS_IN_ROW)]


def card(*components: Json) -> Json:
    """What belongs together, with a line around it."""
    return {"type": CONTAINER, "components": list(components)}


def units_of(component: Json) -> int:
    """How much text there is in a component, those inside it counted too."""
    return utf16_units(component.get("content", "")) + sum(map(units_of, component.get("components", ())))


def count_of(components: Iterable[Json]) -> int:
    """How many components these are, those inside them counted too."""
    return sum(1 + count_of(each.get("components", ())) for each in components)


def point(line: str) -> str:
    """A line as a point of a list."""
    return _INDENT + line


def _point(line: str) -> str:
    """A point of a list; one that has a number has no other mark."""
    text = line.removeprefix(_INDENT)
    return line if text == line else text if _NUMBER.match(text) else f"• {text}"
