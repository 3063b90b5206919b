"""Prices in a wrong unit are refused in the operator's file, with what was probably meant; real ones pass."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.catalogue import load_catalogue
from adapters.llm.checked import Where
from adapters.llm.models_file import parse_models
from adapters.llm.slips import refuse_slips
from core.errors import NotConfigured
from core.models import PRACTICE, Model
from core.prices import Price
from tests.adapters.llm.test_catalogue import FREE, MODEL
from tests.fakes import a_model, a_price


def price(usd: str, **rates: str) -> Price:
    """Every rate the same, unless said."""
    names = ("input", "cache_read", "cache_write", "output", "reasoning")
    return a_price(**{f"{name}_usd": Decimal(rates.get(name, usd)) for name in names})


def built_in(**fields: object) -> Model:
    known = {"id": "gpt-4.1", "title": "GPT-4.1", "provider": "openai", "wire_name": "gpt-4.1", "prices": (price("2"),)}
    return a_model(**(known | fields))


SOLD = {model.id: model for model in (built_in(), built_in(id="small", wire_name="small", prices=(price("0.5"),)))}
SAME = MODEL.replace('provider = "litellm"\nwire_name = "house"', 'provider = "openai"\nwire_name = "gpt-4.1"')


def parse(text: str, known: dict[str, Model] = SOLD) -> Model:
    return parse_models(text, "house.toml", known=["litellm", "openai"], built_in=known)["house-model"]


def all_rates(text: str, usd: str) -> str:
    for rate in ('"0.5"', '"0.05"', '"2"'):
        text = text.replace(rate, f'"{usd}"')
    return text


def why_not(text: str, known: dict[str, Model] = SOLD) -> str:
    with pytest.raises(NotConfigured) as caught:
        parse(text, known)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.000002", "a price per token: per million it would be 2.00."),
        ("0.0000025", "a price per token: per million it would be 2.50."),
        ("0.002", "a price per thousand tokens: per million it would be 2.00."),
        ("200", "cents: in dollars it would be 2.00."),
        ("0.02", "divided by 100 once too often: it would be 2.00."),
        ("2000", "a price per billion tokens: per million it would be 2.00."),
    ],
)
def test_a_slip_is_refused_with_both_numbers_and_what_was_meant(written: str, meant: str) -> None:
    sentence = why_not(all_rates(SAME, written))
    assert sentence.startswith('house.toml, line 17, model "house-model": prices.input is ')
    assert f"prices.input is {written}" in sentence.replace(".00,", ",")
    assert "but GPT-4.1 costs 2.00 in the catalogue" in sentence
    assert f"It looks like {meant}" in sentence
    assert "price_checked = true" in sentence


@pytest.mark.parametrize("written", ["0.021", "0.1", "2", "30", "199.9"])
def test_a_negotiated_price_passes(written: str) -> None:
    assert parse(all_rates(SAME, written)).prices[0].input_usd == Decimal(written)


def test_the_same_model_is_known_by_its_id_too() -> None:
    text = all_rates(MODEL, "0.000002").replace('id = "house-model"', 'id = "gpt-4.1"')
    assert "GPT-4.1 costs 2.00" in why_not(text)


def test_among_a_provider_s_models_each_end_has_room() -> None:
    other = SAME.replace('wire_name = "gpt-4.1"', 'wire_name = "new"')
    for usd in ("0.005", "200"):
        parse(all_rates(other, usd))
    for usd in ("0.0049", "200.1"):
        assert "the models of openai cost 0.50 to 2.00" in why_not(all_rates(other, usd))


def test_a_provider_of_whom_nothing_is_known_is_held_against_its_tier() -> None:
    parse(MODEL)
    assert "models of tier 2 cost 0.50 to 2.00" in why_not(all_rates(MODEL, "0.0000005"))
    parse(all_rates(MODEL, "0.0000005"), {})


def test_any_rate_and_any_price_of_the_file_is_looked_at() -> None:
    sentence = why_not(SAME.replace('cache_write = "0.5"', 'cache_write = "500"'))
    assert sentence.startswith('house.toml, line 19, model "house-model": prices.cache_write is 500.00, but ')
    second = all_rates(SAME[SAME.index("[[models.prices]]") :], "0.000002").replace("2026-01-01", "2026-12-01")
    assert why_not(SAME + second).startswith("house.toml, line 25, ")


def test_an_answer_that_costs_next_to_nothing_beside_its_question_is_a_slip() -> None:
    known = {"gpt-4.1": built_in(prices=(price("2", output="0.1", reasoning="0.1"),))}
    text = SAME.replace('output = "2"', 'output = "0.004"')
    assert "prices.output is 0.004 beside an input of 0.50: that is too far apart" in why_not(text, known)
    parse(text.replace('"0.004"', '"0.005"'), known)


def test_a_price_a_call_is_a_slip_when_a_question_would_cost_a_hundred_times_more() -> None:
    with_fee = SAME.replace('reasoning = "2"', 'reasoning = "2"\nrequest = "{}"')
    parse(with_fee.format("0.01"))
    sentence = why_not(with_fee.format("5"))
    assert 'line 22, model "house-model": prices.request is 5.00 a call: a typical question would cost 5.00' in sentence


def test_a_model_that_is_sold_is_not_free_by_a_slip() -> None:
    text = FREE.replace('provider = "litellm"\nwire_name = "house"', 'provider = "openai"\nwire_name = "gpt-4.1"')
    assert "prices.input is zero, but GPT-4.1 costs 2.00" in why_not(text)
    assert parse(FREE).free


@pytest.mark.parametrize("text", [all_rates(SAME, "0.000002"), all_rates(MODEL, "9000")])
def test_who_means_it_can_say_so(text: str) -> None:
    parse(text.replace('source = "our contract"', 'source = "our contract"\nprice_checked = true'))
    assert why_not(text.replace('source = "our contract"', 'source = "our contract"\nprice_checked = false'))
    assert "price_checked must be true or false" in why_not(
        text.replace("\nsource =", '\nprice_checked = "yes"\nsource =')
    )


@given(st.decimals("0.01", "100", places=2), st.sampled_from([10**6, 10**3, 10**-3, 10**-6]))
def test_a_factor_of_a_thousand_or_more_never_passes_for_a_model_that_is_known(usd: Decimal, factor: float) -> None:
    written = usd * Decimal(str(factor))
    known = {"gpt-4.1": built_in(prices=(price(str(usd)),))}
    with pytest.raises(NotConfigured):
        parse(all_rates(SAME, f"{written:f}"), known)


def test_no_price_of_our_own_catalogue_is_taken_for_a_slip() -> None:
    """Nor would it be in a file of the operator's: held against itself, its provider's others, or its tier."""
    ours = {each.id: each for each in load_catalogue().built_in.values() if each.provider != PRACTICE}
    for model in ours.values():
        where = Where("", "", "model", 0, model.id)
        table: dict[str, Any] = {"prices": [{} for _ in model.prices]}
        others = {each.id: each for each in ours.values() if each.id != model.id}
        elsewhere = {each.id: each for each in others.values() if each.provider != model.provider}
        for known in (ours, others, elsewhere):
            refuse_slips(model, table, where, known)
