"""A question, as every chat hands it over, and the numbers an ask goes by."""

from dataclasses import dataclass

from core.call import Part
from core.models import AUTO
from core.people import Member, Place


@dataclass(frozen=True, slots=True)
class AskSettings:
    """The numbers an ask goes by; defaults and meanings are in core/defaults.py."""

    deadline_seconds: float
    hold_ttl_seconds: int
    hold_wait_seconds: float
    max_output_tokens: int
    confirm_above_nanos: int
    max_in_flight: int
    member_day_absorbed_nanos: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a member asks, and where. `keys` are all names under which the platform may deliver it again.

    `resumes` comes with a press: what the pressed message (`NeedsConfirmation`, `Announcement`) has as its `press`.
    """

    member: Member
    place: Place
    parts: tuple[Part, ...]
    keys: tuple[str, ...]
    model: str = AUTO
    resumes: str = ""

    @property
    def text(self) -> str:
        """All text of the question."""
        return "".join(part.text for part in self.parts)
