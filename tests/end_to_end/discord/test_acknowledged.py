"""Discord hears at once that something arrived, whatever stands still behind it; and it is done once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.discord.app import DiscordChat
from bot.discord import discord_chat
from bot.wiring import wire
from core import tasks
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.hands import balance, carried, knows_commands, told, types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.end_to_end.slack.locks import locked
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.waiting import until

MANY = 50
ACKNOWLEDGES = "create_interaction_response"


async def test_questions_are_acknowledged_while_provider_and_database_stand_still(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """All at once: each is acknowledged before anything is written, asked, or said to Discord."""
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        await house.quiet()
        before = len(town.discord.calls)
        with locked(sqlite_url):
            heard = await asyncio.gather(
                *(
                    house.feed.command("ask", {"prompt": f"question {number}"}, user=town.ben, channel=town.general)
                    for number in range(MANY)
                )
            )
            assert [each.deferred for each in heard] == [True] * MANY
            assert not server.calls
            assert {call.operation for call in town.discord.calls[before:]} == {ACKNOWLEDGES}
        opened.set()
        await house.quiet()
        assert len(await house.requests()) == MANY
        assert all(not each.original.is_loading for each in heard if each.original is not None)


async def test_the_first_that_discord_hears_is_the_acknowledgement_whatever_comes_in(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        await types(house, town.ben, "request", amount="7", reason="a demo")
        said = (await types(house, town.anna, "admin request list")).original
        assert said is not None
        await house.quiet()
        before, general = len(town.discord.calls), town.general
        guild = town.discord.guild.id
        with locked(sqlite_url):
            heard = [
                await house.feed.command("balance", user=town.ben, channel=general),
                await house.feed.command("topup", {"amount": "5", "reason": "x"}, user=town.anna, channel=general),
                await house.feed.press(said, "Approve", user=town.anna),
                await house.feed.press(said, "nobody knows this", user=town.anna, forged=True),
                await house.feed.press(said, f"open_topup {guild}", user=town.anna, forged=True),
            ]
            heard.append(await house.feed.submit(heard[-1], {"amount": "5"}))
            assert await house.feed.autocomplete("ask", "model", "", user=town.ben, channel=general)
            acknowledging = [call for call in town.discord.calls[before:] if call.operation == ACKNOWLEDGES]
            assert all(each.ok for each in heard) and len(acknowledging) == len(heard) + 1
        await house.quiet()


async def test_the_same_interaction_is_done_once_however_often_it_comes(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        before = await balance(house)
        given, general = {"amount": "25", "reason": "x"}, town.general
        typed = await house.feed.command("topup", given, user=town.anna, channel=general, times=3)
        asked = await house.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=general, times=3)
        await house.quiet()
        for each in (typed, asked):
            await house.feed.again(each)
        await house.quiet()
        assert await balance(house) == before + 25
        assert len(server.calls) == len(await house.requests()) == 1


@asynccontextmanager
async def another_process(house: DiscordHouse) -> AsyncIterator[DiscordChat]:
    """A process on the same books that hears everything too, as one does that does not know yet that it may no more."""
    token = house.app.settings.discord_token
    assert token is not None
    async with wire(house.app.settings, practice=False) as app:
        chat = discord_chat(app, token)
        await chat.client.login(token.get_secret_value())
        connected = asyncio.create_task(chat.client.connect())
        try:
            await until(lambda: bool(chat.servers.reachable))
            yield chat
        finally:
            await chat.close()
            await asyncio.gather(connected, return_exceptions=True)


async def test_two_processes_that_hear_of_it_do_it_once(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as one, another_process(one) as two:
        await knows_commands(one)

        async def heard_by_both(interactions: int) -> None:
            await until(lambda: len(town.discord.calls_of(ACKNOWLEDGES)) == 2 * interactions)
            await until(lambda: two.tasks.idle)
            await one.quiet()

        before, general, given = await balance(one), town.general, {"amount": "500", "reason": "x"}
        unusual = await one.feed.command("topup", given, user=town.anna, channel=general)
        asked = await one.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=general)
        await heard_by_both(2)
        assert unusual.original is not None
        await one.feed.press(unusual.original, "Record it", user=town.anna)
        await heard_by_both(3)
        assert await balance(one) == before + 500
        assert len(server.calls) == len(await one.requests()) == 1 and told(asked)


async def test_who_comes_when_there_is_no_room_is_told_so(
    sqlite_url: str, server: ProviderServer, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        await house.quiet()
        with monkeypatch.context() as crowded:
            crowded.setattr(tasks, "MOST_TASKS", 0)
            typed = await types(house, town.anna, "topup", amount="5", reason="x")
            asked = await types(house, town.ben, "ask", prompt="why?")
        assert "more to do than it can" in told(typed)
        assert "more to do than it can" in told(asked)
        assert not server.calls


async def test_what_came_too_late_is_not_done(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    """Nobody would read what became of it."""
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        before = await balance(house)
        town.discord.acknowledge_within_seconds = -1.0
        house.feed.patience_seconds = 0.1
        typed = await house.feed.command("topup", {"amount": "5", "reason": "x"}, user=town.anna, channel=town.general)
        await house.quiet()
        assert not typed.ok and await balance(house) == before


async def test_an_acknowledgement_whose_reply_is_lost_is_no_loss(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await knows_commands(house)
        before = await balance(house)
        lost = town.discord.fail(ACKNOWLEDGES, drop="after", times=1)
        typed = await types(house, town.anna, "topup", amount="5", reason="x")
        assert lost.fired == 1
        assert "Recorded $5.00" in told(typed) and await balance(house) == before + 5


async def test_a_press_by_who_lost_their_rights_does_nothing(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.anna, "topup", amount="500", reason="all")
        assert typed.original is not None
        before, agree = await balance(house), carried(typed.original, "Record it")
        town.discord.guild.members[town.anna.id].roles.clear()
        pressed = await house.feed.press(typed.original, agree, user=town.anna, forged=True)
        await house.quiet()
        assert "Only admins" in text_of(pressed.followed[0])
        assert await balance(house) == before
