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
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture as its bytes. `media_type` is one of "image/png", "image/jpeg", "image/gif", "image/webp"."""

    media_type: str
    data: bytes


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All text of the turn."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """All pictures of the turn."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent. `output_cap_tokens` goes upstream under the model's own field name: the hold rests on it."""

    model: Model
    messages: tuple[Message, ...]
    output_cap_tokens: int


@dataclass(frozen=True, slots=True)
class EmbeddingCall:
    """Texts to be turned into vectors, all in one call."""

    model: Model
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A vector for each text, in the order of the texts and all of one length.

    `usage` is what the provider counted; None when it did not say, and then it is for us to count.
    """

    vectors: tuple[tuple[float, ...], ...]
    usage: Usage | None


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
    """What the provider says it counted; None when what it said is no usage (not whole, negative, not there).

    `reported_nanos` is what it says it takes for the call, in nano-dollars, where it says so. It is compared with our
    own arithmetic and never charged.
    """

    usage: Usage | None
    reported_nanos: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The model is done. A stream that ends without one broke off.

    `words` is what the model itself said when it declined: shown to the asker, but no answer, so never charged for.
    """

    reason: StopReason
    words: str = ""


Chunk = Text | UsageReport | Stop
