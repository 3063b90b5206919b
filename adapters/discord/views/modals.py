"""Forms: budget to record."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.discord.views.custom_ids import custom_id
from adapters.discord.views.shown import Json
from core.text.typed import MAX_REASON_CHARS

TOP_UP_FORM = "topup_form"
AMOUNT, REASON = "amount", "reason"
"""What the fields are called."""
LABEL, TEXT_INPUT, TEXT = 18, 4, 10
SHORT_LINE = 1
MAX_AMOUNT_CHARS = 40
_NOTE = "No card is charged: you record what your team is ready to pay the providers."


def top_up_form(guild_id: str) -> dict[str, Any]:
    """How much budget for the team of a server, and why."""
    return {
        "custom_id": custom_id(TOP_UP_FORM, guild_id),
        "title": "Add budget",
        "components": [
            {"type": TEXT, "content": _NOTE},
            _field(AMOUNT, "How much, in US dollars", MAX_AMOUNT_CHARS, required=True, placeholder="25"),
            _field(REASON, "What it is for", MAX_REASON_CHARS, required=False),
        ],
    }


def filled_in(components: Iterable[Json]) -> dict[str, str]:
    """What was filled in, by the names of the fields."""
    told: dict[str, str] = {}
    for each in components:
        inner = each.get("component")
        if isinstance(inner, Mapping) and isinstance(inner.get("value"), str):
            told[str(inner.get("custom_id", ""))] = inner["value"]
    return told


def _field(name: str, label: str, most_chars: int, *, required: bool, placeholder: str = "") -> Json:
    text = {"type": TEXT_INPUT, "custom_id": name, "style": SHORT_LINE, "max_length": most_chars, "required": required}
    return {"type": LABEL, "label": label, "component": text | ({"placeholder": placeholder} if placeholder else {})}
