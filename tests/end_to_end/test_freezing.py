"""Frozen beside a running process: what streams finishes and is charged, everything else is refused, nobody else is."""

import asyncio
from contextlib import AsyncExitStack

from bot.freezing import set_frozen
from core.events import Delta, Refused, Waiting
from tests.databases import short_on_sqlite
from tests.end_to_end.house import PLACE, a_house, charged
from tests.provider_behaviours import gate, good
from tests.provider_server import ProviderServer

PAUSED = "Asking is paused for {} by whoever runs Chipin; only they can let it go on. Not charged."


async def test_what_streams_is_charged_and_what_waits_or_comes_is_refused(
    database_url: str, server: ProviderServer
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened), good())
    async with a_house(database_url, server, nanos=0, hold_wait_seconds=20) as house:
        await house.top_up((await house.plan()).at_most_nanos)
        async with AsyncExitStack() as readers:
            answer = aiter(await readers.enter_async_context(house.start()))
            while not isinstance(await anext(answer), Delta):
                pass
            events = aiter(await readers.enter_async_context(house.start()))
            while not isinstance(await anext(events), Waiting):
                pass
            assert await set_frozen(house.app.settings, "", "", frozen=True) == (
                "Team: asking is paused.",
                "Running asks finish and are charged; new ones are refused. /balance and /topup work as ever.",
            )
            refused = [event async for event in events][-1]
            opened.set()
            assert charged([event async for event in answer]) > 0
        assert refused == Refused(PAUSED.format("this team"))
        assert (await house.hear())[-1] == refused
        assert len(server.calls) == 1
        assert await set_frozen(house.app.settings, "", "", frozen=False) == ("Team: asking goes on.",)
        await house.top_up(10**9)
        assert charged(await house.hear()) > 0
        await house.assert_at_rest()


@short_on_sqlite
async def test_one_member_is_frozen_by_name_id_or_identity(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        ben, settings = await house.member("Ben"), house.app.settings
        for named in ("ben", ben.id, "terminal:one/Ben"):
            assert (await set_frozen(settings, "member", named, frozen=True))[0] == "Ben of Team: asking is paused."
            assert (await house.hear(member=ben))[-1] == Refused(PAUSED.format("you"))
            assert charged(await house.hear()) > 0
            assert await set_frozen(settings, "member", named, frozen=False) == ("Ben of Team: asking goes on.",)
        assert charged(await house.hear(member=ben)) > 0


@short_on_sqlite
async def test_the_balance_says_that_asking_is_paused_and_budget_still_comes(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server) as house:
        await set_frozen(house.app.settings, "team", "TEAM", frozen=True)
        anna = await house.member("Anna")
        balance = await house.app.use_cases.balances.of(anna, PLACE)
        assert (balance.team_frozen, balance.member_frozen, balance.paused_by_operator) == (True, False, True)
        before = balance.wallet.balance_nanos
        await house.app.use_cases.top_ups.record(anna, "5", "", confirmed=True, request_key="five")
        assert (await house.wallet()).balance_nanos == before + 5_000_000_000
