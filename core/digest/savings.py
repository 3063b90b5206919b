"""What choosing models automatically saved: an estimate on the careful side. docs/decisions/0037 says why so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.models import Model
from core.prices import TYPICAL_QUESTION, Usage, cost

ENOUGH_FOR = 9, 10
"""One model for everything would be one that is good enough for nine questions of ten."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one model answered where it was chosen automatically, to questions that needed a model of this tier."""

    model: str
    needed_tier: int
    asks: int
    cost_nanos: int
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class AutomaticChoice:
    """All that was chosen automatically in a stretch of time.

    `bettered_nanos` is what it cost beside it that better models were asked again after an answer.
    """

    chosen: tuple[Chosen, ...]
    bettered_nanos: int


@dataclass(frozen=True, slots=True)
class Savings:
    """An estimate: so many asks were paid with `paid_nanos`; `model` alone would have taken `alone_nanos` for them."""

    model: str
    asks: int
    paid_nanos: int
    alone_nanos: int

    @property
    def saved_nanos(self) -> int:
        """The difference."""
        return self.alone_nanos - self.paid_nanos


def savings(choice: AutomaticChoice, models: Iterable[Model], day: date) -> Savings | None:
    """What the same asks would have cost with one model for all of them, by the prices of a day.

    That model is the cheapest that was chosen itself and is good enough for nine of ten of them; harder ones count as
    they were paid. What was paid counts as it stands, with what it cost to ask better models again. Each ask is scaled
    by the two models' prices for its tokens, so that a discount (a cache, a stop) is one on both sides. What cost
    nothing, and models without a price, count for nothing. None where nothing is saved by all that.
    """
    priced = {model.id: model for model in models if model.price_on(day) is not None}
    counted = [each for each in choice.chosen if each.cost_nanos > 0 and each.model in priced]
    if not counted:
        return None
    tier = _good_enough(counted)
    alone = min(
        (priced[each.model] for each in counted if priced[each.model].tier >= tier),
        key=lambda model: (_cost(model, TYPICAL_QUESTION, day), model.id),
        default=None,
    )
    if alone is None:
        return None
    paid = sum(each.cost_nanos for each in counted) + choice.bettered_nanos
    otherwise = sum(_with(alone, each, priced[each.model], day) for each in counted)
    asks = sum(each.asks for each in counted)
    return Savings(alone.id, asks, paid, otherwise) if otherwise > paid else None


def _good_enough(counted: Sequence[Chosen]) -> int:
    """The lowest tier that nine of ten asks need at most."""
    enough, of = ENOUGH_FOR
    asks = sum(each.asks for each in counted)
    tiers = sorted({each.needed_tier for each in counted})
    return next(
        tier for tier in tiers if sum(each.asks for each in counted if each.needed_tier <= tier) * of >= asks * enough
    )


def _with(alone: Model, asked: Chosen, answered: Model, day: date) -> int:
    if asked.needed_tier > alone.tier or answered.id == alone.id:
        return asked.cost_nanos
    # Of an average ask: prices for long prompts are for one long prompt, not for many
    usage = Usage(asked.input_tokens // asked.asks, output_tokens=asked.output_tokens // asked.asks)
    listed = _cost(answered, usage, day)
    return asked.cost_nanos * _cost(alone, usage, day) // listed if listed else asked.cost_nanos


def _cost(model: Model, usage: Usage, day: date) -> int:
    """By the prices of a day, which the model has."""
    price = model.price_on(day)
    assert price is not None  # noqa: S101 - see above
    return cost(usage, price)
