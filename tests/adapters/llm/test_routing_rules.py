"""Rules as an operator writes them, and the plans that come of them."""

import pytest

from core.errors import NoModelFits, ProviderUnreachable
from tests.adapters.llm.routing import catalogue, rules_of
from tests.core.routing.planning import EVERYDAY, HARD, SHORT, Desk, asked, ids

DEEPSEEK_ELSE_MISTRAL = """
[[routes]]
name = "auto"
models = ["deepseek-v3", "mistral-large-2"]
max_price = "1.5"   # US dollars per million tokens: 0.15 cents per 1,000
"""
FIRST_ONLY = f'{DEEPSEEK_ELSE_MISTRAL}max_price_for = "first"\n'
FIVE_PERCENT = """
[[variants]]
name = "try-new-model"
model = "new-model"
weight = 5
"""


def desk(rules: str, **prices: str) -> Desk:
    return Desk(list(catalogue(**prices).models.values()), rules_of(rules))


async def test_deepseek_if_it_costs_under_a_cap_otherwise_mistral() -> None:
    plan = await desk(DEEPSEEK_ELSE_MISTRAL).plan(SHORT)
    assert ids(plan.hops) == ["deepseek-v3", "mistral-large-2"]
    assert plan.why == 'the route "auto" leads to DeepSeek V3'
    dearer = await desk(DEEPSEEK_ELSE_MISTRAL, deepseek_v3="1.51").plan(SHORT)
    assert ids(dearer.hops) == ["mistral-large-2"]
    assert dearer.why == (
        'the route "auto" leads to Mistral Large, '
        "as DeepSeek V3 would cost more than $1.50 per million tokens (max_price)"
    )


async def test_equality_with_the_cap_is_within_it() -> None:
    assert ids((await desk(DEEPSEEK_ELSE_MISTRAL, deepseek_v3="1.5").plan(SHORT)).hops)[0] == "deepseek-v3"


async def test_the_cap_binds_the_whole_chain_unless_the_admin_says_otherwise() -> None:
    assert ids((await desk(DEEPSEEK_ELSE_MISTRAL, mistral_large_2="2").plan(SHORT)).hops) == ["deepseek-v3"]
    with pytest.raises(NoModelFits, match=r"2 would cost more than \$1\.50 per million tokens"):
        await desk(DEEPSEEK_ELSE_MISTRAL, deepseek_v3="2", mistral_large_2="2").plan(SHORT)
    assert ids((await desk(FIRST_ONLY, deepseek_v3="2", mistral_large_2="2").plan(SHORT)).hops) == ["mistral-large-2"]
    assert ids((await desk(FIRST_ONLY, mistral_large_2="2").plan(SHORT)).hops) == ["deepseek-v3", "mistral-large-2"]


async def test_five_percent_of_traffic_go_to_a_new_model_and_each_thread_stays_put() -> None:
    planning, of_new, threads = desk(FIVE_PERCENT), 0, 300
    for number in range(threads):
        first, again = [await planning.plan(asked(text, thread=f"t{number}")) for text in (SHORT, EVERYDAY)]
        assert first.variant == again.variant
        is_new = first.variant == "try-new-model"
        assert (first.hops[0].call.model.id == "new-model") == is_new
        assert is_new or first.variant == "control:try-new-model"
        of_new += is_new
    assert 0 < of_new < threads / 8, (
        "the exact share is held with 10,000 threads by tests/core/routing/test_variants.py"
    )


async def test_a_variant_of_a_route_and_the_off_switch() -> None:
    routed = FIRST_ONLY + FIVE_PERCENT.replace("weight = 5", "weight = 100")
    plan = await desk(routed).plan(asked(HARD, thread="t"))
    assert ids(plan.hops) == ["deepseek-v3", "mistral-large-2"], "the new model is above the route's cap"
    assert plan.variant == ""
    uncapped = routed.replace('max_price = "1.5"', "").replace('max_price_for = "first"', "")
    plan = await desk(uncapped).plan(asked(HARD, thread="t"))
    assert (ids(plan.hops), plan.variant) == (["new-model", "deepseek-v3", "mistral-large-2"], "try-new-model")
    off = await desk(f"variants_on = false\n{uncapped}").plan(asked(HARD, thread="t"))
    assert (ids(off.hops), off.variant) == (["deepseek-v3", "mistral-large-2"], "")


async def test_a_provider_that_goes_down_is_fallen_back_from_under_the_same_rules() -> None:
    planning = desk(f'max_price = "1.2"\nallowed_fails = 1\n{FIVE_PERCENT}')
    first = (await planning.plan(EVERYDAY)).hops[0].call.model
    planning.health.failed(first, ProviderUnreachable("Gone."))
    plan = await planning.plan(EVERYDAY)
    assert ids(plan.hops) == ["mistral-large-2", "gpt-small"], "the others are above $1.20 per million tokens here"
