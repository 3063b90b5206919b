"""Which model answers."""

import pytest

from core.errors import UnknownModel
from core.routing.plan import choose
from tests.fakes import a_model

SMALL = a_model(id="small", title="Small", wire_name="small-wire", tier=1)
EVERYDAY = a_model(id="everyday", title="Everyday", wire_name="everyday-wire", tier=2)
BEST = a_model(id="best", title="Best", wire_name="best-wire", tier=3)


@pytest.mark.parametrize("typed", ["auto", "", " AUTO "])
def test_auto_is_the_cheapest_that_is_good_enough(typed: str) -> None:
    choice = choose((SMALL, EVERYDAY, BEST), typed)
    assert choice.model is EVERYDAY
    assert choice.why == "the cheapest connected model that is good enough for everyday questions"


def test_where_none_is_good_enough_the_cheapest_answers() -> None:
    choice = choose((SMALL,), "auto")
    assert (choice.model, choice.why) == (SMALL, "the cheapest connected model")


@pytest.mark.parametrize("typed", ["best", "BEST", " Best ", "best-wire"])
def test_a_model_is_found_by_any_of_its_names(typed: str) -> None:
    choice = choose((SMALL, EVERYDAY, BEST), typed)
    assert (choice.model, choice.why) == (BEST, "you asked for Best")


def test_a_name_that_is_not_there_is_answered_with_the_choices() -> None:
    with pytest.raises(UnknownModel, match=r'no model "besst".*small, everyday, best'):
        choose((SMALL, EVERYDAY, BEST), "besst")


def test_without_a_provider_the_operator_is_named() -> None:
    with pytest.raises(UnknownModel, match="No provider is connected yet"):
        choose((), "auto")
    with pytest.raises(UnknownModel, match="none yet: no provider is connected"):
        choose((), "best")
