"""What is suggested while somebody types: at most 25, with prices, and out of memory."""

import pytest

from adapters.discord.commands.choices import MAX_CHOICE_CHARS, Choices
from adapters.discord.commands.options import Suggests
from adapters.discord.commands.payload import MAX_CHOICES
from core.model_list import ModelList
from core.models import Model
from core.routing.health import Health
from core.routing.rules import Rules
from tests.fakes import FakeClock, FixedCatalogue, a_model


def choices(*models: Model) -> Choices:
    clock = FakeClock()
    listing = ModelList(
        FixedCatalogue(models, {}),
        Rules(),
        Health(Rules(), clock),
        None,  # type: ignore[arg-type]  # nobody's limits are looked at
        clock,
    )
    return Choices(listing)


def test_a_model_has_its_price_beside_it() -> None:
    [(label, value)] = choices(a_model(id="small-1", title="Small One")).for_(Suggests.MODELS_TO_ASK, "ALL")
    assert label.startswith("Small One · about ") and "cent" in label and value == "small-1"


def test_there_are_never_more_than_discord_takes_and_none_is_too_long() -> None:
    many = [a_model(id=f"model-{number}", title="A model with a very long title " * 9) for number in range(60)]
    found = choices(*many).for_(Suggests.MODELS_TO_ASK, "")
    assert len(found) == MAX_CHOICES
    assert all(0 < len(label) <= MAX_CHOICE_CHARS and len(value) <= MAX_CHOICE_CHARS for label, value in found)


def test_a_model_whose_id_is_too_long_is_not_offered() -> None:
    assert choices(a_model(id="x" * 101)).for_(Suggests.MODELS_TO_ASK, "") == []


@pytest.mark.parametrize(
    ("suggests", "typed", "first"),
    [
        (Suggests.MODELS, "all", "all"),
        (Suggests.WHOM, "", "everyone"),
        (Suggests.WHOM, "gue", "guests"),
        (Suggests.ZONES, "berl", "Europe/Berlin"),
    ],
)
def test_what_was_typed_is_found(suggests: Suggests, typed: str, first: str) -> None:
    assert choices().for_(suggests, typed)[0][1] == first


def test_nothing_is_suggested_where_nothing_is_known() -> None:
    assert choices().for_(Suggests.NOTHING, "") == choices().for_(Suggests.ZONES, "nowhere") == []
