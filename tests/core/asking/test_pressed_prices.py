"""A price that somebody was shown and pressed is never passed, whatever has changed between the two."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import ProviderBroken
from core.events import AskEvent, NeedsConfirmation, Quoted
from core.quote import Quote
from core.routing.rules import Rules, Variant
from tests.core.asking.companies import DOWN, Company, TimedDesk, a_desk_with, saying
from tests.core.asking.house import SETTINGS, finished
from tests.core.asking.test_falling_back import EVERYDAY, calls, text_of
from tests.fakes import FixedCatalogue
from tests.memory_reports import open_holds

STANDS_IN = Rules(fallbacks={"alpha-model": ("omega-model",)})


def the_two() -> tuple[Company, Company]:
    """A cheap one and a dear one."""
    return Company("Alpha", [saying("Cheap.")], "0.01"), Company("Omega", [saying("Dear.")], "10", tier=3)


async def quoted(desk: TimedDesk) -> tuple[str, dict[str, Quote]]:
    """Ask for prices: what a press carries, and each model's price."""
    [shown] = await desk.hear(EVERYDAY, keys=("price",), quote_only=True)
    assert isinstance(shown, Quoted)
    return shown.press, {quote.model_id: quote for quote in shown.quotes}


async def pressed(desk: TimedDesk, press: str, quote: Quote, key: str = "press") -> list[AskEvent]:
    """Press one of the prices."""
    return await desk.hear("", keys=(key,), resumes=press, model=quote.model_id, pressed_nanos=quote.at_most_nanos)


def takes_out(desk: TimedDesk, company: Company) -> None:
    """Let a company's model go into a cooldown."""
    for _ in range(3):
        desk.asks.health.failed(company.model, ProviderBroken("It is broken."))


def now_costs(desk: TimedDesk, company: Company, usd: str) -> None:
    """Let a company take another price."""
    catalogue = desk.ports.catalogue
    assert isinstance(catalogue, FixedCatalogue)
    dearer = replace(company, usd=usd).model
    catalogue.models = tuple(dearer if model.id == dearer.id else model for model in catalogue.models)


async def test_whoever_stands_in_for_a_pressed_model_at_a_higher_price_is_shown_first() -> None:
    cheap, dear = the_two()
    desk = await a_desk_with(cheap, dear, rules=STANDS_IN)
    press, prices = await quoted(desk)
    takes_out(desk, cheap)
    [asks] = await pressed(desk, press, prices["alpha-model"])
    assert isinstance(asks, NeedsConfirmation)
    assert (asks.at_most_nanos, calls(dear)) == (prices["omega-model"].at_most_nanos, 0)
    yes = await desk.hear("", keys=("yes",), resumes=asks.press, pressed_nanos=asks.at_most_nanos)
    assert text_of(yes) == "Dear."


async def test_a_price_that_rose_since_it_was_shown_is_shown_again() -> None:
    cheap, dear = the_two()
    desk = await a_desk_with(cheap, dear)
    press, prices = await quoted(desk)
    now_costs(desk, cheap, "1")
    [asks] = await pressed(desk, press, prices["alpha-model"])
    assert isinstance(asks, NeedsConfirmation)
    assert prices["alpha-model"].at_most_nanos < asks.at_most_nanos < prices["omega-model"].at_most_nanos
    assert (calls(cheap), open_holds(desk.books)) == (0, [])


async def test_the_cheaper_choice_of_a_confirmation_is_held_to_its_own_price() -> None:
    cheap, dear = the_two()
    desk = await a_desk_with(cheap, dear, settings=replace(SETTINGS, confirm_above_nanos=1_000))
    [asks] = await desk.hear(EVERYDAY, keys=("first",), model="omega-model")
    assert isinstance(asks, NeedsConfirmation) and asks.cheaper is not None
    now_costs(desk, cheap, "1")
    [again] = await pressed(desk, asks.press, asks.cheaper)
    assert (type(again), calls(cheap)) == (NeedsConfirmation, 0)


async def test_a_better_model_that_became_dearer_since_it_was_offered_is_shown_first() -> None:
    cheap, dear = the_two()
    desk = await a_desk_with(cheap, dear)
    end = finished(await desk.hear(EVERYDAY, keys=("first",)))
    assert end.better is not None
    now_costs(desk, dear, "11")
    fields = {"model": end.better.model_id, "pressed_nanos": end.better.at_most_nanos}
    [asks] = await desk.hear("", keys=("better",), improves=end.receipt.ask_id, **fields)
    assert (type(asks), calls(dear)) == (NeedsConfirmation, 0)


@pytest.mark.parametrize("key", ["better", "again"])
async def test_at_an_unchanged_price_a_press_runs(key: str) -> None:
    cheap, dear = the_two()
    desk = await a_desk_with(cheap, dear)
    if key == "again":
        press, prices = await quoted(desk)
        assert text_of(await pressed(desk, press, prices["omega-model"])) == "Dear."
        return
    end = finished(await desk.hear(EVERYDAY, keys=("first",)))
    assert end.better is not None
    fields = {"model": end.better.model_id, "pressed_nanos": end.better.at_most_nanos}
    assert text_of(await desk.hear("", keys=(key,), improves=end.receipt.ask_id, **fields)) == "Dear."


async def test_who_pressed_a_models_price_gets_that_model_and_no_experiment() -> None:
    cheap, dear = the_two()
    trial = Variant("trial", "omega-model", Decimal(100), of="alpha-model")
    desk = await a_desk_with(cheap, dear, rules=Rules(variants=(trial,)))
    press, prices = await quoted(desk)
    assert text_of(await pressed(desk, press, prices["alpha-model"])) == "Cheap."


async def test_try_again_asks_the_model_that_was_named_and_not_what_stood_in_for_it() -> None:
    named, other = Company("Alpha", [DOWN], "2"), Company("Beta", [DOWN], "1")
    desk = await a_desk_with(named, other, rules=Rules(num_retries=0))
    end = finished(await desk.hear(EVERYDAY, keys=("first",), model="alpha-model"))
    assert calls(other) == 1
    named.turns = other.turns = [saying("Now.")]
    assert finished(await desk.hear("", keys=("again",), resumes=end.again)).receipt.model_title == "Alpha Model"
