"""Which model answers, who stands in for it, and what is said about it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.errors import (
    BadInput,
    ChipinError,
    NobodyAnswers,
    NoModelFits,
    PromptTooLong,
    ProviderUnreachable,
    UnknownModel,
)
from core.models import Model
from core.routing.rules import Route, Rules, Sort
from tests.core.routing.planning import (
    ALL,
    EVERYDAY,
    HARD,
    PLAIN,
    SHORT,
    SMALL,
    SMART,
    SOLID,
    TINY,
    Desk,
    asked,
    id_of,
    ids,
    priced,
)
from tests.fakes import a_price

# --- auto ---


@pytest.mark.parametrize(("text", "first"), [(SHORT, "tiny"), (EVERYDAY, "plain"), (HARD, "smart")])
async def test_auto_takes_the_cheapest_that_is_good_enough_for_the_question(text: str, first: str) -> None:
    assert ids((await Desk(ALL).plan(text)).hops)[0] == first


async def test_a_model_for_one_purpose_is_asked_by_name_only() -> None:
    purpose = priced("purpose", "0.01", tier=0)
    plan = await Desk((purpose, *ALL)).plan(SHORT)
    assert ids(plan.hops)[0] == "tiny"
    assert plan.cheaper is None
    assert ids((await Desk((purpose, *ALL)).plan(asked(SHORT, model="purpose"))).hops)[0] == "purpose"


async def test_it_says_in_one_line_why_and_what_the_strong_model_would_have_cost() -> None:
    plan = await Desk(ALL).plan(SHORT)
    assert plan.why == (
        "short question, cheapest of 6 models that are good enough; Smart would have cost about 0.49 cents"
    )
    assert (await Desk(ALL).plan(HARD)).why == "something to think through, cheapest of 2 models that are good enough"
    assert (await Desk((TINY,)).plan(SHORT)).why == "short question, the only model that is good enough"


async def test_fallbacks_are_good_enough_and_of_another_provider_before_one_that_shares_its_troubles() -> None:
    assert ids((await Desk(ALL).plan(EVERYDAY)).hops) == ["plain", "solid", "genius"]
    assert ids((await Desk(ALL).plan(SHORT)).hops) == ["tiny", "small", "genius"]


async def test_a_weaker_model_of_another_provider_is_the_last_resort() -> None:
    plan = await Desk((PLAIN, priced("twin", "3", tier=2), priced("triplet", "4", tier=2), SMALL)).plan(EVERYDAY)
    assert ids(plan.hops) == ["plain", "twin", "small"]


async def test_where_nothing_is_good_enough_the_best_there_is_answers_and_it_is_said() -> None:
    plan = await Desk((TINY, SMALL, PLAIN)).plan(HARD)
    assert ids(plan.hops) == ["plain", "small", "tiny"]
    assert plan.why == "something to think through, and no better model can answer it here than Plain"
    assert plan.needed_tier == 3


async def test_a_better_model_that_is_away_is_told_from_one_that_is_not_there() -> None:
    desk = Desk((PLAIN, SMART), Rules(allowed_fails=1))
    desk.health.failed(SMART, ProviderUnreachable("Gone."))
    assert "no better model answers at present than Plain" in (await desk.plan(HARD)).why


@pytest.mark.parametrize(("most", "number"), [(0, 1), (1, 2), (5, 6)])
async def test_there_are_never_more_than_max_fallbacks(most: int, number: int) -> None:
    assert len((await Desk(ALL, Rules(max_fallbacks=most)).plan()).hops) == number


async def test_the_rules_may_name_the_fallbacks_of_a_model() -> None:
    desk = Desk(ALL, Rules(fallbacks={"tiny": ("solid", "nobody", "plain")}))
    assert ids((await desk.plan(SHORT)).hops) == ["tiny", "solid", "plain"]
    assert ids((await Desk(ALL, Rules(fallbacks={"tiny": ()})).plan(SHORT)).hops) == ["tiny"]


@pytest.mark.parametrize(
    ("sort", "first"), [(Sort.PRICE, "plain"), (Sort.LATENCY, "smart"), (Sort.THROUGHPUT, "solid")]
)
async def test_sort_decides_by_what_was_measured_here(sort: Sort, first: str) -> None:
    desk = Desk(ALL, Rules(sort=sort))
    desk.health.succeeded(SMART, first_word_seconds=0.2, tokens_per_second=30)
    desk.health.succeeded(SOLID, first_word_seconds=0.9, tokens_per_second=200)
    plan = await desk.plan(EVERYDAY)
    assert ids(plan.hops)[0] == first


async def test_nobody_measured_yet_means_by_price() -> None:
    assert ids((await Desk(ALL, Rules(sort=Sort.LATENCY)).plan(SHORT)).hops)[0] == "tiny"


# --- what stands beside ---


async def test_better_is_the_cheapest_of_a_higher_tier_and_cheaper_the_cheapest_that_costs_less() -> None:
    plan = await Desk(ALL).plan(EVERYDAY)
    assert (id_of(plan.better), id_of(plan.cheaper)) == ("smart", "tiny")
    best = await Desk(ALL).plan(asked(EVERYDAY, "genius"))
    assert (id_of(best.better), id_of(best.cheaper)) == (None, "tiny")
    assert id_of((await Desk(ALL).plan(SHORT)).cheaper) is None


async def test_alternatives_are_all_that_can_answer_cheapest_first() -> None:
    desk = Desk(ALL[::-1], Rules(ignore=("third",), allowed_fails=1))
    desk.health.failed(SMALL, ProviderUnreachable("Gone."))
    assert ids(await desk.alternatives()) == ["tiny", "plain", "solid", "smart"]


# --- a model that somebody named ---


async def test_who_names_a_model_gets_it_and_no_worse_or_dearer_one_in_its_place() -> None:
    plan = await Desk((*ALL, priced("twin", "1.9", tier=2))).plan(asked(SHORT, " SOLID "))
    assert (ids(plan.hops), plan.why, plan.route) == (["solid", "plain", "twin"], "you asked for Solid", "named")
    assert ids((await Desk(ALL).plan(asked(SHORT, "smart"))).hops) == ["smart"]


async def test_who_pressed_a_price_is_not_said_to_have_asked_for_that_model() -> None:
    pressed = replace(asked(SHORT, "solid"), pressed_nanos=1)
    assert (await Desk(ALL).plan(pressed)).why == "you agreed to its price"


async def test_the_rules_may_name_its_fallbacks_whatever_they_cost() -> None:
    desk = Desk(ALL, Rules(fallbacks={"smart": ("genius", "tiny")}))
    assert ids((await desk.plan(asked(SHORT, "smart"))).hops) == ["smart", "genius", "tiny"]


async def test_a_named_model_that_is_away_is_stood_in_for_and_it_is_said() -> None:
    desk = Desk(ALL, Rules(allowed_fails=1))
    desk.health.failed(SOLID, ProviderUnreachable("Gone."))
    plan = await desk.plan(asked(SHORT, "solid"))
    assert ids(plan.hops) == ["plain"]
    assert plan.why == "you asked for Solid, which has not answered since 12:00 (UTC); Plain stands in"


async def test_a_named_model_that_is_away_and_has_no_stand_in_is_a_sentence() -> None:
    desk = Desk(ALL, Rules(allowed_fails=1))
    desk.health.failed(SMART, ProviderUnreachable("Gone."))
    with pytest.raises(NobodyAnswers, match=r"^Smart has not answered since 12:00 \(UTC\)\. Try again in a minute\.$"):
        await desk.plan(asked(SHORT, "smart"))


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (Rules(only=("acme",)), r"Genius may not be asked here \(only: acme\)"),
        (Rules(ignore=("third",)), r"Genius may not be asked here \(ignore: third\)"),
        (Rules(regions=("eu",)), r"Genius may work on it outside the allowed regions \(regions: eu\)"),
        (Rules(data_collection_allowed=False), r"Genius may keep or train on what is asked"),
        (Rules(zdr=True), r"Genius cannot promise to keep nothing \(zdr\)"),
        (Rules(max_price_usd=Decimal("1.5")), r"Genius would cost more than \$1\.50 per million tokens \(max_price\)"),
    ],
)
async def test_a_named_model_that_a_rule_excludes_says_which_and_what_can_be_asked(rules: Rules, says: str) -> None:
    with pytest.raises(NoModelFits, match=says) as caught:
        await Desk((*ALL, allowed()), rules).plan(asked(SHORT, "genius"))
    assert "You can ask: auto" in str(caught.value)
    assert "Whoever runs Chipin can change that rule in ROUTING_FILE." in str(caught.value)


async def test_a_name_that_is_not_there_is_answered_with_the_choices() -> None:
    with pytest.raises(UnknownModel, match=r'no model "besst"'):
        await Desk(ALL).plan(asked(SHORT, "besst"))


async def test_what_embeds_answers_nothing() -> None:
    embedder = priced("vectors", "0.01", embeds=True)
    assert "vectors" not in ids((await Desk((embedder, *ALL)).plan()).hops)
    with pytest.raises(UnknownModel, match='no model "vectors"'):
        await Desk((embedder, *ALL)).plan(asked(SHORT, "vectors"))


@pytest.mark.parametrize("model", ["auto", "smart"])
async def test_without_a_provider_the_operator_is_named(model: str) -> None:
    with pytest.raises(UnknownModel, match="No provider is connected yet"):
        await Desk(()).plan(asked(SHORT, model))


# --- filters hold on every hop ---


def allowed() -> Model:
    """A model that every rule of these tests allows."""
    return priced("allowed", "1", provider="acme", region="eu", collects_data=False, zdr=True)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (Rules(only=("third",)), ["genius"]),
        (Rules(ignore=("acme", "third")), ["small", "solid"]),
        (Rules(max_price_usd=Decimal(1)), ["tiny", "small", "plain", "allowed"]),
        (Rules(regions=("EU", "us")), ["allowed"]),
        (Rules(data_collection_allowed=False), ["allowed"]),
        (Rules(zdr=True), ["allowed"]),
    ],
)
async def test_a_rule_holds_on_every_hop_and_on_every_offer_beside_it(rules: Rules, kept: list[str]) -> None:
    desk = Desk((*ALL, allowed()), rules)
    for text in (SHORT, EVERYDAY, HARD):
        plan = await desk.plan(text)
        shown = {*ids(plan.hops), id_of(plan.better), id_of(plan.cheaper)} - {None}
        assert shown <= set(kept), text
    assert set(ids(await desk.alternatives())) == set(kept)


@pytest.mark.parametrize(
    ("region", "stays"), [("eu", True), ("eu,ch", True), ("eu,us", False), ("any", False), ("", False)]
)
async def test_a_model_stays_in_the_regions_only_if_all_places_it_works_at_are_allowed(
    region: str, stays: bool
) -> None:
    desk = Desk((priced("there", "1", region=region),), Rules(regions=("eu", "ch")))
    if stays:
        assert ids((await desk.plan()).hops) == ["there"]
    else:
        with pytest.raises(NoModelFits, match=r"outside the allowed regions \(regions: eu, ch\)"):
            await desk.plan()


async def test_the_cap_is_on_the_blended_price_of_this_very_question() -> None:
    """One rate in, another out: the same model is within the cap for a long question and above it for a short one."""
    model = priced("mixed", "1", context_window_tokens=1_000_000)
    lopsided = priced("lopsided", "1")
    object.__setattr__(lopsided, "prices", (a_price(input_usd=Decimal(1), output_usd=Decimal(100)),))
    desk = Desk((lopsided, model), Rules(max_price_usd=Decimal(2)))
    assert "lopsided" not in ids(await desk.alternatives("short"))
    assert "lopsided" in ids(await desk.alternatives("x" * 60_000))


async def test_a_charge_per_request_counts_toward_the_cap() -> None:
    dear = priced("dear", "1")
    object.__setattr__(dear, "prices", (a_price(input_usd=Decimal(1), output_usd=Decimal(1), request_usd=Decimal(1)),))
    with pytest.raises(NoModelFits, match=r"would cost more than \$2\.00 per million tokens"):
        await Desk((dear,), Rules(max_price_usd=Decimal(2))).plan()


async def test_pictures_go_to_models_that_can_look_at_them() -> None:
    seeing = priced("seeing", "5", images=True, image_tokens=1_000)
    assert ids((await Desk((*ALL, seeing)).plan(asked(SHORT, pictures=1))).hops) == ["seeing"]
    with pytest.raises(
        NoModelFits, match=r"None of the 6 models here can answer this: 6 cannot look at pictures\."
    ) as e:
        await Desk(ALL).plan(asked(SHORT, pictures=1))
    assert "You can ask without the picture." in str(e.value)
    assert "ROUTING_FILE" not in str(e.value), "no rule stands in the way"


async def test_a_question_that_is_too_long_for_one_goes_to_one_with_more_room() -> None:
    roomy = priced("roomy", "5", context_window_tokens=1_000_000)
    assert ids((await Desk((*ALL, roomy)).plan("x" * 200_000)).hops) == ["roomy"]
    roomier = priced("roomier", "9", context_window_tokens=130_000)
    with pytest.raises(PromptTooLong, match="more than Roomier can read at once"):
        await Desk((*ALL, roomier)).plan("x" * 200_000)


async def test_there_must_be_a_question() -> None:
    with pytest.raises(BadInput, match="There is no question"):
        await Desk(ALL).plan(" ")


async def test_a_model_without_a_price_today_is_not_asked() -> None:
    later = priced("later", "0.001")
    object.__setattr__(later, "prices", (a_price(effective_from=date(2027, 1, 1)),))
    assert "later" not in ids(await Desk((later, *ALL)).alternatives())


async def test_nothing_fits_names_the_rules_that_excluded_most_and_who_can_change_them() -> None:
    rules = Rules(only=("acme",), max_price_usd=Decimal("0.05"))
    with pytest.raises(NoModelFits) as caught:
        await Desk(ALL, rules).plan()
    assert str(caught.value) == (
        "None of the 6 models here can answer this: 3 may not be asked here (only: acme), "
        "3 would cost more than $0.05 per million tokens (max_price). "
        "Whoever runs Chipin can change that rule in ROUTING_FILE."
    )


async def test_every_refusal_is_a_whole_sentence_with_a_next_step() -> None:
    desk = Desk(ALL, Rules(routes=(Route("empty", ("gone",)),), zdr=True))
    for question in (asked(), asked(SHORT, "smart"), asked(SHORT, "empty"), asked(SHORT, pictures=2)):
        with pytest.raises(ChipinError, match=r"^[A-Z].*\.$"):
            await desk.plan(question)
