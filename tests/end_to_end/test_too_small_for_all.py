"""A wallet and quotas that are too small for everything that is asked: nothing overspent, nothing lost, nothing idle.

Four members ask with two tasks each, one question at a time a member. Every answer costs the same, every tenth call
fails. The wallet pays for so many answers; two of the members may have so many in the month. What is affordable is
counted by hand: an ask is, as long as the wallet (and the member's month) has its worst case at the shortest length.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from typing import Any

import pytest
from aiohttp import web

from core.events import Ending, Finished, Refused
from tests.end_to_end.house import House, a_house, catalogue_price, sampled
from tests.end_to_end.replicas import Tell, results
from tests.provider_behaviours import Behaviour, Body, counted, empty_answer, good, reset_after, status
from tests.provider_server import ProviderServer

ANSWER_TOKENS = 512
PRICE = catalogue_price("gpt-6.1-terra", input=12, output=ANSWER_TOKENS)
FAILURES = (status(503), status(500), reset_after(()), empty_answer())
POOR, RICH = ("Ida", "Jon"), ("Kim", "Lea")
SERVED_AT_LEAST_PERCENT = 95


@dataclass(frozen=True)
class Load:
    """How much is asked by each of the eight tasks, how many answers there is money for, and the longest answer.

    An answer may be `output_tokens` long: the longer, the more each ask holds, and the fewer run at one time.
    """

    asks: int
    wallet_answers: int
    month_answers: int
    output_tokens: int


SHORT = Load(asks=4, wallet_answers=14, month_answers=3, output_tokens=4_096)
LONG = Load(asks=100, wallet_answers=500, month_answers=100, output_tokens=76_800)
LOADS = [SHORT, pytest.param(LONG, marks=pytest.mark.soak)]


@dataclass(frozen=True)
class Asked:
    """One ask of a member and how it ended; `ending` is empty when it was refused."""

    member: str
    ending: str
    charged_nanos: int
    sentence: str


def fails_every_tenth() -> Behaviour:
    """Good answers of one length, and one failure of some kind in ten calls."""
    answer, numbers = good(usage=counted(12, ANSWER_TOKENS)), count(1)

    async def answers(request: web.Request, body: Body) -> web.StreamResponse:
        number = next(numbers)
        behaviour = FAILURES[number // 10 % len(FAILURES)] if number % 10 == 0 else answer
        return await behaviour(request, body)

    return answers


def numbers_for(load: Load) -> dict[str, Any]:
    """One ask a member at a time, as long as it may be, without a question about its price."""
    return {
        "max_in_flight": 1,
        "max_output_tokens": load.output_tokens,
        "confirm_above_nanos": 10**12,
        "member_day_absorbed_nanos": 10**12,
        "hold_wait_seconds": 20,
    }


async def ask_all(url: str, base_url: str, load: Load, names: Sequence[str], tell: Tell) -> list[Asked]:
    """One process with a task for each name."""
    del tell
    async with a_house(url, base_url, nanos=0, **numbers_for(load)) as house:
        return list(chain(*await asyncio.gather(*(ask_on(house, name, load.asks) for name in names))))


async def ask_on(house: House, name: str, asks: int) -> list[Asked]:
    """One task: a question after the other."""
    member = await house.member(name)
    return [ended(name, (await house.hear(member=member))[-1]) for _ in range(asks)]


def ended(name: str, end: object) -> Asked:
    """How it ended."""
    if isinstance(end, Finished):
        return Asked(name, end.ending, end.receipt.charged_nanos, end.sentence)
    assert isinstance(end, Refused)
    return Asked(name, "", 0, end.sentence)


async def prepare(house: House, load: Load) -> int:
    """Put the budget in and set the limits. Returns the budget: the last of its answers is a short one."""
    shortest = (await house.plan()).floor_nanos
    for name in POOR:
        await house.limit(await house.member(name), shortest + (load.month_answers - 1) * PRICE)
    budget = shortest + (load.wallet_answers - 1) * PRICE
    await house.top_up(budget)
    return budget


def affordable(load: Load, asks: Sequence[Asked]) -> int:
    """How many of them there was money for, failures aside."""
    answerable = {
        name: sum(ask.member == name and ask.ending in ("", Ending.ANSWERED) for ask in asks) for name in (*POOR, *RICH)
    }
    poor = sum(min(answerable[name], load.month_answers) for name in POOR)
    return min(load.wallet_answers, poor + sum(answerable[name] for name in RICH))


async def assert_nothing_overspent_and_nothing_lost(
    house: House, load: Load, budget: int, asks: Sequence[Asked], samples: Sequence[int]
) -> None:
    answered = [ask for ask in asks if ask.ending == Ending.ANSWERED]
    assert len(asks) == 8 * load.asks
    assert {ask.charged_nanos for ask in answered} == {PRICE}
    assert all(ask.charged_nanos == 0 and "Not charged." in ask.sentence for ask in asks if ask not in answered)
    assert 100 * len(answered) >= SERVED_AT_LEAST_PERCENT * affordable(load, asks)
    assert len(answered) <= affordable(load, asks)
    assert (await house.wallet()).available_nanos == budget - PRICE * len(answered)
    assert len(samples) > 1 and min(samples) >= 0
    await house.assert_at_rest()


@pytest.mark.parametrize("load", LOADS)
async def test_two_processes_with_too_little_for_all(postgres_url: str, server: ProviderServer, load: Load) -> None:
    server.answer_with(fails_every_tenth())
    async with a_house(postgres_url, server, nanos=0, **numbers_for(load)) as house:
        budget = await prepare(house, load)
        job = partial(ask_all, postgres_url, server.base_url, load, (*POOR, *RICH))
        async with sampled(house) as samples:
            asks = list(chain(*await results(job, job)))
        await assert_nothing_overspent_and_nothing_lost(house, load, budget, asks, samples)


@pytest.mark.parametrize("load", LOADS)
async def test_one_process_with_too_little_for_all(sqlite_url: str, server: ProviderServer, load: Load) -> None:
    server.answer_with(fails_every_tenth())
    async with a_house(sqlite_url, server, nanos=0, **numbers_for(load)) as house:
        budget = await prepare(house, load)
        async with sampled(house) as samples:
            asks = list(chain(*await asyncio.gather(*(ask_on(house, name, load.asks) for name in (*POOR, *RICH) * 2))))
        await assert_nothing_overspent_and_nothing_lost(house, load, budget, asks, samples)
