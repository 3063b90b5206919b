"""Names of an operator's own that people can ask for, and the caps they carry."""

from decimal import Decimal

import pytest

from core.errors import NobodyAnswers, NoModelFits, ProviderUnreachable, UnknownModel
from core.routing.rules import MaxPriceFor, Route, Rules
from tests.core.routing.planning import ALL, HARD, PLAIN, SHORT, Desk, asked, id_of, ids

CHEAP_OR_SOLID = Route("house", ("plain", "solid"), max_price_usd=Decimal("1.5"))


async def test_a_route_is_its_models_in_order_whatever_the_question() -> None:
    desk = Desk(ALL, Rules(routes=(Route("house", ("solid", "tiny")),)))
    plan = await desk.plan(asked(HARD, "House"))
    assert (ids(plan.hops), plan.route) == (["solid", "tiny"], "house")
    assert plan.why == 'the route "house" leads to Solid'


async def test_the_cap_of_a_route_binds_the_whole_chain_unless_it_is_for_the_first_only() -> None:
    desk = Desk(ALL, Rules(routes=(CHEAP_OR_SOLID,)))
    assert ids((await desk.plan(asked(SHORT, "house"))).hops) == ["plain"]
    first_only = Route("house", ("plain", "solid"), Decimal("1.5"), MaxPriceFor.FIRST)
    assert ids((await Desk(ALL, Rules(routes=(first_only,))).plan(asked(SHORT, "house"))).hops) == ["plain", "solid"]


async def test_a_first_model_above_its_cap_gives_way_and_it_is_said() -> None:
    first_only = Route("house", ("smart", "solid"), Decimal("1.5"), MaxPriceFor.FIRST)
    plan = await Desk(ALL, Rules(routes=(first_only,))).plan(asked(SHORT, "house"))
    assert ids(plan.hops) == ["solid"]
    assert plan.why == (
        'the route "house" leads to Solid, as Smart would cost more than $1.50 per million tokens (max_price)'
    )


async def test_a_route_with_nothing_within_its_cap_says_so() -> None:
    desk = Desk(ALL, Rules(routes=(Route("house", ("smart", "genius"), Decimal("1.5")),)))
    with pytest.raises(NoModelFits, match=r"None of the 2 models here can.*2 would cost more than \$1\.50"):
        await desk.plan(asked(SHORT, "house"))


async def test_the_cap_of_a_route_holds_for_what_is_offered_beside_it_too() -> None:
    plan = await Desk(ALL, Rules(routes=(CHEAP_OR_SOLID,))).plan(asked(SHORT, "house"))
    assert (id_of(plan.better), id_of(plan.cheaper)) == (None, "tiny")


async def test_a_route_may_take_the_place_of_auto() -> None:
    desk = Desk(ALL, Rules(routes=(Route("auto", ("solid", "plain")),)))
    plan = await desk.plan(SHORT)
    assert (ids(plan.hops), plan.route) == (["solid", "plain"], "auto")


async def test_what_holds_for_all_holds_on_a_route() -> None:
    desk = Desk(ALL, Rules(routes=(Route("house", ("solid", "plain")),), ignore=("other",)))
    assert ids((await desk.plan(asked(SHORT, "house"))).hops) == ["plain"]


async def test_a_route_whose_models_are_all_away_or_not_there_is_a_sentence() -> None:
    desk = Desk(ALL, Rules(routes=(CHEAP_OR_SOLID, Route("empty", ("gone",))), allowed_fails=1))
    desk.health.failed(PLAIN, ProviderUnreachable("Gone."))
    with pytest.raises(NobodyAnswers, match="Plain has not answered since"):
        await desk.plan(asked(SHORT, "house"))
    with pytest.raises(UnknownModel, match="None of that route's models is connected here"):
        await desk.plan(asked(SHORT, "empty"))
