"""What is known of a model before it is asked: its catalogue row as a value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from core.defaults import STALE_PRICE_DAYS
from core.errors import UnknownModel
from core.prices import Price

PRACTICE = "practice"
"""The provider that asks no AI at all: for the demo team only, and labelled in every answer."""

MOST_LISTED = 8
"""How many models a sentence names; of more it names the nearest."""

AUTO = "auto"
"""The default choice of model: the bot picks the cheapest one that is good enough."""

NAMED = "named"
"""What stands where "auto" or a route's name would, for a model that its asker named: nobody chose it for them."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model as the catalogue describes it.

    `id` is the name people type, `wire_name` what its provider calls it. `cap_field` is the JSON field that caps its
    output there. `tokenizer` names its token counts (adapters/llm/tokens.py). `free` is said outright in the
    catalogue; a price of zero without it is refused there. `thinking_beside_cap_tokens`: what it may think beyond the
    output cap. `images`: it takes pictures, each for at most `image_tokens`. `embeds`: it turns texts into vectors
    and answers nothing. `region`, `collects_data` (it may keep or train on what it is sent) and `zdr` (zero data
    retention) are what routing filters by; the unknown counts as the worse of the two.
    """

    id: str
    title: str
    provider: str
    wire_name: str
    context_window_tokens: int
    max_output_tokens: int
    cap_field: str
    tokenizer: str
    tier: int
    prices: tuple[Price, ...]
    good_for: str = ""
    free: bool = False
    reasoning: bool = False
    thinking_beside_cap_tokens: int = 0
    provider_title: str = ""
    images: bool = False
    image_tokens: int = 0
    embeds: bool = False
    region: str = ""
    collects_data: bool = True
    zdr: bool = False

    def price_on(self, day: date) -> Price | None:
        """The price in force on a day, or None before the first one."""
        in_force = [price for price in self.prices if price.effective_from <= day]
        return max(in_force, key=lambda price: price.effective_from, default=None)


@dataclass(frozen=True, slots=True)
class Gone:
    """A model that its provider does not know, and since when we know that."""

    model: Model
    since: datetime


def for_team(models: Iterable[Model], *, demo: bool) -> tuple[Model, ...]:
    """Those that a team is offered. Practice is for demo teams: nobody else is ever charged for it."""
    return tuple(model for model in models if demo or model.provider != PRACTICE)


def titles_of(models: Iterable[Model]) -> dict[str, str]:
    """What models are called, by id."""
    return {model.id: model.title for model in models}


def provider_titles_of(models: Iterable[Model]) -> dict[str, str]:
    """What their providers are called, by id."""
    return {model.provider: model.provider_title or model.provider for model in models}


def with_stale_prices(models: Iterable[Model], today: date) -> tuple[tuple[Model, date], ...]:
    """Those that cost something and whose price has not changed for too long, with its day; the oldest first."""
    sold = ((model, model.price_on(today)) for model in models if not model.free and model.provider != PRACTICE)
    since = [(model, price.effective_from) for model, price in sold if price is not None]
    old = [(model, day) for model, day in since if (today - day).days > STALE_PRICE_DAYS]
    return tuple(sorted(old, key=lambda each: (each[1], each[0].id)))


def find_model(models: Iterable[Model], typed: str, *, others: Iterable[str] = ()) -> Model:
    """The model a person typed, by id or title, whatever its case; `UnknownModel` with the choices otherwise.

    "claude-haiku-5.5" also finds "openrouter/claude-haiku-5.5", where nothing has that very name. `others` are names
    beside models that can be asked for.
    """
    offered = tuple(models)
    wanted = typed.strip().casefold()
    for model in offered:
        if wanted in (model.id.casefold(), model.title.casefold(), model.wire_name.casefold()):
            return model
    for model in offered:
        if wanted and model.id.casefold().endswith(f"/{wanted}"):
            return model
    choices = _choices(wanted, [*others, *(model.id for model in offered)])
    raise UnknownModel(f'There is no model "{typed.strip()[:60]}" here. {choices}')


def _choices(wanted: str, names: list[str]) -> str:
    if not names:
        return "Models you can use: none yet: no provider is connected."
    if len(names) <= MOST_LISTED:
        return f"Models you can use: {', '.join(names)}."
    near = get_close_matches(wanted, names, n=3, cutoff=0.5)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{meant}/models all lists the {len(names)} that you can use."
