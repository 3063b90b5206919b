"""Twenty asks at one instant, and money for exactly one: one reaches the provider, nobody overspends.

The provider bills every hold to its last nano-dollar, nobody waits, and no limit on running asks helps.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web

from core.defaults import MAX_OUTPUT_TOKENS
from core.events import AskEvent, Finished, Refused
from core.people import Member
from tests.core.asking.house import kinds
from tests.databases import short_on_sqlite
from tests.end_to_end.house import PLACE, House, a_house, charged, enrolled, sampled
from tests.provider_behaviours import Behaviour, Body, cap_of, counted, good
from tests.provider_server import ProviderServer

TWENTY = 20
PLENTY = 100_000_000_000
NO_HELP: dict[str, Any] = {"hold_wait_seconds": 0, "max_in_flight": 1_000}
RUNS = [0, *(pytest.param(run, marks=pytest.mark.soak) for run in range(1, 12))]


def bills_the_whole_hold(input_at_most: int) -> Behaviour:
    """Every token of the worst case, at its dearest rate; the first word takes a moment."""
    answer = good(usage=lambda body: counted(input_at_most, cap_of(body), cache_write_tokens=input_at_most))

    async def after_a_moment(request: web.Request, body: Body) -> web.StreamResponse:
        await asyncio.sleep(0.1)
        return await answer(request, body)

    return after_a_moment


async def ask_as(house: House, members: Sequence[Member]) -> list[list[AskEvent]]:
    """Everybody asks at one instant."""
    return list(await asyncio.gather(*(house.hear(member=member) for member in members)))


async def assert_one_was_answered(
    house: House, server: ProviderServer, asks: list[list[AskEvent]], samples: list[int], says: str
) -> None:
    ends = [events[-1] for events in asks]
    assert sorted(kinds(ends)) == ["Finished"] + ["Refused"] * (TWENTY - 1)
    assert len(server.calls) == 1
    for end in ends:
        if isinstance(end, Refused):
            assert says in end.sentence and end.sentence.endswith("Not charged.")
    assert len(samples) > 1
    assert min(samples) >= 0
    await house.assert_at_rest()


@pytest.mark.parametrize("run", RUNS)
async def test_twenty_asks_with_money_for_one(database_url: str, server: ProviderServer, run: int) -> None:
    async with a_house(database_url, server, nanos=0, **NO_HELP) as house:
        plan = await house.plan()
        server.answer_with(bills_the_whole_hold(plan.input_at_most_tokens))
        await house.top_up(plan.at_most_nanos)
        async with sampled(house) as samples:
            asks = await ask_as(house, [house.anna] * TWENTY)
        await assert_one_was_answered(house, server, asks, samples, "team wallet is ")
        answered = next(events for events in asks if isinstance(events[-1], Finished))
        assert charged(answered) == plan.at_most_nanos
        assert (await house.wallet()).available_nanos == 0


@pytest.mark.parametrize("run", RUNS)
async def test_twenty_asks_with_a_monthly_limit_for_one(database_url: str, server: ProviderServer, run: int) -> None:
    async with a_house(database_url, server, nanos=PLENTY, **NO_HELP) as house:
        plan = await house.plan()
        server.answer_with(bills_the_whole_hold(plan.input_at_most_tokens))
        ben = await house.limit(await house.member("Ben"), plan.at_most_nanos)
        async with sampled(house) as samples:
            asks = await ask_as(house, [ben] * TWENTY)
        await assert_one_was_answered(house, server, asks, samples, "Your monthly limit is reached")
        assert (await house.wallet()).available_nanos == PLENTY - plan.at_most_nanos
        assert (await house.app.use_cases.balances.of(ben, PLACE)).month_used_nanos == plan.at_most_nanos


@pytest.mark.parametrize("run", RUNS)
async def test_twenty_new_members_with_money_for_one(database_url: str, server: ProviderServer, run: int) -> None:
    async with a_house(database_url, server, nanos=0, **NO_HELP) as house:
        plan = await house.plan()
        server.answer_with(bills_the_whole_hold(plan.input_at_most_tokens))
        await house.top_up(plan.at_most_nanos)

        async def join_and_ask(name: str) -> list[AskEvent]:
            return await house.hear(member=await enrolled(house.app, name))

        async with sampled(house) as samples:
            asks = list(await asyncio.gather(*(join_and_ask(f"new-{number}") for number in range(TWENTY))))
        await assert_one_was_answered(house, server, asks, samples, "team wallet is ")
        assert len(await house.rows("SELECT id FROM member")) == TWENTY + 1
        assert len(await house.rows("SELECT id FROM wallet")) == 1


async def test_twenty_asks_over_three_processes_with_money_for_one(database_url: str, server: ProviderServer) -> None:
    async with (
        a_house(database_url, server, nanos=0, **NO_HELP) as one,
        a_house(database_url, server, nanos=0, **NO_HELP) as two,
        a_house(database_url, server, nanos=0, **NO_HELP) as three,
    ):
        plan = await one.plan()
        server.answer_with(bills_the_whole_hold(plan.input_at_most_tokens))
        await one.top_up(plan.at_most_nanos)
        async with sampled(one) as samples:
            houses = [(one, two, three)[number % 3] for number in range(TWENTY)]
            asks = list(await asyncio.gather(*(house.hear() for house in houses)))
        await assert_one_was_answered(one, server, asks, samples, "team wallet is ")


@short_on_sqlite
async def test_twenty_members_with_money_for_all_are_all_served_although_few_fit_at_a_time(
    database_url: str, server: ProviderServer
) -> None:
    """Money for three holds, and answers that cost a fraction: waiting turns refusals into answers."""
    async with a_house(database_url, server, nanos=0, hold_wait_seconds=20, max_in_flight=1_000) as house:
        plan = await house.plan()
        await house.top_up(3 * plan.at_most_nanos)
        asks = await ask_as(house, [house.anna] * TWENTY)
        assert kinds([events[-1] for events in asks]) == ["Finished"] * TWENTY
        await house.assert_at_rest()
    assert len(server.calls) == TWENTY
    assert {cap_of(call.body) for call in server.calls} == {MAX_OUTPUT_TOKENS}
