"""A question, as every chat hands it over, and the numbers an ask goes by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from core import defaults
from core.call import ImagePart, Message, Part, TextPart
from core.models import AUTO
from core.people import Member, Place
from core.routing.rules import Rules


@dataclass(frozen=True, slots=True)
class AskSettings:
    """The numbers and rules an ask goes by; defaults and meanings are in core/defaults.py and core/routing/rules.py."""

    deadline_seconds: float
    hold_ttl_seconds: int
    hold_wait_seconds: float
    max_output_tokens: int
    confirm_above_nanos: int
    max_in_flight: int
    member_day_absorbed_nanos: int
    context_tokens: int = defaults.CONTEXT_TOKENS
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Beforehand:
    """A step before the answer: what it costs at most, and the room in the answer's input for what it finds."""

    at_most_nanos: int = 0
    found_at_most_tokens: int = 0


class Secrets(StrEnum):
    """What its asker wants done about what looks like a secret in a question."""

    NOT_SAID = ""
    REMOVE = "remove"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What belongs to a question beside what was typed: what hangs on it, and what was said before it, oldest first.

    `left_out`: sentences on what could not be had, for whoever reads the answer.
    """

    parts: tuple[Part, ...] = ()
    history: tuple[Message, ...] = ()
    left_out: str = ""


Gather = Callable[[], Awaitable[Gathered]]
"""Looks up what belongs to a question. `BadInput`, in words for the asker, where it is not to be asked without it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a member asks, and where. `keys` are all names under which the platform may deliver it again.

    `resumes` comes with a press: what the pressed message (`NeedsConfirmation`, `Announcement`) has as its `press`.
    `improves` comes with "Better model": the ask whose question is run once more, on the model named. `quote_only`:
    say what it would cost, and ask nothing yet. `pressed_nanos`: the "at most" beside the button that was pressed,
    0 where no price stood there; nothing dearer runs without another question. `history` is the conversation before
    it, oldest first, without this question; `left_out` says what of it is missing. `gather` is called once the
    question stands in the books and its asker may ask: what takes long to look up holds up no claim. `secrets` comes
    with a press on `NeedsCare`. `beforehand` is set by the ask itself. `tag` is what its asker typed for one, read by
    the chat out of what it was typed in, for there a channel's name is told from a tag (core/tags.py).
    """

    member: Member
    place: Place
    parts: tuple[Part, ...]
    keys: tuple[str, ...]
    model: str = AUTO
    resumes: str = ""
    improves: str = ""
    pressed_nanos: int = 0
    quote_only: bool = False
    history: tuple[Message, ...] = ()
    secrets: Secrets = Secrets.NOT_SAID
    beforehand: Beforehand = Beforehand()
    left_out: str = ""
    tag: str = ""
    gather: Gather | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """All text of the question."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """All pictures of the question."""
        return tuple(part for part in self.parts if isinstance(part, ImagePart))

    @property
    def conversation(self) -> str:
        """What stays the same for a whole conversation: its thread, or the question itself where there is none."""
        return self.place.thread or self.keys[0]
