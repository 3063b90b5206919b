"""A models file as values: which models there are, what they can do, and what they cost. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal

from adapters.llm.checked import Checked, Where, tables_of
from adapters.llm.providers_file import REGIONS, ProviderRow
from adapters.llm.slips import CHECKED, refuse_slips
from core.models import AUTO, Model
from core.prices import Price, Tier

_CAP_FIELDS = ("max_tokens", "max_completion_tokens", "maxOutputTokens")
_TOKENIZERS = (
    "o200k",
    "cl100k",
    "claude",
    "claude_2026",
    "gemini",
    "deepseek",
    "mistral",
    "qwen",
    "bytes",
    "four_bytes",
)
_INPUT_RATES = ("input", "cache_read", "cache_write")
_OUTPUT_RATES = ("output", "reasoning")
_SLIP = 100
"""No provider's long prompts cost a hundred times more or less: that is cents for dollars, or another unit."""
_MAX_TOKENS = 100_000_000
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_REGION = re.compile(rf"({'|'.join(REGIONS)})(,({'|'.join(REGIONS)}))*")


def parse_models(
    text: str,
    file: str,
    *,
    known: list[str],
    rows: Mapping[str, ProviderRow] | None = None,
    built_in: Mapping[str, Model] | None = None,
) -> dict[str, Model]:
    """The models of a models file by id; `known` are the providers they may belong to. Raises `NotConfigured`.

    Where a model does not say where its questions go and what is kept of them, its provider's of `rows` holds. Prices
    of an operator's file are held against those that are `built_in`.
    """
    models: dict[str, Model] = {}
    for where, table in tables_of(text, file, "model"):
        model = _model(Checked(table, where), where, known, rows or {})
        if model.id in models:
            raise where.wrong("this id is in the file twice", "id")
        if built_in is not None:
            refuse_slips(model, table, where, built_in)
        models[model.id] = model
    return models


def _model(row: Checked, where: Where, known: list[str], rows: Mapping[str, ProviderRow]) -> Model:
    free = row.flag("free", default=False)
    embeds = row.flag("embeds", default=False)
    images = row.flag("images", default=False)
    reasoning = row.flag("reasoning", default=False)
    provider = row.text("provider", tuple(known))
    house = rows.get(provider)
    row.text("tier_source")  # not needed to run, but a tier that rests on nothing is not accepted
    made = Model(
        id=row.text("id", _ID),
        title=row.text("title"),
        provider=provider,
        wire_name=row.text("wire_name"),
        context_window_tokens=row.whole("context_window_tokens", 1, _MAX_TOKENS),
        max_output_tokens=0 if embeds else row.whole("max_output_tokens", 1, _MAX_TOKENS),
        cap_field="" if embeds else row.text("cap_field", _CAP_FIELDS),
        tokenizer=row.text("tokenizer", _TOKENIZERS),
        tier=row.whole("tier", 0, 3),
        prices=tuple(_price(price, free=free, embeds=embeds) for price in row.tables("prices")),
        good_for=row.text("good_for"),
        free=free,
        reasoning=reasoning,
        thinking_beside_cap_tokens=house.quirks.thinking_beside_cap_tokens if house and reasoning else 0,
        images=images,
        image_tokens=row.whole("image_tokens", 1, _MAX_TOKENS) if images else 0,
        embeds=embeds,
        provider_title=house.title if house else "",
        region=row.text("region", _REGION, default=house.region_codes if house else ""),
        collects_data=row.flag("collects_data", default=house.collects_data if house else True),
        zdr=row.flag("zdr", default=house.zdr if house else False),
    )
    row.nothing_else()
    if made.id == AUTO:
        raise where.wrong(f'"{AUTO}" is the name for choosing a model, so no model can have it', "id")
    if made.max_output_tokens > made.context_window_tokens:
        raise where.wrong("max_output_tokens is more than the whole context window", "max_output_tokens")
    days = [price.effective_from for price in made.prices]
    for at, day in enumerate(days):
        if day in days[:at]:
            raise where.wrong("two prices begin on the same day", "effective_from", "prices", at)
    return made


def _price(row: Checked, *, free: bool, embeds: bool) -> Price:
    base = _rates(row, free=free, embeds=embeds)
    tiers: list[Tier] = []
    for table in row.tables("tiers", required=False):
        tiers.append(_tier(table, base, free=free, embeds=embeds))
        if len(tiers) > 1 and tiers[-1].above_input_tokens <= tiers[-2].above_input_tokens:
            raise table.wrong("above_input_tokens", "is not more than that of the tier before it")
    price = Price(
        **base,
        effective_from=row.day("effective_from"),
        source=row.text("source"),
        request_usd=row.usd("request", free=free, may_be_zero=True, default="0"),
        tiers=tuple(tiers),
    )
    row.flag(CHECKED, default=False)
    row.nothing_else()
    return price


def _tier(row: Checked, base: dict[str, Decimal], *, free: bool, embeds: bool) -> Tier:
    rates = _rates(row, free=free, embeds=embeds)
    tier = Tier(**rates, above_input_tokens=row.whole("above_input_tokens", 1, _MAX_TOKENS))
    row.nothing_else()
    for name, usd in rates.items():
        if not base[name] / _SLIP <= usd <= base[name] * _SLIP:
            raise row.wrong(name.removesuffix("_usd"), f"is not within {_SLIP} times the price it is a tier of")
    return tier


def _rates(row: Checked, *, free: bool, embeds: bool) -> dict[str, Decimal]:
    """All five. Only what puts out nothing may say zero for its output."""
    inputs = {f"{rate}_usd": row.usd(rate, free=free) for rate in _INPUT_RATES}
    return inputs | {f"{rate}_usd": row.usd(rate, free=free, may_be_zero=embeds) for rate in _OUTPUT_RATES}
