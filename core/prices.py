"""What a call used, what a model costs, and the arithmetic between them. Prices are `Decimal`, costs whole nanos."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from core.money import NANOS_PER_USD, round_up

_NANOS_PER_TOKEN_AT_ONE_USD_PER_MILLION = NANOS_PER_USD // 1_000_000
_EXACT_DIGITS = 60
"""Enough for 10^18 tokens at a rate of 30 decimals: no intermediate result is ever rounded."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, in five parts that do not overlap; their sum is what the provider counted.

    Providers differ (some report cached tokens inside the input, some beside it; reasoning inside the output):
    each wire format in adapters/llm normalises to these.
    """

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0

    @property
    def all_input_tokens(self) -> int:
        """Everything that was sent: fresh, read from a cache, written to a cache."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def all_output_tokens(self) -> int:
        """Everything that was produced: shown and reasoned. This is what the output cap bounds."""
        return self.output_tokens + self.reasoning_tokens


TYPICAL_QUESTION = Usage(input_tokens=1_200, output_tokens=350)
"""A question with a little context and an answer of a few paragraphs: what models are ordered and shown by."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What the five parts of a usage cost, in USD per million tokens.

    A rate that a provider does not publish apart (cache, reasoning) is stated by the catalogue, never left out:
    zero by omission would sell for nothing.
    """

    input_usd: Decimal
    cache_read_usd: Decimal
    cache_write_usd: Decimal
    output_usd: Decimal
    reasoning_usd: Decimal

    @property
    def dearest_input_usd(self) -> Decimal:
        """The rate a worst case must assume: the provider, not we, decides what it caches."""
        return max(self.input_usd, self.cache_read_usd, self.cache_write_usd)

    @property
    def dearest_output_usd(self) -> Decimal:
        """The rate a worst case must assume: a model may think instead of speaking."""
        return max(self.output_usd, self.reasoning_usd)


@dataclass(frozen=True, slots=True)
class Tier(Rates):
    """Other rates for long prompts: a call with more input tokens than this, of all kinds, costs them as a whole.

    Not only what lies beyond: so do OpenAI ("for the full request"), Google, Anthropic, Alibaba and xAI, and so
    counts genai-prices (TieredPrices). Nobody in the catalogue charges in slices. Sources: docs/prices.md.
    """

    above_input_tokens: int


@dataclass(frozen=True, slots=True)
class Price(Rates):
    """A model's price from one day on, as published by `source` (a URL or a document).

    `request_usd` is charged once per call. `tiers` stand in rising order of where they begin.
    """

    effective_from: date
    source: str
    request_usd: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()

    def rates_at(self, input_tokens: int) -> Rates:
        """The rates of a call with so much input, fresh and cached together."""
        reached: Rates = self
        for tier in self.tiers:
            if input_tokens > tier.above_input_tokens:
                reached = tier
        return reached


def cost(usage: Usage, price: Price) -> int:
    """What one call costs in nano-dollars, rounded up once."""
    rates = price.rates_at(usage.all_input_tokens)
    with localcontext(prec=_EXACT_DIGITS):
        nanos = _nanos(
            usage.input_tokens * rates.input_usd
            + usage.cache_read_tokens * rates.cache_read_usd
            + usage.cache_write_tokens * rates.cache_write_usd
            + usage.output_tokens * rates.output_usd
            + usage.reasoning_tokens * rates.reasoning_usd,
            price.request_usd,
        )
        return round_up(nanos)


def worst_cost(price: Price, *, input_at_most_tokens: int, output_cap_tokens: int) -> int:
    """The most one call can cost in nano-dollars: every token at its dearest rate. `cost` never passes it."""
    with localcontext(prec=_EXACT_DIGITS):
        dearest = max(
            input_tokens * rates.dearest_input_usd + output_cap_tokens * rates.dearest_output_usd
            for input_tokens, rates in _steps(price, input_at_most_tokens)
        )
        return round_up(_nanos(dearest, price.request_usd))


def output_cap_within(price: Price, *, budget_nanos: int, input_at_most_tokens: int, max_output_tokens: int) -> int:
    """How many output tokens, up to `max_output_tokens`, the budget surely pays for beside that input."""
    cap = max_output_tokens
    with localcontext(prec=_EXACT_DIGITS):
        for input_tokens, rates in _steps(price, input_at_most_tokens):
            # Not rounded in between: whole nanos on the way would lose tokens that cost less than one.
            left_nanos = budget_nanos - _nanos(input_tokens * rates.dearest_input_usd, price.request_usd)
            if left_nanos < 0:
                return 0
            if per_token_nanos := _nanos(rates.dearest_output_usd, Decimal(0)):
                cap = min(cap, int(left_nanos // per_token_nanos))
    return cap


def _steps(price: Price, input_at_most_tokens: int) -> list[tuple[int, Rates]]:
    """All rates that so much input or less may be billed at, each with the most input that it can be billed for."""
    tiers = [tier for tier in price.tiers if tier.above_input_tokens < input_at_most_tokens]
    ends = [*(tier.above_input_tokens for tier in tiers), input_at_most_tokens]
    return list(zip(ends, (price, *tiers), strict=True))


def _nanos(usd_per_million_sum: Decimal, request_usd: Decimal) -> Decimal:
    return usd_per_million_sum * _NANOS_PER_TOKEN_AT_ONE_USD_PER_MILLION + request_usd * NANOS_PER_USD
