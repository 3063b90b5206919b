"""The operator's key or money at a provider is gone: what askers read, and what admins are told, with two replicas."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from core.events import AskEvent, Finished
from core.provider_trouble import SURE_AFTER_MS, TROUBLE
from tests.end_to_end.house import PLACE, House, a_house, charged
from tests.end_to_end.later import LaterClock
from tests.end_to_end.test_three_providers import CHEAPEST, RULES
from tests.end_to_end.town import a_town, answered
from tests.fakes import Noticeboard
from tests.provider_behaviours import good, status
from tests.provider_server import ProviderServer

TOLD = {401: "does not accept this bot's API key any more", 402: "has run out of money"}
SURE = timedelta(milliseconds=SURE_AFTER_MS)
READS = {401: "did not accept this bot's key", 402: "has run out of funds"}


async def rounds(*replicas: House) -> list[str]:
    """What admins are told of providers by the rounds of these processes, all at one moment, and once more."""
    board = Noticeboard(PLACE.platform, (PLACE.workspace,))
    for _ in range(2):
        await asyncio.gather(*(house.app.alerts.provider_trouble.run() for house in replicas))
        await asyncio.gather(*(house.app.use_cases.notices.run(board) for house in replicas))
    return [notice.words for notice in board.notices if notice.kind == TROUBLE]


def assert_not_charged(events: list[AskEvent], reads: str) -> None:
    """They read what is wrong, and that it cost nothing; and it did cost nothing."""
    end = events[-1]
    assert isinstance(end, Finished), end
    assert (end.receipt.charged_nanos, end.receipt.lines) == (0, ())
    assert reads in end.sentence and end.sentence.endswith("Not charged.")


@pytest.mark.parametrize("code", [401, 402])
async def test_with_one_provider_nobody_is_charged_and_admins_are_told_once(
    postgres_url: str, server: ProviderServer, code: int
) -> None:
    server.answer_with(status(code))
    clock = LaterClock()
    async with (
        a_house(postgres_url, server, clock=clock) as one,
        a_house(postgres_url, server, nanos=0, clock=clock) as two,
    ):
        before = (await one.wallet()).available_nanos
        asked = await asyncio.gather(*(house.hear() for house in (one, two) for _ in range(3)))
        asked += [await house.hear() for house in (one, two)]
        for events in asked:
            assert_not_charged(events, READS[code])
        (words,) = await rounds(one, two)
        assert TOLD[code] in words and "asks fail, and nothing is charged" in words
        assert await rounds(two, one) == []
        server.answer_with(good())
        clock.later += SURE
        for house in (one, two):
            house.forgive()
        spent = charged(await two.hear()) + charged(await one.hear()) + charged(await one.hear())
        assert await rounds(one, two) == ["OpenAI answers again."]
        assert await rounds(two, one) == []
        assert (await one.wallet()).available_nanos == before - spent
        await one.assert_at_rest()


@pytest.mark.parametrize("code", [401, pytest.param(402, marks=pytest.mark.soak)])
async def test_where_another_provider_answers_askers_notice_nothing_and_admins_are_told_once(
    postgres_url: str, tmp_path: Path, code: int
) -> None:
    clock = LaterClock()
    async with (
        a_town(postgres_url, tmp_path, rules=RULES, clock=clock) as one,
        a_town(postgres_url, tmp_path, rules=RULES, clock=clock) as two,
    ):
        for town in (one, two):
            town.company(CHEAPEST).acts = lambda: status(code)
        for town in (one, two):
            heard = await asyncio.gather(*map(town.ask, range(3)))
            assert all(map(answered, heard))
            assert 0 < town.calls_at(CHEAPEST) < len(town.log)
        (words,) = await rounds(one.house, two.house)
        assert TOLD[code] in words and "Meanwhile asks go to " in words
        assert await rounds(two.house, one.house) == []
        clock.later += SURE
        for town in (one, two):
            town.company(CHEAPEST).acts = lambda: "Two wait."
            town.house.forgive()
            assert answered(await town.ask(7))
            assert town.calls_for(7)[-1].provider == CHEAPEST
        assert [each.endswith(" answers again.") for each in await rounds(one.house, two.house)] == [True]
        assert await rounds(two.house, one.house) == []
        await one.house.assert_at_rest()
