"""What was said so far, as far as it goes along with the next question: kept in memory only, and never for long."""

from dataclasses import dataclass

from core.call import Message, Part, Role, TextPart
from core.defaults import MAX_PROMPT_CHARS

MAX_TURNS = 40
"""Older turns are forgotten: what is sent along is cut to a budget of tokens anyway (core/asking/context.py)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and the answer that its asker was shown."""

    ask_id: str
    question: tuple[Part, ...]
    answer: str

    @property
    def chars(self) -> int:
        """How long it is."""
        return len(Message(Role.USER, self.question).text) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns under one `id`, which stands for the thread in a chat that has none."""

    id: str
    turns: tuple[Turn, ...] = ()

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns as the next question takes them along, oldest first."""
        return tuple(
            message
            for turn in self.turns
            for message in (
                Message(Role.USER, turn.question),
                Message(Role.ASSISTANT, (TextPart(turn.answer),)),
            )
        )

    def with_turn(self, turn: Turn, *, in_place_of: str = "") -> "Conversation":
        """The conversation with one more turn, or with a better answer in the place of that ask's.

        At most `MAX_TURNS` and `MAX_PROMPT_CHARS`, the newest; pictures stay with the newest only, since whoever sends
        them along pays for them each time.
        """
        if any(had.ask_id == in_place_of for had in self.turns):
            return Conversation(self.id, tuple(turn if had.ask_id == in_place_of else had for had in self.turns))
        before = tuple(_without_pictures(had) for had in self.turns)[-(MAX_TURNS - 1) :]
        chars = turn.chars + sum(had.chars for had in before)
        while before and chars > MAX_PROMPT_CHARS:
            chars -= before[0].chars
            before = before[1:]
        return Conversation(self.id, (*before, turn))


def _without_pictures(turn: Turn) -> Turn:
    words = tuple(part for part in turn.question if isinstance(part, TextPart))
    return turn if len(words) == len(turn.question) else Turn(turn.ask_id, words, turn.answer)
