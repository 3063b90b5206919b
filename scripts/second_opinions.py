"""What two public price lists say of our models, in our own terms: genai-prices (pydantic, MIT) and LiteLLM's (MIT).

Development only: the bot never imports this. genai-prices is installed with the tests. LiteLLM is 170 MB with sixty
packages of its own, so only its list is read, wherever it lies.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

from core.models import Model
from core.prices import Price, Rates, Usage

GENAI_PROVIDERS = {"gemini": "google", "xai": "x-ai"}
LITELLM_PREFIXES = {"openai": "", "anthropic": "", "qwen": "dashscope/"}
RATE_NAMES = ("input", "cache_read", "cache_write", "output", "reasoning")
NOON = time(12, tzinfo=UTC)

_GENAI_KEYS = ("input_mtok", "cache_read_mtok", "cache_write_mtok", "output_mtok", "output_reasoning_mtok")
_LITELLM_KEYS = (
    "input_cost_per_token",
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost",
    "output_cost_per_token",
    "output_cost_per_reasoning_token",
)
_ABOVE = re.compile(r"_above_(\d+)k_tokens$")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a list says of one model on one day. `steps`: from more than so many input tokens on, these rates.

    A rate that the list leaves out is left out here too, and so are the limits it does not know (None).
    """

    steps: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
    context_window_tokens: int | None = None
    max_output_tokens: int | None = None


def ours(model: Model, price: Price) -> Opinion:
    """Our own file, in the same form."""
    steps: dict[int, Mapping[str, Decimal]] = {0: _rates(price)}
    steps |= {tier.above_input_tokens: _rates(tier) for tier in price.tiers}
    return Opinion(steps, model.context_window_tokens, None if model.embeds else model.max_output_tokens)


def genai_model(model: Model) -> ModelInfo | None:
    """The same model at the same provider in genai-prices, or None."""
    wanted = GENAI_PROVIDERS.get(model.provider, model.provider)
    for provider in get_snapshot().providers:
        if provider.id == wanted:
            return provider.find_model(model.wire_name)
    return None


def genai_opinion(model: Model, day: date, at: time = NOON) -> Opinion | None:
    """What genai-prices says of a model on a day (some prices change by the hour), or None if it does not know it."""
    info = genai_model(model)
    if info is None:
        return None
    price = info.get_prices(datetime.combine(day, at))
    said = {name: value for name, key in zip(RATE_NAMES, _GENAI_KEYS, strict=True) if (value := getattr(price, key))}
    starts = {tier.start for value in said.values() if isinstance(value, TieredPrices) for tier in value.tiers}
    steps = {start: {name: _at(value, start) for name, value in said.items()} for start in sorted({0} | starts)}
    return Opinion(steps, info.context_window)


def genai_cost_usd(price: ModelPrice, usage: Usage) -> Decimal:
    """What genai-prices itself reckons for a usage. Its output holds the reasoning, its input what was cached."""
    theirs = TheirUsage(
        input_tokens=usage.all_input_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=usage.all_output_tokens,
        output_reasoning_tokens=usage.reasoning_tokens,
    )
    return price.calc_price(theirs)["total_price"]


def read_litellm(path: Path) -> Mapping[str, Any]:
    """LiteLLM's list, model_prices_and_context_window.json. Its numbers are read as they are written, not as floats."""
    listed: Mapping[str, Any] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return listed


def litellm_opinion(model: Model, listed: Mapping[str, Any]) -> Opinion | None:
    """What LiteLLM says of a model, or None if it does not know it."""
    entry = listed.get(LITELLM_PREFIXES.get(model.provider, f"{model.provider}/") + model.wire_name)
    if entry is None:
        return None
    steps: dict[int, dict[str, Decimal]] = {0: {}}
    for name, key in zip(RATE_NAMES, _LITELLM_KEYS, strict=True):
        for said, value in entry.items():
            if said == key:
                steps[0][name] = _per_million(value)
            elif said.startswith(key) and (above := _ABOVE.match(said[len(key) :])):
                steps.setdefault(int(above[1]) * 1000, {})[name] = _per_million(value)
    for step in entry.get("tiered_pricing", ()):
        rates = zip(RATE_NAMES, _LITELLM_KEYS, strict=True)
        steps[int(step["range"][0])] = {name: _per_million(step[key]) for name, key in rates if key in step}
    return Opinion(steps, _whole(entry.get("max_input_tokens")), _whole(entry.get("max_output_tokens")) or None)


def _rates(rates: Rates) -> dict[str, Decimal]:
    return {name: getattr(rates, f"{name}_usd") for name in RATE_NAMES}


def _at(value: Decimal | TieredPrices, start: int) -> Decimal:
    if isinstance(value, Decimal):
        return value
    reached = [tier.price for tier in value.tiers if tier.start <= start]
    return reached[-1] if reached else value.base


def _per_million(usd_per_token: Decimal | int) -> Decimal:
    return Decimal(usd_per_token) * 1_000_000


def _whole(value: Decimal | int | None) -> int | None:
    return None if value is None else int(value)
