"""The form behind "Ask about this": a question about somebody's message, and who reads the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.discord.views.custom_ids import custom_id
from adapters.discord.views.modals import LABEL, TEXT, TEXT_INPUT
from adapters.discord.views.shown import Json
from core.text.neutralise_discord import for_discord_plain

ABOUT_FORM = "about"
QUESTION, WHERE = "question", "where"
HERE, ONLY_ME = "here", "only me"
PARAGRAPH, SELECT = 2, 3
MAX_QUESTION_CHARS = 3_000
SHOWN_CHARS = 500
_WHERE = {ONLY_ME: "Only me", HERE: "Everybody here"}


@dataclass(frozen=True, slots=True)
class SentAbout:
    """The form as it was sent: the question, and whether its asker alone reads the answer."""

    question: str
    private: bool


def about_form(named: str, by: str, text: str, files: int) -> dict[str, Any]:
    """`named` is what it carries: the name under which the message is kept. `by` wrote `text`, with so many files."""
    beginning = text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}..."
    attached = f"\n({files} attached)" if files else ""
    question = {
        "type": TEXT_INPUT,
        "custom_id": QUESTION,
        "style": PARAGRAPH,
        "max_length": MAX_QUESTION_CHARS,
        "required": True,
        "placeholder": "What does this mean?",
    }
    where = {
        "type": SELECT,
        "custom_id": WHERE,
        "min_values": 1,
        "max_values": 1,
        "options": [{"label": label, "value": value, "default": value == ONLY_ME} for value, label in _WHERE.items()],
    }
    return {
        "custom_id": custom_id(ABOUT_FORM, named),
        "title": "Ask about this",
        "components": [
            {"type": TEXT, "content": for_discord_plain(f"{by}: {beginning}{attached}")},
            {"type": LABEL, "label": "Your question", "component": question},
            {"type": LABEL, "label": "Who reads the answer", "component": where},
        ],
    }


def sent_about(components: Iterable[Json]) -> SentAbout:
    """What was filled in. Who chose nothing reads the answer alone."""
    inner = [each["component"] for each in components if isinstance(each.get("component"), Mapping)]
    told = {str(each.get("custom_id") or ""): each for each in inner}
    values = told.get(WHERE, {}).get("values")
    question = told.get(QUESTION, {}).get("value")
    return SentAbout(
        question.strip() if isinstance(question, str) else "",
        private=not (isinstance(values, list) and HERE in values),
    )
