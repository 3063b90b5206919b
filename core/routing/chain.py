"""In which order models are tried: who answers first, and who stands in for whom."""

from collections.abc import Iterable, Sequence

from core.estimate import PlannedCall
from core.routing.health import Health
from core.routing.rules import Sort


def in_order(cheapest: Iterable[PlannedCall], sort: Sort, health: Health) -> list[PlannedCall]:
    """By what the rules sort by, of calls that come cheapest first: among equals that order stays.

    A model that was never measured here stands behind those that were.
    """
    match sort:
        case Sort.PRICE:
            return list(cheapest)
        case Sort.LATENCY:
            return sorted(cheapest, key=lambda planned: _measured(health.first_word_seconds(planned.call.model)))
        case Sort.THROUGHPUT:
            return sorted(cheapest, key=lambda planned: _measured(health.tokens_per_second(planned.call.model), -1))


def with_fallbacks(
    first: PlannedCall, ordered: Sequence[PlannedCall], *, needed_tier: int, max_fallbacks: int
) -> tuple[PlannedCall, ...]:
    """A model and those that stand in for it, out of `ordered`.

    A provider that is down takes all its models down, so each next one is of another provider where a good enough one
    is; below the needed tier the nearest comes first. The last place goes to another provider whatever its tier, if
    all before it share one: a weaker answer is better than none.
    """
    chain = [first]
    while len(chain) <= max_fallbacks:
        tried = {planned.call.model.id for planned in chain}
        left = [planned for planned in ordered if planned.call.model.id not in tried]
        if not left:
            break
        used = {planned.call.model.provider for planned in chain}
        last_chance = len(chain) == max_fallbacks and len(used) == 1
        chain.append(min(left, key=lambda planned: _after(planned, used, needed_tier, last_chance=last_chance)))
    return tuple(chain)


def _after(planned: PlannedCall, used: set[str], needed_tier: int, *, last_chance: bool) -> tuple[bool, int, bool]:
    model = planned.call.model
    same_provider, missing_tiers = model.provider in used, max(0, needed_tier - model.tier)
    return (last_chance and same_provider, missing_tiers, same_provider)


def _measured(figure: float | None, sign: int = 1) -> tuple[bool, float]:
    return figure is None, sign * (figure or 0.0)
