"""Our arithmetic against genai-prices' own, for every model that both know; and what the lists are read as."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.llm.catalogue import load_catalogue
from core.models import PRACTICE, Model
from core.money import NANOS_PER_USD, round_up
from core.prices import Price, Usage, cost
from scripts.refresh_models import Difference, all_differences, new_models, read_reasons, table
from scripts.second_opinions import NOON, genai_cost_usd, genai_model, litellm_opinion, read_litellm

MODELS = [model for model in load_catalogue().models.values() if model.provider != PRACTICE]
SHARED = [model for model in MODELS if genai_model(model) is not None]
PEAK = time(2, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def usages(model: Model, price: Price, chance: random.Random) -> Iterator[Usage]:
    """Of every size, with every kind of token, and on both sides of where a tier begins."""

    def some(most: int) -> int:
        return chance.choice((0, chance.randrange(1, 10), chance.randrange(1, max(2, most))))

    out = model.max_output_tokens
    for _ in range(20):
        most = model.context_window_tokens // 3
        yield Usage(some(most), some(most), some(most), *((some(out // 2), some(out // 2)) if out else ()))
    for tier in price.tiers:
        for all_input in (tier.above_input_tokens, tier.above_input_tokens + 1):
            read, written = chance.randrange(1, all_input // 2), chance.randrange(1, all_input // 2)
            yield Usage(all_input - read - written, read, written, some(out), some(out))


def first_disagreement(model: Model, at: time = NOON) -> str:
    """Where our cost and theirs part, to the nano-dollar, over all prices that are in force or to come; else ""."""
    info = genai_model(model)
    assert info is not None
    chance = random.Random(model.id)
    for price in model.prices:
        theirs = info.get_prices(datetime.combine(price.effective_from, at))
        for usage in usages(model, price, chance):
            said = round_up(genai_cost_usd(theirs, usage) * NANOS_PER_USD)
            if cost(usage, price) != said:
                return (
                    f"{model.id} from {price.effective_from}: {usage} costs {cost(usage, price)} nanos, they say {said}"
                )
    return ""


def test_costs_agree_with_genai_prices_for_nearly_every_model_both_know() -> None:
    """At least 95 in 100, and each of the others has its reason in scripts/disagreements.toml: no more, no fewer."""
    parted = {model.id: why for model in SHARED if (why := first_disagreement(model))}
    known = read_reasons()
    asked = [Difference(model.id, "cost", "", "", "genai-prices") for model in SHARED]
    explained = {each.model for each in asked if any(reason.explains(each) for reason in known)}
    assert set(parted) == explained, parted
    assert len(SHARED) - len(parted) >= 0.95 * len(SHARED)


def test_most_of_our_models_are_known_to_both() -> None:
    unknown = [model for model in MODELS if model not in SHARED]
    assert len(SHARED) >= 60
    assert {model.provider for model in unknown} <= {"qwen"}  # genai-prices has no row for Alibaba's own service


def test_deepseek_costs_what_genai_prices_says_of_its_peak_hours() -> None:
    deepseek = [model for model in SHARED if model.provider == "deepseek"]
    assert len(deepseek) == 2
    assert not any(first_disagreement(model, PEAK) for model in deepseek)


LITELLM = """{
  "gpt-6-luna": {"input_cost_per_token": 1e-07, "input_cost_per_token_above_272k_tokens": 2e-07,
                 "cache_read_input_token_cost": 1e-08, "input_cost_per_token_batches": 5e-08,
                 "max_input_tokens": 922000, "max_output_tokens": 128000},
  "dashscope/qwen3.7-plus": {"tiered_pricing": [
     {"input_cost_per_token": 4e-07, "output_cost_per_token": 1.6e-06, "range": [0, 256000.0]},
     {"input_cost_per_token": 1.2e-06, "output_cost_per_token": 4.8e-06, "range": [256000.0, 1000000.0]}]}
}"""


@pytest.fixture
def listed(tmp_path: Path) -> Mapping[str, Any]:
    path = tmp_path / "list.json"
    path.write_text(LITELLM)
    return read_litellm(path)


def of(model_id: str) -> Model:
    return next(model for model in MODELS if model.id == model_id)


def test_litellm_is_read_in_dollars_per_million_exactly(listed: Mapping[str, Any]) -> None:
    luna, plus = litellm_opinion(of("gpt-6-luna"), listed), litellm_opinion(of("qwen3.7-plus"), listed)
    assert luna is not None
    assert plus is not None
    assert luna.steps == {
        0: {"input": Decimal("0.1"), "cache_read": Decimal("0.01")},
        272_000: {"input": Decimal("0.2")},
    }
    assert (luna.context_window_tokens, luna.max_output_tokens) == (922_000, 128_000)
    assert plus.steps[256_000] == {"input": Decimal("1.2"), "output": Decimal("4.8")}
    assert litellm_opinion(of("gpt-6.1-sol"), listed) is None


def test_what_a_list_puts_differently_is_found_and_what_it_leaves_out_is_not(listed: Mapping[str, Any]) -> None:
    found = [each for each in all_differences([of("gpt-6-luna")], TODAY, listed) if each.source == "litellm"]
    assert [(each.item, each.ours, each.theirs) for each in found] == [("context window", "1,050,000", "922,000")]
    dearer = {"gpt-6-luna": listed["gpt-6-luna"] | {"input_cost_per_token": Decimal("0.000001")}}
    items = {(each.item, each.theirs) for each in all_differences([of("gpt-6-luna")], TODAY, dearer)}
    assert ("input", "$1") in items


def test_a_tier_that_one_side_lacks_is_a_difference(listed: Mapping[str, Any]) -> None:
    flat = {"gpt-6-luna": {"input_cost_per_token": Decimal("0.0000001")}}
    (found,) = (each for each in all_differences([of("gpt-6-luna")], TODAY, flat) if each.source == "litellm")
    assert (found.item, found.ours, found.theirs) == ("a tier above 272,000", "yes", "no")


def test_every_difference_from_genai_prices_has_its_reason() -> None:
    reasons = read_reasons()
    found = list(all_differences(MODELS, TODAY, {}))
    assert found
    assert [each for each in found if not any(reason.explains(each) for reason in reasons)] == []


def test_the_table_says_what_has_no_reason_yet() -> None:
    stranger = Difference("gpt-6-luna", "input", "$0.1", "$1", "litellm")
    *_, row = table([stranger], read_reasons())
    assert row == "| gpt-6-luna | input | $0.1 | $1 | litellm | **not explained yet** |"


def test_models_that_are_not_listed_yet_are_offered_without_a_judgement() -> None:
    rows = "\n".join(new_models(MODELS, TODAY))
    assert 'wire_name = "gpt-5.5"' in rows
    assert 'wire_name = "gpt-6-luna"' not in rows
    assert "tier =" not in rows
