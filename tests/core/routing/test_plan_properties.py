"""Whatever the rules and the models are: no hop breaks a rule, and the cheapest that is good enough comes first."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput, NobodyAnswers, ProviderFailed, ProviderRefusedKey, ProviderUnreachable
from core.estimate import TYPICAL_OUTPUT_TOKENS, PlannedCall
from core.models import Model
from core.ports import TokenCount
from core.routing.rules import MaxPriceFor, Route, Rules, Sort, Variant
from tests.core.routing.planning import EVERYDAY, HARD, SHORT, Desk, asked, ids, priced
from tests.fakes import ByteCounter

NAMES = [f"m{number}" for number in range(8)]
PROVIDERS = ["one", "two", "three"]
REGIONS = ["eu", "us", "cn"]
GONE, NO_KEY = ProviderUnreachable("Gone."), ProviderRefusedKey("No.")
some_providers = st.lists(st.sampled_from(PROVIDERS), max_size=2, unique=True).map(tuple)
some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(tuple)
usd = st.sampled_from(["0.1", "0.5", "1", "1.5", "3", "10"]).map(Decimal)


@st.composite
def models(draw: st.DrawFn) -> tuple[Model, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    return tuple(
        priced(
            name,
            str(draw(usd)),
            tier=draw(st.integers(1, 3)),
            provider=draw(st.sampled_from(PROVIDERS)),
            region=draw(st.sampled_from(["", "eu", "us", "eu,us", "any"])),
            collects_data=draw(st.booleans()),
            zdr=draw(st.booleans()),
            images=draw(st.booleans()),
            context_window_tokens=draw(st.sampled_from([1_000, 100_000])),
            max_output_tokens=1_000,
            embeds=draw(st.sampled_from([False, False, False, True])),
        )
        for name in names
    )


rules = st.builds(
    Rules,
    sort=st.sampled_from(Sort),
    max_price_usd=st.none() | usd,
    max_fallbacks=st.integers(0, 4),
    allowed_fails=st.just(1),
    only=some_providers,
    ignore=some_providers,
    regions=st.lists(st.sampled_from(REGIONS), max_size=2, unique=True).map(tuple),
    data_collection_allowed=st.booleans(),
    zdr=st.booleans(),
    fallbacks=st.dictionaries(st.sampled_from(NAMES), some_names, max_size=2),
    routes=st.lists(
        st.builds(
            Route,
            name=st.sampled_from(["auto", "house"]),
            models=some_names,
            max_price_usd=st.none() | usd,
            max_price_for=st.sampled_from(MaxPriceFor),
        ),
        max_size=1,
    ).map(tuple),
    variants=st.lists(
        st.builds(Variant, name=st.just("v"), model=st.sampled_from(NAMES), weight_percent=st.sampled_from([50, 100])),
        max_size=1,
    ).map(tuple),
)


def blended_usd(planned: PlannedCall) -> Decimal:
    tokens = planned.input_expected_tokens + min(TYPICAL_OUTPUT_TOKENS, planned.call.output_cap_tokens)
    return Decimal(planned.about_nanos) / tokens / 1000


def breaks(planned: PlannedCall, rules: Rules, desk: Desk, pictures: int) -> Sequence[str]:
    model = planned.call.model
    room = planned.input_at_most_tokens + planned.call.output_cap_tokens <= model.context_window_tokens
    cap = rules.max_price_usd
    return [
        rule
        for rule, kept in {
            "only": not rules.only or model.provider in rules.only,
            "ignore": model.provider not in rules.ignore,
            "regions": not rules.regions or set(model.region.split(",")) <= set(rules.regions),
            "data_collection": rules.data_collection_allowed or not model.collects_data,
            "zdr": model.zdr or not rules.zdr,
            "max_price": cap is None or blended_usd(planned) <= cap,
            "pictures": model.images or not pictures,
            "context": room,
            "embeds": not model.embeds,
            "cooldown": desk.health.ready_in_seconds(model) == 0,
        }.items()
        if not kept
    ]


@settings(max_examples=60, deadline=None)
@given(
    offered=models(),
    rules=rules,
    text=st.sampled_from([SHORT, EVERYDAY, HARD, "x" * 2_000]),
    asked_for=st.sampled_from(["auto", "house", *NAMES]),
    pictures=st.integers(0, 1),
    failing=st.dictionaries(st.sampled_from(NAMES), st.sampled_from([GONE, NO_KEY]), max_size=2),
)
async def test_no_hop_breaks_a_rule(
    *,
    offered: tuple[Model, ...],
    rules: Rules,
    text: str,
    asked_for: str,
    pictures: int,
    failing: dict[str, ProviderFailed],
) -> None:
    desk = Desk(offered, rules)
    for model in offered:
        if model.id in failing:
            desk.health.failed(model, failing[model.id])
    try:
        plan = await desk.plan(asked(text, asked_for, pictures=pictures))
    except (BadInput, NobodyAnswers) as refused:
        assert str(refused)[0].isupper() and str(refused).endswith(".")
        return
    shown = [*plan.hops, *(call for call in (plan.better, plan.cheaper) if call is not None)]
    assert [breaks(call, rules, desk, pictures) for call in shown] == [[]] * len(shown)
    assert 1 <= len(plan.hops) <= 1 + rules.max_fallbacks
    assert len(set(ids(plan.hops))) == len(plan.hops)
    first = plan.hops[0]
    assert plan.better is None or plan.better.call.model.tier > first.call.model.tier
    assert plan.cheaper is None or plan.cheaper.about_nanos < first.about_nanos
    assert plan.why and not plan.why.endswith(".") and "\n" not in plan.why
    for route in rules.routes:
        if plan.route == route.name and not plan.variant and route.max_price_usd is not None:
            bound = plan.hops if route.max_price_for is MaxPriceFor.CHAIN else ()
            bound = bound or tuple(hop for hop in plan.hops if hop.call.model.id == route.models[0])
            assert all(blended_usd(hop) <= route.max_price_usd for hop in bound)


@settings(max_examples=30, deadline=None)
@given(models(), st.sampled_from([SHORT, EVERYDAY, HARD]))
async def test_with_nothing_set_the_cheapest_that_is_good_enough_comes_first(
    offered: tuple[Model, ...], text: str
) -> None:
    desk = Desk(offered)
    can = await desk.alternatives(text)
    if not can:
        return
    plan = await desk.plan(text)
    best_tier = max(call.call.model.tier for call in can)
    good = [call for call in can if call.call.model.tier >= min(plan.needed_tier, best_tier)]
    assert plan.hops[0].about_nanos == min(call.about_nanos for call in good)
    assert plan.hops[0].call.model.tier >= min(plan.needed_tier, best_tier)


class _Counting(ByteCounter):
    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        self.asked.append((text, tokenizer))
        return await super().count(text, tokenizer)


async def test_sixty_models_cost_no_more_counting_than_their_families() -> None:
    families = ["o200k", "claude", "gemini"]
    counter = _Counting()
    many = [priced(f"m{number}", "1", tokenizer=families[number % 3]) for number in range(60)]
    await Desk(many, counter=counter).plan(asked(SHORT))
    assert len(counter.asked) == len(set(counter.asked)) == 2 * len(families), "the system prompt and the question"
