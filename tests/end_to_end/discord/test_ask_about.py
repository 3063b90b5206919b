""" "Ask about this": a form first, and then a question about the message and what is attached to it."""

from tests.discord.interactions import Interaction
from tests.discord.state import Message
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

NAME = "Ask about this"


async def opened(house: DiscordHouse, message: Message) -> Interaction:
    """Ben chose it."""
    form = await house.feed.context_menu(NAME, message, user=house.town.ben)
    await house.quiet()
    assert form.ok and form.modal is not None
    return form


def asked(server: ProviderServer) -> str:
    return str(server.calls[-1].body["messages"][-1]["content"])


async def test_the_message_and_its_files_go_along_although_discord_shows_them_only_once(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        log = town.discord.add_file("log.txt", b"it broke", "text/plain")
        message = town.discord.say(f"it *deadlocks* {town.ben.mention}", user=town.anna, channel=town.general)
        message.mentioned = (town.ben,)
        message.attachments.append(log)
        form = await opened(house, message)
        assert "anna: it \\*deadlocks\\*" in town.discord.text_of(form.modal or {})
        sent = await house.feed.submit(form, {"Your question": "why?"})
        await house.quiet()
        assert sent.ok and "why?" in asked(server) and "log.txt" in asked(server) and "it broke" in asked(server)
        assert "It is about this message of anna's:\n```\nit *deadlocks* @ben\n```" in asked(server)
        assert not house.answers() and town.discord.ephemerals(town.ben)


async def test_everybody_reads_the_answer_where_its_asker_wants_that(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        form = await opened(house, town.discord.say("it deadlocks", user=town.anna, channel=town.general))
        await house.feed.submit(form, {"question": "why?", "where": ["here"]}, times=2)
        await house.quiet()
        assert len(server.calls) == len(house.answers()) == 1


async def test_an_answer_of_the_bots_is_asked_about_without_its_small_print(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        us = town.discord.bot_user
        answer = town.discord.say("Because.\n-# 0.3 cents · A Model", user=us, channel=town.general)
        await house.feed.submit(await opened(house, answer), {"question": "really?"})
        await house.quiet()
        assert asked(server).endswith("of Chipin's:\n```\nBecause.\n```")


async def test_a_form_outlives_a_restart(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        form = await opened(house, town.discord.say("it deadlocks", user=town.anna, channel=town.general))
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        await house.feed.submit(form, {"question": "why?"})
        await house.quiet()
        assert "it deadlocks" in asked(server)


async def test_nobody_reads_what_somebody_else_asked_about(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        form = await opened(house, town.discord.say("it deadlocks", user=town.anna, channel=town.general))
        await house.feed.submit(form, {"question": "why?"}, user=town.anna)
        await house.quiet()
        [told] = town.discord.ephemerals(town.anna)
        assert not server.calls and "not kept any more" in town.discord.text_of(told)
        assert "Not charged." in town.discord.text_of(told)


async def test_rights_are_looked_at_when_the_form_is_sent(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        form = await opened(house, town.discord.say("it deadlocks", user=town.anna, channel=town.general))
        town.discord.guild.members[town.ben.id].roles.clear()
        await house.feed.submit(form, {"question": "why?"})
        await house.quiet()
        assert not server.calls and await house.charged_nanos() == 0
