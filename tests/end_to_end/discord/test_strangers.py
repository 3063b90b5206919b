"""Who may not ask spends nothing, by any way in: apps, webhooks, people without the role, newcomers, other servers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.discord.people import Overwrite, User
from tests.discord.permissions import May
from tests.discord.town import Town
from tests.end_to_end.discord.hands import balance, presses, told, types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

Way = Callable[[DiscordHouse, User], Awaitable[Any]]


async def by_mention(house: DiscordHouse, user: User) -> None:
    await house.feed.mention("why?", user=user, channel=house.town.general)


async def by_reply(house: DiscordHouse, user: User) -> None:
    ours = house.discord.say("Because.", user=house.discord.bot_user, channel=house.town.general)
    await house.feed.reply(ours, "why?", user=user)


async def in_a_thread(house: DiscordHouse, user: User) -> None:
    guild = house.discord.guild
    thread = guild.add_thread(house.town.general, "deadlocks", 11, house.town.anna)
    house.discord.gateway.dispatch("THREAD_CREATE", thread.as_json(), guild.id)
    await house.feed.mention("why?", user=user, channel=thread)


async def in_direct(house: DiscordHouse, user: User) -> None:
    await house.feed.direct("why?", user=user)


async def by_command(house: DiscordHouse, user: User) -> None:
    await house.feed.command("ask", {"prompt": "why?"}, user=user, channel=house.town.general, forged=True)


async def by_menu(house: DiscordHouse, user: User) -> None:
    message = house.discord.say("it deadlocks", user=house.town.anna, channel=house.town.general)
    form = await house.feed.context_menu("Ask about this", message, user=user, forged=True)
    await house.quiet()
    await house.feed.submit(form, {"question": "why?"})


WAYS: tuple[Way, ...] = (by_mention, by_reply, in_a_thread, in_direct, by_command, by_menu)


async def spends_nothing(house: DiscordHouse, server: ProviderServer, way: Way, user: User) -> None:
    await way(house, user)
    await house.quiet()
    assert (server.calls, await house.charged_nanos()) == ([], 0)


@pytest.mark.parametrize("way", WAYS)
async def test_until_a_role_is_allowed_only_admins_ask_by_any_way_in(
    sqlite_url: str, server: ProviderServer, town: Town, way: Way
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("hello", user=town.anna, channel=town.general)
        await house.quiet()
        assert len(server.calls) == 1
        server.calls.clear()
        before, carl = await house.charged_nanos(), town.discord.add_member("carl")
        await way(house, carl)
        await house.quiet()
        assert (server.calls, await house.charged_nanos()) == ([], before)


async def test_a_press_under_somebody_elses_answer_asks_nothing_in_its_name(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("what is a deadlock?", user=town.ben, channel=town.general)
        await house.quiet()
        calls, charged, carl = len(server.calls), await house.charged_nanos(), town.discord.add_member("carl")
        for each in [button for answer in house.answers() for button in town.discord.buttons(answer)]:
            await house.feed.press(house.answers()[-1], each["custom_id"], user=carl, forged=True)
            await house.quiet()
        assert (len(server.calls), await house.charged_nanos()) == (calls, charged)


@pytest.mark.parametrize("way", WAYS)
async def test_who_has_not_agreed_to_the_servers_rules_may_not_ask(
    sqlite_url: str, server: ProviderServer, town: Town, way: Way
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        carl = town.discord.add_member("carl")
        town.discord.guild.members[carl.id].pending = True
        await spends_nothing(house, server, way, carl)


async def test_apps_and_webhooks_ask_nothing_and_are_answered_nothing(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        other = town.discord.add_member("buildbot", town.crew, bot=True)
        await house.feed.mention("why?", user=other, channel=town.general)
        ours = town.discord.say("Because.", user=town.discord.bot_user, channel=town.general)
        await house.feed.reply(ours, "why?", user=other)
        await house.feed.direct("why?", user=other)
        us = town.discord.bot_user.mention
        for told in ({"webhook_id": "5"}, {"system_type": 7}, {"system_type": 18}, {"author": town.discord.bot_user}):
            fields: dict[str, Any] = {"user": town.ben} | told
            message = town.discord.say(f"{us} why?", user=town.ben, channel=town.general)
            message.mentioned = (town.discord.bot_user,)
            message.webhook_id = str(fields.get("webhook_id", ""))
            message.system_type = int(fields.get("system_type", 0))
            message.author = fields.get("author", message.author)
            await house.feed.told_again(message)
        await house.quiet()
        said = [each for each in house.answers() if each is not ours and "why?" not in each.content]
        assert (server.calls, await house.requests(), said) == ([], [], [])


async def test_a_server_that_is_not_listed_has_no_effect_in_the_books(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    other = town.discord.add_guild("Elsewhere")
    general = other.add_channel("general")
    eve = town.discord.add_member("eve", guild=other)
    listed = {"teams": f"discord:{town.discord.guild.id}"}
    async with chipin_in(town, sqlite_url, server, settings=listed) as house:
        await house.feed.mention("why?", user=eve, channel=general)
        await house.feed.mention("why?", user=other.owner, channel=general)
        await house.feed.direct("why?", user=eve)
        await house.quiet()
        assert (server.calls, await house.requests()) == ([], [])
        assert await house.app.use_cases.homes.of("discord", eve.id) == ()


async def test_what_somebody_is_permitted_in_one_channel_makes_them_no_admin(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """Whoever manages a channel may permit anything in it: who looks after the server is said by its roles."""
    everything = int(May.MANAGE_GUILD | May.ADMINISTRATOR)
    town.general.overwrites[town.ben.id] = Overwrite(town.ben.id, allow=everything, of_member=True)
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.ben, "topup", amount="5", reason="books")
        assert "Only admins" in told(typed) and await balance(house) == 1


@pytest.mark.parametrize("sent", ["not_now {guild}", "decide_deny req_1 {guild}", "undo top_1 {guild}"])
async def test_a_press_of_what_does_not_stand_in_a_message_leaves_it_as_it_was(
    sqlite_url: str, server: ProviderServer, town: Town, sent: str
) -> None:
    """Else whoever can call Discord's API could write over somebody else's answer."""
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("what is a deadlock?", user=town.anna, channel=town.general)
        await house.quiet()
        [answer] = house.answers()
        before, custom_id = answer.as_json(), sent.format(guild=town.discord.guild.id)
        pressed = await presses(house, town.ben, answer, custom_id, forged=True)
        assert answer.as_json() == before and [each.is_ephemeral for each in pressed.followed] == [True]
