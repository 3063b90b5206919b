"""The catalogue's files as values: which providers exist, which models they have, and what those cost. Pure.

Everything that is wrong with a file stops the start with `NotConfigured`, which names the file, the line, the model
and what to write instead: a price that was guessed would be worse than no bot.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.llm.checked import Checked, Where
from core.errors import NotConfigured
from core.models import AUTO, PRACTICE, Model
from core.prices import Price

PROVIDERS_FILE = Path(__file__).with_name("providers.toml")
OWN_MODELS_FILE = Path(__file__).with_name("models.toml")
MAX_FILE_BYTES = 1024 * 1024
_WIRES = ("openai",)
_CAP_FIELDS = ("max_tokens", "max_completion_tokens")
_TOKENIZERS = ("o200k", "cl100k", "claude", "gemini", "deepseek", "mistral", "qwen", "bytes", "four_bytes")
_RATES = ("input", "cache_read", "cache_write", "output", "reasoning")
_ID = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_URL = re.compile(r"https?://[^\s/?#@]+[^\s?#@]*")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a provider departs from OpenAI's own chat completions, as data.

    `stream`: it can stream. `include_usage`: it takes `stream_options.include_usage` and needs it to report usage.
    `cached_beside_input`: its cached tokens are not part of `prompt_tokens`. `reasoning_body`: fields added to a call
    of a reasoning model, so that its thoughts leave room for an answer under the output cap.
    """

    stream: bool = True
    include_usage: bool = True
    cached_beside_input: bool = False
    reasoning_body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """What a provider does with questions and answers, in a sentence each, and where it says so."""

    training: str
    retention: str
    source: str


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One provider. The variables are the settings' names for its key and base URL.

    `discover`: its models are asked for at start instead of listed. `key_required` is off for servers of your own.
    """

    id: str
    title: str
    wire: str
    base_url: str
    key_variable: str
    base_url_variable: str
    key_required: bool
    discover: bool
    region: str
    data_policy: DataPolicy
    quirks: Quirks


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the files list, whether it can be used here or not."""

    providers: Mapping[str, ProviderRow]
    models: Mapping[str, Model]


def load_catalogue(models_file: Path | None = None) -> Catalogue:
    """Our files, and the operator's MODELS_FILE over them: its models are added, or replace ours of the same id.

    The practice provider is built in: it has a model with a made-up price, and no row, since it has no address.
    """
    providers = parse_providers(_read(PROVIDERS_FILE), PROVIDERS_FILE.name)
    models = parse_models(_read(OWN_MODELS_FILE), OWN_MODELS_FILE.name, known=[*providers, PRACTICE])
    if models_file is not None:
        models |= parse_models(_read(models_file), str(models_file), known=list(providers))
    return Catalogue(providers, models)


def parse_providers(text: str, file: str) -> dict[str, ProviderRow]:
    """The rows of a providers file by id. Raises `NotConfigured`."""
    rows: dict[str, ProviderRow] = {}
    for where, table in _tables(text, file, "provider"):
        row = _provider(Checked(table, where))
        if row.id in rows or row.id == PRACTICE:
            raise where.wrong("this id is taken already", "id")
        rows[row.id] = row
    return rows


def parse_models(text: str, file: str, *, known: list[str]) -> dict[str, Model]:
    """The models of a models file by id; `known` are the providers they may belong to. Raises `NotConfigured`."""
    models: dict[str, Model] = {}
    for where, table in _tables(text, file, "model"):
        model = _model(Checked(table, where), where, known)
        if model.id in models:
            raise where.wrong("this id is in the file twice", "id")
        models[model.id] = model
    return models


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise NotConfigured(f"{path} is larger than {MAX_FILE_BYTES} bytes: that is no catalogue.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(f"{path} cannot be read as UTF-8 text. Check MODELS_FILE and the file's rights.") from error


def _tables(text: str, file: str, kind: str) -> list[tuple[Where, dict[str, Any]]]:
    try:
        parsed = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotConfigured(f"{file} is not valid TOML: {error}.") from error
    plural = f"{kind}s"
    if unknown := sorted(set(parsed) - {plural}):
        raise NotConfigured(f'{file}: unknown key "{unknown[0]}". The file holds [[{plural}]] tables only.')
    tables = parsed.get(plural, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise NotConfigured(f"{file}: write each {kind} as a [[{plural}]] table.")
    return [(Where(file, text, kind, number, str(table.get("id", ""))), table) for number, table in enumerate(tables)]


def _provider(row: Checked) -> ProviderRow:
    policy, quirks = row.table("data_policy"), row.table("quirks", required=False)
    made = ProviderRow(
        id=row.text("id", _ID),
        title=row.text("title"),
        wire=row.text("wire", _WIRES),
        base_url=row.text("base_url", _URL),
        key_variable=row.text("key_variable", _VARIABLE),
        base_url_variable=row.text("base_url_variable", _VARIABLE),
        key_required=row.flag("key_required"),
        discover=row.flag("discover", default=False),
        region=row.text("region"),
        data_policy=DataPolicy(policy.text("training"), policy.text("retention"), policy.text("source")),
        quirks=Quirks(
            stream=quirks.flag("stream", default=True),
            include_usage=quirks.flag("include_usage", default=True),
            cached_beside_input=quirks.flag("cached_beside_input", default=False),
            reasoning_body=quirks.anything("reasoning_body"),
        ),
    )
    for table in (row, policy, quirks):
        table.nothing_else()
    return made


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
