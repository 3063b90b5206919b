"""What is offered while it runs: what a provider does not know any more is out, and comes back after a day."""

from dataclasses import replace
from datetime import timedelta

from adapters.llm.live import GONE_FOR, LiveCatalogue
from core.models import Model
from core.ports import Catalogue
from tests.adapters.llm.asking import SteadyClock
from tests.fakes import FixedCatalogue, ScriptedProvider, a_model

SMALL, LARGE = a_model(id="small", wire_name="small"), a_model(id="large", wire_name="large")
PROVIDERS = {"test": ScriptedProvider(())}


def live(*models: Model, clock: SteadyClock | None = None) -> LiveCatalogue:
    return LiveCatalogue(models, PROVIDERS, clock or SteadyClock())


def ids(catalogue: Catalogue) -> list[str]:
    return [model.id for model in catalogue.models]


def test_a_model_that_its_provider_does_not_know_is_not_offered_any_more() -> None:
    for catalogue in (live(SMALL, LARGE), FixedCatalogue((SMALL, LARGE), PROVIDERS)):
        catalogue.withdraw(SMALL)
        assert ids(catalogue) == ["large"]
        catalogue.withdraw(SMALL)
        assert ids(catalogue) == ["large"]


def test_it_is_tried_again_after_a_day() -> None:
    clock = SteadyClock()
    catalogue = live(SMALL, LARGE, clock=clock)
    catalogue.withdraw(SMALL)
    assert [gone.model.id for gone in catalogue.gone] == ["small"]
    clock.at += GONE_FOR - timedelta(seconds=1)
    assert ids(catalogue) == ["large"]
    clock.at += timedelta(seconds=1)
    assert ids(catalogue) == ["large", "small"]
    assert catalogue.gone == ()


def test_it_is_out_under_every_id_it_is_listed_by() -> None:
    catalogue = live(SMALL, replace(SMALL, id="ours"), LARGE)
    catalogue.withdraw(SMALL)
    assert ids(catalogue) == ["large"]


def test_a_model_that_is_listed_otherwise_by_now_stays() -> None:
    """An ask that ran meanwhile knows the model as it was."""
    catalogue = live(replace(SMALL, wire_name="small-2"))
    catalogue.withdraw(SMALL)
    assert ids(catalogue) == ["small"]
    assert catalogue.gone == ()
