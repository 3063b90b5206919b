"""A share of the conversations, each of them always."""

from decimal import Decimal

import pytest

from core.routing.rules import Rules, Variant
from core.routing.variants import pick_variant
from tests.core.routing.planning import SHORT, Desk, asked, id_of, ids, priced

THREADS = [f"C01/{1_790_000_000 + number}.{number * 7 % 10_000:06}" for number in range(10_000)]
FIVE = Variant("new", "new-model", Decimal(5))


def share_percent(rules: Rules, label: str, asked_for: str = "auto") -> float:
    return 100 * sum(pick_variant(rules, asked_for, thread)[0] == label for thread in THREADS) / len(THREADS)


def test_five_percent_of_ten_thousand_threads_are_five_percent_and_each_stays_put() -> None:
    rules = Rules(variants=(FIVE,))
    assert share_percent(rules, "new") == pytest.approx(5, abs=0.5)
    assert share_percent(rules, "control:new") == pytest.approx(95, abs=0.5)
    assert all(pick_variant(rules, "auto", thread) == pick_variant(rules, "auto", thread) for thread in THREADS[:500])


def test_the_draw_is_the_same_in_every_process_and_release() -> None:
    """Written down: whoever changes how it is drawn moves every conversation of every running experiment."""
    first = [
        number for number, thread in enumerate(THREADS) if pick_variant(Rules(variants=(FIVE,)), "auto", thread)[1]
    ]
    assert first[:5] == [3, 16, 17, 38, 64]


def test_several_get_what_each_was_promised() -> None:
    other = Variant("other", "other-model", Decimal(30))
    rules = Rules(variants=(FIVE, other, Variant("rest", "third", Decimal(65))))
    assert share_percent(rules, "new") == pytest.approx(5, abs=0.5)
    assert share_percent(rules, "other") == pytest.approx(30, abs=1.5)
    assert share_percent(rules, "rest") == pytest.approx(65, abs=1.5)
    assert share_percent(rules, "control:new") == 0


def test_whoever_is_in_stays_in_when_the_share_grows() -> None:
    few, more = Rules(variants=(FIVE,)), Rules(variants=(Variant("new", "new-model", Decimal(20)),))
    assert all(pick_variant(more, "auto", thread)[1] for thread in THREADS if pick_variant(few, "auto", thread)[1])


def test_two_experiments_draw_apart_from_each_other() -> None:
    half, same = (Rules(variants=(Variant(name, "m", Decimal(50)),)) for name in ("one", "two"))
    both = sum(bool(pick_variant(half, "auto", t)[1] and pick_variant(same, "auto", t)[1]) for t in THREADS)
    assert 100 * both / len(THREADS) == pytest.approx(25, abs=1.5)


def test_an_experiment_is_of_what_was_asked_for_and_can_be_switched_off() -> None:
    all_of_house = Variant("house-new", "m", Decimal(100), of="house")
    assert pick_variant(Rules(variants=(all_of_house,)), "house", "thread") == ("house-new", "m")
    assert pick_variant(Rules(variants=(all_of_house,)), "auto", "thread") == ("", "")
    assert pick_variant(Rules(variants=(all_of_house,), variants_on=False), "house", "thread") == ("", "")
    assert pick_variant(Rules(), "auto", "thread") == ("", "")


CHEAP, DEAR, NEW = priced("cheap", "1", tier=1), priced("dear", "5", tier=3), priced("new-model", "2", tier=1)
ALL_NEW = Rules(variants=(Variant("new", "new-model", Decimal(100)),))


async def test_its_model_comes_first_and_those_who_would_have_answered_stand_in() -> None:
    plan = await Desk((CHEAP, DEAR, NEW), ALL_NEW).plan(asked(SHORT, thread="t"))
    assert (ids(plan.hops), plan.variant) == (["new-model", "cheap", "dear"], "new")
    assert plan.why == 'this conversation is part of the experiment "new", which tries New-Model'


async def test_a_model_that_is_not_offered_or_may_not_answer_is_skipped_without_a_label() -> None:
    assert (await Desk((CHEAP, DEAR), ALL_NEW).plan(asked(SHORT, thread="t"))).variant == ""
    seeing = priced("seeing", "9", images=True)
    plan = await Desk((seeing, NEW), ALL_NEW).plan(asked(SHORT, pictures=1, thread="t"))
    assert (ids(plan.hops), plan.variant) == (["seeing"], "")


async def test_nor_are_those_it_is_compared_with_labelled_then() -> None:
    nobody_drawn = Rules(variants=(Variant("new", "new-model", Decimal("0.000001")),))
    assert (await Desk((CHEAP, NEW), nobody_drawn).plan(asked(SHORT, thread="t"))).variant == "control:new"
    assert (await Desk((CHEAP,), nobody_drawn).plan(asked(SHORT, thread="t"))).variant == ""


async def test_who_presses_better_model_is_in_no_experiment() -> None:
    rules = Rules(variants=(Variant("new", "new-model", Decimal(100), of="dear"),))
    plan = await Desk((CHEAP, DEAR, NEW), rules).plan(asked(SHORT, "dear", thread="t", improves="earlier"))
    assert (ids(plan.hops)[0], plan.variant) == ("dear", "")
    assert id_of(plan.better) is None
