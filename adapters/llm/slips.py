"""Catches a price in a wrong unit before anybody pays it: a hundred times off what is known of that model or of others.

What providers publish per million tokens is easily written per token, per thousand, or in cents: a file with such a
slip sells for nothing, or takes a month's budget for one question. Who means such a price says `price_checked = true`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from adapters.llm.checked import Where
from core.models import PRACTICE, Model
from core.money import NANOS_PER_USD
from core.prices import TYPICAL_QUESTION, Price, cost

SLIP = 100
"""The least factor that is taken for a slip: dollars and cents. Prices that differ by less are left alone."""

CHECKED = "price_checked"

_RATES = ("input", "cache_read", "cache_write", "output", "reasoning")
_LEAST_OF_INPUT = {"output": 100, "reasoning": 100, "cache_read": 1_000, "cache_write": 1_000}
"""A rate is at least this part of the input's. Reading a cache costs little: DeepSeek takes a hundredth and less."""
_MEANT = {
    Decimal(1_000_000): "a price per token: per million it would be",
    Decimal(1_000): "a price per thousand tokens: per million it would be",
    Decimal("0.01"): "cents: in dollars it would be",
    Decimal(100): "divided by 100 once too often: it would be",
    Decimal("0.001"): "a price per billion tokens: per million it would be",
    Decimal("0.000001"): "millionths of a dollar: in dollars it would be",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What a rate is held against. `same`: it is that very model's own, else those of others like it."""

    name: str
    prices: tuple[Price, ...]
    same: bool
    free: bool = False


def refuse_slips(model: Model, table: Mapping[str, Any], where: Where, built_in: Mapping[str, Model]) -> None:
    """Raise `NotConfigured` for the first rate of a model that cannot be meant; `table` is its own, as it was read."""
    known = _known(model, built_in.values())
    for number, price in enumerate(model.prices):
        if table["prices"][number].get(CHECKED):
            continue
        for rate, what in _doubts(price, known, free=model.free):
            how = f"Correct it, or say {CHECKED} = true under [[models.prices]] if it is meant so"
            raise where.wrong(f"prices.{rate} {what}. {how}", rate, "prices", number)


def _known(model: Model, built_in: Iterable[Model]) -> _Known:
    """The catalogue's own prices of that model, else of its provider's models, else of all models of its tier."""
    listed = [each for each in built_in if each.provider != PRACTICE and each.embeds == model.embeds]
    there = [each for each in listed if (each.provider, each.wire_name) == (model.provider, model.wire_name)]
    if same := there or [each for each in listed if each.id == model.id]:
        return _Known(same[0].title, same[0].prices, same=True, free=same[0].free)
    sold = [each for each in listed if not each.free]
    beside = [each for each in sold if each.provider == model.provider]
    name = f"the models of {model.provider}" if beside else f"models of tier {model.tier}"
    beside = beside or [each for each in sold if each.tier == model.tier]
    return _Known(name, tuple(price for each in beside for price in each.prices), same=False)


def _doubts(price: Price, known: _Known, *, free: bool) -> Iterator[tuple[str, str]]:
    """Each rate that cannot be meant, and why not."""
    if free and known.same and not known.free:
        yield "input", f"is zero, but {known.name} costs {_span(_rates(known, 'input'))} in the catalogue"
    for rate in _RATES:
        value = _rate(price, rate)
        if value and (least_and_most := _rates(known, rate)) and _is_off(value, least_and_most, same=known.same):
            yield rate, f"is {_plain(value)}, but {_compared(known, least_and_most)}. {_meant(value, least_and_most)}"
    for rate, part in _LEAST_OF_INPUT.items():
        value = _rate(price, rate)
        if value and price.input_usd and not price.input_usd <= value * part <= price.input_usd * part * SLIP:
            yield rate, f"is {_plain(value)} beside an input of {_plain(price.input_usd)}: that is too far apart"
    typical, without = _typical(price), _typical(replace(price, request_usd=Decimal(0)))
    others = [_typical(each) for each in known.prices]
    if others and typical >= 2 * without and typical >= max(others) * SLIP:
        costs = f"a typical question would cost {_plain(typical)} in all, and {_span(others)} with {known.name}"
        yield "request", f"is {_plain(price.request_usd)} a call: {costs}"


def _typical(price: Price) -> Decimal:
    return Decimal(cost(TYPICAL_QUESTION, price)) / NANOS_PER_USD


def _rate(price: Price, rate: str) -> Decimal:
    value: Decimal = getattr(price, f"{rate}_usd")
    return value


def _rates(known: _Known, rate: str) -> list[Decimal]:
    return sorted(value for price in known.prices if (value := _rate(price, rate)))


def _is_off(value: Decimal, known: list[Decimal], *, same: bool) -> bool:
    """Of the same model a hundred times is too much already; among others the dearest and cheapest have that room."""
    too_little, too_much = known[0] / SLIP, known[-1] * SLIP
    return not too_little < value < too_much if same else not too_little <= value <= too_much


def _compared(known: _Known, rates: list[Decimal]) -> str:
    if known.same:
        return f"{known.name} costs {_span(rates)} in the catalogue"
    return f"{known.name} cost {_span(rates)}"


def _meant(value: Decimal, rates: list[Decimal]) -> str:
    """What was probably meant: the unit in which it is nearest to what is known, and no more than ten times off."""
    off = [(max(rates[0] / (value * factor), value * factor / rates[-1], Decimal(1)), factor) for factor in _MEANT]
    nearest, factor = min(off, key=lambda each: each[0])
    if nearest > 10:
        return "Prices are in US dollars per million tokens"
    return f"It looks like {_MEANT[factor]} {_plain(value * factor)}"


def _span(rates: list[Decimal]) -> str:
    least, most = _plain(min(rates)), _plain(max(rates))
    return least if least == most else f"{least} to {most}"


def _plain(value: Decimal) -> str:
    """All its digits, two behind the point at least: "2.50", "0.0000025"."""
    whole, _, part = f"{value.normalize():f}".partition(".")
    return f"{whole}.{part:0<2}"
