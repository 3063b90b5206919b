"""A house of models and a question, planned: what the tests of routing stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.call import ImagePart, Part, TextPart
from core.estimate import PlannedCall
from core.models import AUTO, Model
from core.ports import TokenCounter
from core.question import Question
from core.routing.health import Health
from core.routing.plan import RoutePlan, alternatives, plan_route
from core.routing.rules import Rules
from tests.core.asking.house import ANNA, PLACE
from tests.fakes import START, ByteCounter, FakeClock, a_model, a_price

SHORT = "what is the capital of France?"
EVERYDAY = "Compare these two offers and explain which one you would take, in a few sentences for my boss."
HARD = "Design a distributed job queue and prove that no job runs twice. What are the trade-offs?"
PICTURE = ImagePart("image/png", b"png")


def priced(id: str, usd: str, *, tier: int = 2, provider: str = "acme", **fields: Any) -> Model:  # noqa: A002 - as there
    """A model whose every token costs so many USD a million: its blended price is just that."""
    rates = dict.fromkeys(
        ("input_usd", "cache_read_usd", "cache_write_usd", "output_usd", "reasoning_usd"), Decimal(usd)
    )
    names = {"title": id.title(), "wire_name": f"{id}-wire", "provider_title": provider.title()}
    return a_model(id=id, provider=provider, tier=tier, prices=(a_price(**rates),), **(names | fields))


TINY = priced("tiny", "0.1", tier=1)
SMALL = priced("small", "0.2", tier=1, provider="other")
PLAIN = priced("plain", "1", tier=2)
SOLID = priced("solid", "2", tier=2, provider="other")
SMART = priced("smart", "10", tier=3)
GENIUS = priced("genius", "20", tier=3, provider="third")
ALL = (TINY, SMALL, PLAIN, SOLID, SMART, GENIUS)


def asked(text: str = SHORT, model: str = AUTO, *, pictures: int = 0, thread: str = "", **fields: Any) -> Question:
    """A question of Anna's."""
    parts: tuple[Part, ...] = (TextPart(text), *([PICTURE] * pictures))
    place = PLACE if not thread else type(PLACE)(PLACE.platform, PLACE.workspace, PLACE.channel, thread)
    return Question(member=ANNA, place=place, parts=parts, keys=("key",), model=model, **fields)


@dataclass
class Desk:
    """Where questions are planned, at noon."""

    models: Sequence[Model]
    rules: Rules = field(default_factory=Rules)
    clock: FakeClock = field(default_factory=FakeClock)
    counter: TokenCounter = field(default_factory=ByteCounter)

    def __post_init__(self) -> None:
        self.health = Health(self.rules, self.clock)

    async def plan(self, question: Question | str = SHORT) -> RoutePlan:
        """The plan of a question."""
        question = question if isinstance(question, Question) else asked(question)
        return await plan_route(
            question,
            self.models,
            self.rules,
            counter=self.counter,
            health=self.health,
            today=START.date(),
            max_output_tokens=1_000,
        )

    async def alternatives(self, question: Question | str = SHORT) -> tuple[PlannedCall, ...]:
        """Everybody who can answer it."""
        question = question if isinstance(question, Question) else asked(question)
        return await alternatives(
            question,
            self.models,
            self.rules,
            counter=self.counter,
            health=self.health,
            today=START.date(),
            max_output_tokens=1_000,
        )


def ids(calls: Sequence[PlannedCall]) -> list[str]:
    """Which models, in order."""
    return [call.call.model.id for call in calls]


def id_of(call: PlannedCall | None) -> str | None:
    """Which model, if any."""
    return call.call.model.id if call is not None else None
