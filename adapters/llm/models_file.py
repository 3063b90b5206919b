"""A models file as values: which models there are, what they can do, and what they cost. Pure."""

import re

from adapters.llm.checked import Checked, Where, tables_of
from core.models import AUTO, Model
from core.prices import Price

_CAP_FIELDS = ("max_tokens", "max_completion_tokens")
_TOKENIZERS = ("o200k", "cl100k", "claude", "gemini", "deepseek", "mistral", "qwen", "bytes", "four_bytes")
_RATES = ("input", "cache_read", "cache_write", "output", "reasoning")
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")


def parse_models(text: str, file: str, *, known: list[str]) -> dict[str, Model]:
    """The models of a models file by id; `known` are the providers they may belong to. Raises `NotConfigured`."""
    models: dict[str, Model] = {}
    for where, table in tables_of(text, file, "model"):
        model = _model(Checked(table, where), where, known)
        if model.id in models:
            raise where.wrong("this id is in the file twice", "id")
        models[model.id] = model
    return models


def _model(row: Checked, where: Where, known: list[str]) -> Model:
    free = row.flag("free", default=False)
    row.text("tier_source")  # not needed to run, but a tier that rests on nothing is not accepted
    made = Model(
        id=row.text("id", _ID),
        title=row.text("title"),
        provider=row.text("provider", tuple(known)),
        wire_name=row.text("wire_name"),
        context_window_tokens=row.whole("context_window_tokens", 1, 100_000_000),
        max_output_tokens=row.whole("max_output_tokens", 1, 100_000_000),
        cap_field=row.text("cap_field", _CAP_FIELDS),
        tokenizer=row.text("tokenizer", _TOKENIZERS),
        tier=row.whole("tier", 1, 3),
        prices=tuple(_price(price, free=free) for price in row.tables("prices")),
        good_for=row.text("good_for"),
        free=free,
        reasoning=row.flag("reasoning", default=False),
    )
    row.nothing_else()
    if made.id == AUTO:
        raise where.wrong(f'"{AUTO}" is the name for choosing a model, so no model can have it', "id")
    if made.max_output_tokens > made.context_window_tokens:
        raise where.wrong("max_output_tokens is more than the whole context window", "max_output_tokens")
    days = [price.effective_from for price in made.prices]
    if len(set(days)) < len(days):
        raise where.wrong("two prices begin on the same day", "effective_from", days.index(max(days, key=days.count)))
    return made


def _price(row: Checked, *, free: bool) -> Price:
    rates = {f"{rate}_usd": row.usd(rate, free=free) for rate in _RATES}
    price = Price(
        effective_from=row.day("effective_from"),
        source=row.text("source"),
        request_usd=row.usd("request", free=free, may_be_zero=True, default="0"),
        **rates,
    )
    row.nothing_else()
    return price
