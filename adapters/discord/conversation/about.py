"""A message that is asked about, as it is kept while somebody writes their question: Discord shows it only once."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adapters.discord.conversation.answers import words_of_answer
from adapters.discord.conversation.messages import Message, author_of, files_of, is_by, text_of
from adapters.discord.conversation.said import NameOf
from core.attached import MAX_FILES, Attached, quoted_message

MOST_CHARS = 20_000
"""Of a message with its cards; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class About:
    """A message: who wrote it, what it says, and what is attached to it."""

    by: str
    text: str
    files: tuple[Attached, ...] = ()

    @property
    def quoted(self) -> str:
        """It, as a part of a question: it is what the question is about, and is never left out."""
        return quoted_message(self.text, self.by) if self.text else ""


def about_of(message: Message, name_of: NameOf, us: str) -> About:
    """What Discord tells of it; of an answer of ours what the model said."""
    answer = words_of_answer(message) if is_by(message, us) else ""
    text = answer or text_of(message, name_of)
    return About(author_of(message), text[:MOST_CHARS], files_of(message)[: MAX_FILES + 1])


def to_keep(about: About) -> str:
    """As it is kept."""
    return json.dumps(asdict(about), ensure_ascii=False)


def kept_about(kept: str) -> About:
    """The same, read again. `ValueError` for what is none."""
    told: Mapping[str, Any] = json.loads(kept)
    try:
        return About(told["by"], told["text"], tuple(Attached(**file) for file in told["files"]))
    except (KeyError, TypeError) as error:
        raise ValueError("This is no message.") from error
