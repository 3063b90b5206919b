"""Where an answer goes."""

from dataclasses import dataclass, replace

from adapters.discord.origin import Origin
from adapters.discord.views.answer import question_quoted
from core.people import Member


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: to the channel or thread it was asked in, or with `private` to its asker alone.

    `question` is quoted above a public answer that is no reply to a message. `goes_on`: it is a part of a conversation,
    which has a thread of its own where there may be one. `member` asked it, once that is known.
    """

    origin: Origin
    private: bool = False
    question: str = ""
    goes_on: bool = False
    member: Member | None = None

    def asked_by(self, member: Member) -> "Where":
        """The same, once it is known who asks."""
        called = member.display_name or self.origin.user_name
        return replace(self, origin=replace(self.origin, user_name=called), member=member)

    @property
    def came_with(self) -> str:
        """What names it among all that was ever asked: the interaction, or the message."""
        origin = self.origin
        return origin.handle.id if origin.handle is not None else f"{origin.writes_to} {origin.message_id}"

    @property
    def is_private(self) -> bool:
        """Whether nobody but the asker reads the answer."""
        return self.private or self.origin.is_direct

    @property
    def heading(self) -> str:
        """What stands above the answer, in Markdown: who only sees that a command was used is told what was asked."""
        return question_quoted(self.question) if self.origin.handle is not None and not self.is_private else ""
