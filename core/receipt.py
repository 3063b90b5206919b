"""What an ask cost and why: the value that people trust."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.people import Place
from core.policy import UNTAGGED, Tagged
from core.prices import Usage

ANSWER = "answer"
"""The step that most receipts consist of."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One priced step of an ask: one call of one model.

    `cost_nanos` is what the provider takes for it, rounded up once. `charged_nanos` of that came from the wallet;
    the rest is the operator's (`absorbed_nanos`). `reported_nanos` is what the provider itself says it takes, if it
    does: compared with our own arithmetic (`audit`), never charged.
    """

    provider: str
    model: str
    usage: Usage
    cost_nanos: int
    charged_nanos: int
    estimated: bool
    step: str = ANSWER
    reported_nanos: int | None = None

    @property
    def absorbed_nanos(self) -> int:
        """What the provider takes beyond the charge: booked operator -> spend, never to the pool."""
        return self.cost_nanos - self.charged_nanos

    @property
    def all_absorbed(self) -> bool:
        """Whether the whole of it is the operator's: it gave no answer."""
        return self.charged_nanos == 0 and self.cost_nanos > 0


def answering(lines: Sequence[PricedLine]) -> Sequence[PricedLine]:
    """Those that the asker's price is made of; all of them where nothing is charged.

    What a failed try may have cost is an estimate and the operator's: it makes nobody's exact price "about".
    """
    return [line for line in lines if not line.all_absorbed] or lines


@dataclass(frozen=True, slots=True)
class Receipt:
    """The end of an ask in numbers. The charge is exactly the sum of its lines."""

    ask_id: str
    model_title: str
    lines: tuple[PricedLine, ...]
    why: str
    month_left_nanos: int | None
    practice: bool = False

    @property
    def charged_nanos(self) -> int:
        """What left the wallet."""
        return sum(line.charged_nanos for line in self.lines)

    @property
    def estimated(self) -> bool:
        """Whether any line of the price rests on our own count instead of the provider's."""
        return any(line.estimated for line in answering(self.lines))


@dataclass(frozen=True, slots=True)
class BookedAsk:
    """An ask as the books have it. `charged_nanos` is without what was given back afterwards; `state` a RequestState.

    `lines` are those of its last attempt, as they were charged.
    """

    ask_id: str
    member_id: str
    place: Place
    at: datetime
    state: str
    ending: str
    provider: str
    model: str
    why: str
    charged_nanos: int
    estimated: bool
    lines: tuple[PricedLine, ...] = ()
    tagged: Tagged = UNTAGGED

    @property
    def given_back_nanos(self) -> int:
        """What its asker got back of the charge."""
        return sum(line.charged_nanos for line in self.lines) - self.charged_nanos if self.lines else 0


@dataclass(frozen=True, slots=True)
class RecentAsk:
    """One of a member's asks as they see it in a list, with the name of its model; nothing of what was said."""

    booked: BookedAsk
    model_title: str
