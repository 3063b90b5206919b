"""Hold models.toml against two public price lists: `python -m scripts.refresh_models --litellm LIST.json`.

Prints every price, window and output limit that they put differently, as a table, with the reason where
scripts/disagreements.toml knows one; the exit code is 1 while one has none. `--new` prints what the lists know of
models that the file has not, as TOML to finish by hand: nobody but a person can say what a model is good for.

LiteLLM's list is model_prices_and_context_window_backup.json in its package:
`pip download --no-deps litellm && unzip litellm-*.whl '*_backup.json'`.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, TieredPrices

from adapters.llm.catalogue import load_catalogue
from core.models import PRACTICE, Model
from scripts.second_opinions import (
    GENAI_PROVIDERS,
    Opinion,
    genai_opinion,
    litellm_opinion,
    ours,
    read_litellm,
)

REASONS_FILE = Path(__file__).with_name("disagreements.toml")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why we do not write what a list says. `models` are patterns of ids; no `items` means all of them."""

    source: str
    models: tuple[str, ...]
    items: tuple[str, ...]
    why: str

    def explains(self, difference: "Difference") -> bool:
        """Whether this is the reason for that difference."""
        return (
            self.source == difference.source
            and any(fnmatchcase(difference.model, pattern) for pattern in self.models)
            and (not self.items or any(fnmatchcase(difference.item, pattern) for pattern in self.items))
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a list puts differently. Prices are in USD per million tokens."""

    model: str
    item: str
    ours: str
    theirs: str
    source: str


def read_reasons(path: Path = REASONS_FILE) -> tuple[Reason, ...]:
    """The reasons that were found so far."""
    rows = tomllib.loads(path.read_text("utf-8"))["disagreements"]
    return tuple(Reason(row["source"], tuple(row["models"]), tuple(row.get("items", ())), row["why"]) for row in rows)


def differences(mine: Opinion, theirs: Opinion, *, model: str, source: str) -> Iterator[Difference]:
    """What a list puts differently. What it does not say is no difference."""
    for above in sorted({*mine.steps, *theirs.steps}):
        where = f" above {above:,}" if above else ""
        if above not in mine.steps or above not in theirs.steps:
            yield Difference(model, f"a tier{where}", _yes(above in mine.steps), _yes(above in theirs.steps), source)
            continue
        for name, said in theirs.steps[above].items():
            if said.quantize(_SIX) != mine.steps[above][name].quantize(_SIX):
                yield Difference(model, name + where, _usd(mine.steps[above][name]), _usd(said), source)
    limits = (
        ("context window", mine.context_window_tokens, theirs.context_window_tokens),
        ("most output", mine.max_output_tokens, theirs.max_output_tokens),
    )
    for item, tokens, said_tokens in limits:
        if tokens is not None and said_tokens is not None and tokens != said_tokens:
            yield Difference(model, item, f"{tokens:,}", f"{said_tokens:,}", source)


def all_differences(models: Iterable[Model], day: date, litellm: Mapping[str, Any]) -> Iterator[Difference]:
    """Every difference for the prices in force on a day."""
    for model in models:
        price = model.price_on(day)
        if model.provider == PRACTICE or price is None:
            continue
        if said := genai_opinion(model, day):
            yield from differences(ours(model, price), said, model=model.id, source="genai-prices")
        if said := litellm_opinion(model, litellm):
            yield from differences(ours(model, price), said, model=model.id, source="litellm")


def table(found: Iterable[Difference], reasons: tuple[Reason, ...]) -> Iterator[str]:
    """The differences as a Markdown table, with their reasons."""
    yield "| model | what | ours | theirs | list | why |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for each in found:
        why = next((reason.why for reason in reasons if reason.explains(each)), "**not explained yet**")
        yield f"| {each.model} | {each.item} | {each.ours} | {each.theirs} | {each.source} | {why} |"


def new_models(models: Iterable[Model], day: date) -> Iterator[str]:
    """The rows of priced text models that genai-prices knows at our providers and we do not list, to be finished."""
    known = {(model.provider, model.wire_name) for model in models}
    for ours_name in sorted({provider for provider, _ in known} - {PRACTICE}):
        theirs = GENAI_PROVIDERS.get(ours_name, ours_name)
        for provider in get_snapshot().providers:
            if provider.id == theirs:
                listed = {info.id for name, wire in known if name == ours_name and (info := provider.find_model(wire))}
                yield from (_row(ours_name, info, day) for info in provider.models if _worth(info, listed))


def main(arguments: list[str]) -> int:
    """Print the report, or the new rows. The exit code is 1 while a difference has no reason."""
    parser = argparse.ArgumentParser(prog="python -m scripts.refresh_models")
    parser.add_argument("--litellm", type=Path, help="LiteLLM's model_prices_and_context_window_backup.json")
    parser.add_argument("--new", action="store_true", help="print rows of models that are not listed yet")
    chosen = parser.parse_args(arguments)
    models, today = tuple(load_catalogue().models.values()), datetime.now(UTC).date()
    if chosen.new:
        print("\n".join(new_models(models, today)))
        return 0
    reasons = read_reasons()
    found = list(all_differences(models, today, read_litellm(chosen.litellm) if chosen.litellm else {}))
    print("\n".join(table(found, reasons)))
    unexplained = [each for each in found if not any(reason.explains(each) for reason in reasons)]
    print(f"\n{len(found)} differences on {today}, {len(unexplained)} without a reason.", file=sys.stderr)
    return 1 if unexplained else 0


_SIX = Decimal("0.000001")


def _usd(value: Decimal) -> str:
    return f"${value.quantize(_SIX).normalize():f}"


def _yes(there: bool) -> str:
    return "yes" if there else "no"


def _worth(info: ModelInfo, listed: set[str]) -> bool:
    return info.id not in listed and not info.deprecated and info.context_window is not None


def _row(provider: str, info: ModelInfo, day: date) -> str:
    price = info.get_prices(datetime.combine(day, datetime.min.time(), UTC))
    rates = {name: getattr(price, f"{name}_mtok") for name in ("input", "cache_read", "cache_write", "output")}
    said = [
        f'{name} = "{value.base if isinstance(value, TieredPrices) else value}"'
        for name, value in rates.items()
        if value
    ]
    tiers = ["# and tiers"] if any(isinstance(value, TieredPrices) for value in rates.values()) else []
    head = [
        "[[models]]",
        f'title = "{info.name or info.id}"',
        f'provider = "{provider}"',
        f'wire_name = "{info.id}"',
        f"context_window_tokens = {info.context_window:_}",
        "",
        "[[models.prices]]",
    ]
    return "\n".join([*head, *said, *tiers, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
