"""ROUTING_FILE as a value: how the operator wants questions routed. Pure, but for reading the file.

The keys are the field's own names; docs/routing.md says what each does. A name that nobody knows, a number out of
range or a key that does not exist stops the start with the line: a rule that was silently not followed is no rule.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from adapters.llm.catalogue import CatalogueFiles
from adapters.llm.checked import Checked, whole_file
from adapters.llm.providers_file import REGIONS
from core.errors import NotConfigured
from core.models import AUTO, NAMED, PRACTICE
from core.routing.rules import MaxPriceFor, ProviderRate, Route, Rules, Sort, Variant

MAX_FILE_BYTES = 64 * 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
PLACES = tuple(region for region in REGIONS if region != "any")
"""Where a rule may keep questions: not "any", which is what the catalogue says when nobody knows."""
_DEFAULTS = Rules()


@dataclass(frozen=True, slots=True)
class _Known:
    """What names may be written: models, those of the providers whose models are found at the start, and providers."""

    models: Collection[str]
    providers: Collection[str]
    discovering: Collection[str]

    def model(self, row: Checked, key: str, name: str) -> str:
        """The name of a model, if it is one."""
        if name in self.models or name.partition("/")[0] in self.discovering:
            return name
        raise row.wrong(key, f'names "{name[:80]}", which is no model here{_nearest(name, self.models)}')

    def provider(self, row: Checked, key: str, name: str) -> str:
        """The name of a provider, if it is one."""
        if name in self.providers:
            return name
        raise row.wrong(key, f'names "{name[:80]}", which is no provider here{_nearest(name, self.providers)}')


def load_rules(file: Path, catalogue: CatalogueFiles) -> Rules:
    """The rules of a file. Raises `NotConfigured`."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise NotConfigured(f"{file} is larger than {MAX_FILE_BYTES} bytes: those are no routing rules.")
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(
            f"{file} cannot be read as UTF-8 text. Check ROUTING_FILE and the file's rights."
        ) from error
    return parse_rules(text, str(file), catalogue)


def parse_rules(text: str, file: str, catalogue: CatalogueFiles) -> Rules:
    """The rules in a file's text. Raises `NotConfigured`."""
    rows = catalogue.providers.values()
    models = [model.id for model in catalogue.models.values() if model.provider != PRACTICE and not model.embeds]
    known = _Known(models, catalogue.providers, {row.id for row in rows if row.discover})
    top = whole_file(text, file)
    only, ignore = _providers(top, "only", known), _providers(top, "ignore", known)
    if both := sorted(set(only) & set(ignore)):
        raise top.wrong("ignore", f'has "{both[0]}", which stands in only too')
    routes = _routes(top, known)
    rules = Rules(
        sort=Sort(top.text("sort", tuple(Sort), default=_DEFAULTS.sort)),
        max_price_usd=_usd(top, "max_price"),
        num_retries=_whole(top, "num_retries", 0, 5, _DEFAULTS.num_retries),
        max_fallbacks=_whole(top, "max_fallbacks", 0, 5, _DEFAULTS.max_fallbacks),
        allowed_fails=_whole(top, "allowed_fails", 1, 100, _DEFAULTS.allowed_fails),
        cooldown_time_seconds=_whole(top, "cooldown_time", 0, 3_600, _DEFAULTS.cooldown_time_seconds),
        only=only,
        ignore=ignore,
        regions=top.texts("regions", PLACES, required=False),
        data_collection_allowed=top.text("data_collection", ("allow", "deny"), default="allow") == "allow",
        zdr=top.flag("zdr", default=_DEFAULTS.zdr),
        escalate=top.flag("escalate", default=_DEFAULTS.escalate),
        recall=_recall(top, [model.id for model in catalogue.models.values() if model.embeds]),
        fallbacks=_fallbacks(top.table("fallbacks", required=False), known),
        routes=routes,
        variants=_variants(top, known, {route.name for route in routes}),
        variants_on=top.flag("variants_on", default=_DEFAULTS.variants_on),
        rates=_rates(top.table("rates", required=False), known),
    )
    top.nothing_else()
    return rules


def _whole(row: Checked, key: str, at_least: int, at_most: int, default: int) -> int:
    return row.whole(key, at_least, at_most) if key in row else default


def _usd(row: Checked, key: str) -> Decimal | None:
    return row.usd(key, free=False) if key in row else None


def _providers(top: Checked, key: str, known: _Known) -> tuple[str, ...]:
    return tuple(known.provider(top, key, name) for name in top.texts(key, required=False))


def _recall(top: Checked, embedders: Collection[str]) -> str:
    name = top.text("recall", default=_DEFAULTS.recall) if "recall" in top else _DEFAULTS.recall
    if name and name not in embedders:
        raise top.wrong("recall", f'names "{name[:80]}", which is no embedding model here{_nearest(name, embedders)}')
    return name


def _fallbacks(table: Checked, known: _Known) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for name in table.names:
        known.model(table, name, name)
        found[name] = tuple(known.model(table, name, other) for other in table.texts(name, may_be_empty=True))
        if name in found[name]:
            raise table.wrong(name, "has the model itself among its fallbacks")
    return found


def _routes(top: Checked, known: _Known) -> tuple[Route, ...]:
    routes: list[Route] = []
    for row in top.tables("routes", required=False):
        name, models = row.text("name", _NAME), row.texts("models")
        if name in known.models or name == NAMED or name in [route.name for route in routes]:
            raise row.wrong("name", f'cannot be "{name}": it means something else already')
        cap = _usd(row, "max_price")
        binds = MaxPriceFor(row.text("max_price_for", tuple(MaxPriceFor), default=MaxPriceFor.CHAIN))
        if cap is None and "max_price_for" in row:
            raise row.wrong("max_price_for", "needs a max_price in the same route")
        routes.append(Route(name, tuple(known.model(row, "models", model) for model in models), cap, binds))
        row.nothing_else()
    return tuple(routes)


def _variants(top: Checked, known: _Known, routes: set[str]) -> tuple[Variant, ...]:
    variants: list[Variant] = []
    shared: defaultdict[str, int] = defaultdict(int)
    for row in top.tables("variants", required=False):
        name = row.text("name", _NAME)
        if name in [variant.name for variant in variants]:
            raise row.wrong("name", f'is "{name}" twice')
        of = row.text("of", default=AUTO)
        if of != AUTO and of not in routes:
            known.model(row, "of", of)
        weight = row.whole("weight", 1, 100)
        shared[of] += weight
        if shared[of] > 100:
            raise row.wrong("weight", f"makes {shared[of]} % of {of} together with the others: 100 is all there is")
        variants.append(Variant(name, known.model(row, "model", row.text("model")), Decimal(weight), of))
        row.nothing_else()
    return tuple(variants)


def _rates(table: Checked, known: _Known) -> Mapping[str, ProviderRate]:
    rates = {}
    for name in table.names:
        row = table.table(name)
        known.provider(row, "", name)
        rates[name] = ProviderRate(
            requests_per_minute=_limit(row, "requests_per_minute", 1_000_000),
            tokens_per_minute=_limit(row, "tokens_per_minute", 1_000_000_000),
        )
        row.nothing_else()
        if rates[name] == ProviderRate():
            raise row.wrong("", "must say requests_per_minute, tokens_per_minute or both")
    return rates


def _limit(row: Checked, key: str, at_most: int) -> int | None:
    return row.whole(key, 1, at_most) if key in row else None


def _nearest(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    return f". Nearest: {', '.join(near)}" if near else ""
