"""How a team wants its questions routed, as values. The names are the field's own (LiteLLM, OpenRouter, Portkey).

The operator writes them in ROUTING_FILE (adapters/llm/routing_file.py reads it); without one, these are the defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.models import AUTO

MAX_UPSTREAM_TRIES = 3
"""Whatever retries and fallbacks are set, no ask calls providers more often: each try may be billed."""


class Sort(StrEnum):
    """What decides among the models that are good enough."""

    PRICE = "price"
    LATENCY = "latency"  # the first word soonest, as measured here
    THROUGHPUT = "throughput"  # the most tokens a second, as measured here


class MaxPriceFor(StrEnum):
    """Which hops of a route its `max_price` binds."""

    CHAIN = "chain"  # all of them: the default
    FIRST = "first"  # the first model only; what it falls back to may cost more


@dataclass(frozen=True, slots=True)
class Route:
    """A name that people can ask for, and the models behind it, in order. "auto" may be one: it replaces our own.

    `max_price_usd` is per million tokens, blended over the input and output of the very request.
    """

    name: str
    models: tuple[str, ...]
    max_price_usd: Decimal | None = None
    max_price_for: MaxPriceFor = MaxPriceFor.CHAIN


@dataclass(frozen=True, slots=True)
class Variant:
    """An experiment: `weight_percent` of the conversations that ask for `of` get `model` first."""

    name: str
    model: str
    weight_percent: Decimal
    of: str = AUTO


@dataclass(frozen=True, slots=True)
class ProviderRate:
    """What a provider's account allows in a minute; None for no limit of ours."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that can be set about routing.

    A retry is the same model again, a fallback another one; a cooldown takes one model of one provider out for
    `cooldown_time_seconds` after `allowed_fails` failures in a row. `only` and `ignore` name providers.
    `models` are the ids or providers that the team's policy allows, `ask_max_nanos` what one ask may cost by it; None
    for all, and for any price.
    `data_collection_allowed` False excludes models whose provider may keep or train on what it is sent; `zdr` True
    leaves only those with zero data retention. All of it holds on every hop. `escalate`: "auto" may ask a better model
    after a weak answer. `recall` is the embedding model that looks through what a conversation leaves out; "" for none.
    """

    sort: Sort = Sort.PRICE
    max_price_usd: Decimal | None = None
    num_retries: int = 1
    max_fallbacks: int = 2
    allowed_fails: int = 3
    cooldown_time_seconds: int = 60
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    models: tuple[str, ...] | None = None
    ask_max_nanos: int | None = None
    regions: tuple[str, ...] = ()
    data_collection_allowed: bool = True
    zdr: bool = False
    escalate: bool = True
    recall: str = ""
    fallbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    variants: tuple[Variant, ...] = ()
    variants_on: bool = True
    rates: Mapping[str, ProviderRate] = field(default_factory=dict)
