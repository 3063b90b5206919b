"""The connection is lost in the middle of things: nothing is lost, and everything is answered and charged once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.discord.app import DiscordChat, DiscordConfig
from adapters.discord.shards import Replica
from bot.clock import SystemClock
from bot.wiring import wire
from core.leases import Leases
from tests.adapters.discord.connected import Machine
from tests.discord.faults import Call
from tests.discord.gateway import Gateway
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.fakes import FakeClock, MemoryBooks
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.waiting import until

FASTER = 20
Loss = Callable[[Gateway], Awaitable[None]]
LOSSES: dict[str, Loss] = {
    "cut": lambda gateway: gateway.drop(),
    "session timed out": lambda gateway: gateway.drop(4009),
    "told to reconnect": lambda gateway: gateway.reconnect(),
    "told that it is over": lambda gateway: gateway.invalidate(),
}


class HurriedClock(SystemClock):
    """The real time, only that waiting is shorter."""

    def monotonic(self) -> float:
        return time.monotonic() * FASTER

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FASTER)


def told(house: DiscordHouse) -> list[str]:
    """What stands in #general of the bot's."""
    return [text_of(each) for each in house.answers()]


async def asked_once(house: DiscordHouse, words: str) -> None:
    """One answer with these words, one call, one charge."""
    await house.quiet()
    assert sum(words in text for text in told(house)) == 1, told(house)
    assert len(house.provider.calls) == 1
    [request] = await house.requests()
    assert request["cost_nanos"] == await house.charged_nanos() > 0


@pytest.mark.parametrize("lost", LOSSES)
async def test_an_answer_that_streams_goes_on_without_the_connection(
    town: Town, sqlite_url: str, server: ProviderServer, lost: str
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(town, sqlite_url, server, clock=HurriedClock()) as house:
        await house.feed.mention("why?", user=town.ben, channel=town.general)
        await until(lambda: any("First." in text for text in told(house)))
        await LOSSES[lost](town.discord.gateway)
        opened.set()
        await until(lambda: any("First. Last." in text for text in told(house)))
        await until(lambda: any(each.up for each in house.chat.shards) and bool(town.discord.gateway.live))
        await asked_once(house, "First. Last.")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_command_that_comes_when_the_connection_breaks_is_answered_once(
    town: Town, sqlite_url: str, server: ProviderServer, moment: str
) -> None:
    async with chipin_in(town, sqlite_url, server, clock=HurriedClock()) as house:
        await until(lambda: bool(house.feed.offers(town.ben, town.general)))
        drop = town.discord.gateway.drop_at("INTERACTION_CREATE", moment)  # type: ignore[arg-type]  # one of the two
        typed = await house.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)
        assert typed.ok and drop.struck
        await until(lambda: bool(house.answers()))
        await asked_once(house, "A deadlock is two")
        assert town.discord.gateway.resumes == 1


async def test_a_connection_that_breaks_while_a_command_is_acknowledged_takes_nothing_with_it(
    town: Town, sqlite_url: str, server: ProviderServer
) -> None:
    async with chipin_in(town, sqlite_url, server, clock=HurriedClock()) as house:
        await until(lambda: bool(house.feed.offers(town.ben, town.general)))
        town.discord.fail("create_interaction_response", gateway="before", times=1)
        assert (await house.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)).ok
        await until(lambda: bool(house.answers()))
        await until(lambda: any(each.up for each in house.chat.shards) and bool(town.discord.gateway.live))
        await asked_once(house, "A deadlock is two")


@asynccontextmanager
async def another_that_thinks_it_alone_is_connected(house: DiscordHouse) -> AsyncIterator[DiscordChat]:
    """One more replica on the same books, that nobody has told of leases: two sessions, as when one is taken over."""
    discord = house.discord
    config = DiscordConfig(api_url=discord.api_url, gateway_url=discord.gateway_url, token=discord.token)
    async with wire(house.app.settings, practice=False) as app:
        alone = Replica(Leases(MemoryBooks(FakeClock()), FakeClock()), Machine().process("other"))
        chat = DiscordChat(app.use_cases, config, app.clock, replica=alone, drawing=app.drawing)
        running = asyncio.create_task(chat.run())
        try:
            await discord.gateway.connected(2)
            await until(lambda: bool(chat.servers.reachable))
            yield chat
            await until(lambda: chat.tasks.idle and not app.use_cases.asks.running)
        finally:
            chat.leave()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_what_two_replicas_are_told_is_answered_once(
    town: Town, postgres_url: str, server: ProviderServer, way: str
) -> None:
    async with (
        chipin_in(town, postgres_url, server) as house,
        another_that_thinks_it_alone_is_connected(house),
    ):
        await until(lambda: bool(house.feed.offers(town.ben, town.general)))
        if way == "command":
            assert (await house.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)).ok
        else:
            await house.feed.mention("why?", user=town.ben, channel=town.general)
        await until(lambda: bool(house.answers()))
        await asked_once(house, "A deadlock is two")
        assert len(house.answers()) == 1


async def test_an_answer_is_whole_though_its_first_message_was_still_on_its_way_at_the_end(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """Discord took it, and says so too late: posted again under the same nonce it is what was posted before."""

    def in_general(call: Call) -> bool:
        return town.general.id in call.parameters.values()

    async with chipin_in(town, sqlite_url, server, clock=HurriedClock()) as house:
        slow = town.discord.fail("create_message", stall="after", times=1, when=in_general)
        await house.feed.mention("what is a deadlock?", user=town.ben, channel=town.general)
        await until(lambda: len(list(filter(in_general, town.discord.calls_of("create_message")))) > 1)
        slow.release()
        await house.quiet()
        assert await house.charged_nanos() > 0
        [answer] = house.answers()
        assert "Details" in [each["label"] for each in town.discord.buttons(answer)]
