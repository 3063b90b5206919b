"""What somebody reads: the text of a message, a modal or components, and what can be pressed in it."""

from collections.abc import Sequence

from tests.discord.people import Json
from tests.discord.posting import walk
from tests.discord.state import Message

BUTTON, TEXT_DISPLAY, LABEL = 2, 10, 18
SELECTS = (3, 5, 6, 7, 8)
LINK = 5


def text_of(shown: Message | Json | Sequence[Json]) -> str:
    """All a person reads: the content, then the texts of components; of a modal its title and labels."""
    if isinstance(shown, Message):
        parts = [shown.content, *_texts(shown.components)]
    elif isinstance(shown, dict):
        parts = [str(shown.get("title") or ""), *_texts(shown.get("components") or [])]
    else:
        parts = _texts(list(shown))
    return "\n".join(part for part in parts if part)


def _texts(components: list[Json]) -> list[str]:
    found = []
    for each in walk(components):
        found += [str(each[name]) for name in ("content", "label", "description") if each.get(name)]
        found += [str(option["label"]) for option in each.get("options") or ()]
    return found


def pressable(components: list[Json]) -> list[Json]:
    """Buttons that answer, and selects."""
    return [
        each
        for each in walk(components)
        if each["type"] in SELECTS or (each["type"] == BUTTON and each.get("style") != LINK)
    ]


def buttons(shown: Message) -> list[Json]:
    """Everything that can be pressed or chosen in a message."""
    return pressable(shown.components)


def found(components: list[Json], wanted: str) -> Json:
    """What has this custom_id or label; LookupError when it is not shown, or cannot be pressed."""
    seen = pressable(components)
    for each in seen:
        if wanted in (each.get("custom_id"), each.get("label")):
            if each.get("disabled"):
                raise LookupError(f"{wanted!r} is disabled")
            return each
    labels = [each.get("label") or each.get("custom_id") for each in seen]
    raise LookupError(f"{wanted!r} is not shown; there are {labels}")
