"""Which model answers, and why in one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import UnknownModel
from core.models import AUTO, Model, find_model

EVERYDAY_TIER = 2
"""The quality tier that everyday questions need (tiers and their sources stand in the catalogue)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model and why it was chosen."""

    model: Model
    why: str


def choose(models: Sequence[Model], typed: str) -> Choice:
    """The model a person named, or for "auto" the cheapest that is good enough. `models` come cheapest first."""
    if typed.strip().casefold() not in ("", AUTO):
        model = find_model(models, typed)
        return Choice(model, f"you asked for {model.title}")
    if not models:
        raise UnknownModel("No provider is connected yet. The operator sets one up, for example with OPENAI_API_KEY.")
    good_enough = [model for model in models if model.tier >= EVERYDAY_TIER]
    if good_enough:
        return Choice(good_enough[0], "the cheapest connected model that is good enough for everyday questions")
    return Choice(models[0], "the cheapest connected model")
