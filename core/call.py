"""One call of one model, and what comes back of it: the values on both sides of the Provider port."""

from dataclasses import dataclass
from enum import StrEnum

from core.models import Model
from core.prices import Usage


class Role(StrEnum):
    """Who speaks in a conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class TextPart:
    """Plain text. The first kind of content part; images and files will stand beside it."""

    text: str


Part = TextPart


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All text of the turn."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent. `output_cap_tokens` goes upstream under the model's own field name: the hold rests on it."""

    model: Model
    messages: tuple[Message, ...]
    output_cap_tokens: int


class StopReason(StrEnum):
    """Why a model stopped, in our words."""

    END = "end"
    CAP = "cap"  # the output cap was reached
    DECLINED = "declined"  # refused because of the content


@dataclass(frozen=True, slots=True)
class Text:
    """The next piece of the answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What the provider says it counted; None when what it said is no usage (not whole, negative, not there)."""

    usage: Usage | None


@dataclass(frozen=True, slots=True)
class Stop:
    """The model is done. A stream that ends without one broke off.

    `words` is what the model itself said when it declined: shown to the asker, but no answer, so never charged for.
    """

    reason: StopReason
    words: str = ""


Chunk = Text | UsageReport | Stop
