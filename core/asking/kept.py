"""What is kept of a question, sealed, so that a press can run it later: words, pictures, what led to it, the model."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.call import ImagePart, Message, Part, Role, TextPart
from core.models import AUTO
from core.question import Question

_MARK = "chipin-question-1"
"""Words alone are kept bare, as earlier releases did; what begins like this is always wrapped."""
_START = '{"' + _MARK
UNREAD = "Left out: what was said before or is attached; it was not read yet when this was interrupted."


def to_keep(question: Question) -> str:
    """The question as one text. Bare where it is no more than words."""
    left_out = UNREAD if question.gather is not None else question.left_out
    plain = not question.history and not question.images and question.model == AUTO and not left_out
    if plain and not question.text.startswith(_START):
        return question.text
    history = [[message.role.value, _parts(message.parts)] for message in question.history]
    content = {"model": question.model, "parts": _parts(question.parts), "history": history}
    return json.dumps({_MARK: {**content, "left_out": left_out} if left_out else content})


def from_kept(kept: str, pressed: Question) -> Question:
    """The question that was kept, in place of what came with the press. `ValueError`: it is none."""
    content = _content(kept)
    if content is None:
        return replace(pressed, parts=(TextPart(kept),), history=(), model=AUTO, left_out="", gather=None)
    try:
        history = tuple(Message(Role(role), _read(parts)) for role, parts in content["history"])
        parts, left_out = _read(content["parts"]), str(content.get("left_out", ""))
        return replace(pressed, parts=parts, history=history, model=content["model"], left_out=left_out, gather=None)
    except (LookupError, TypeError) as error:
        raise ValueError("What was kept is no question.") from error


def words_of(kept: str) -> str:
    """The words of what was kept, for quoting them."""
    content = _content(kept)
    return kept if content is None else "".join(said for kind, said in content["parts"] if kind == "text")


def _content(kept: str) -> Any:
    """What was wrapped; None for words alone, also for those of an earlier release that only begin like it."""
    if not kept.startswith(_START):
        return None
    try:
        content = json.loads(kept).get(_MARK)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _parts(parts: Sequence[Part]) -> list[list[str]]:
    return [
        ["text", part.text] if isinstance(part, TextPart) else [part.media_type, base64.b64encode(part.data).decode()]
        for part in parts
    ]


def _read(parts: list[list[str]]) -> tuple[Part, ...]:
    return tuple(TextPart(said) if kind == "text" else ImagePart(kind, base64.b64decode(said)) for kind, said in parts)
