"""The real discord.py over real sockets: logged in, told, answered, cut off and back."""

import discord as dpy
from discord import app_commands

from tests.discord.bot import INTENTS, running
from tests.discord.feed import Feed
from tests.discord.town import Town
from tests.waiting import until

QUIET = dpy.AllowedMentions.none()


async def test_a_command_is_deferred_answered_and_followed(town: Town, feed: Feed) -> None:
    client = dpy.Client(intents=INTENTS)
    tree = app_commands.CommandTree(client)

    @tree.command(name="ask", description="Ask")
    async def ask(interaction: dpy.Interaction, prompt: str) -> None:
        await interaction.response.defer()
        await interaction.followup.send(prompt.upper(), suppress_embeds=True, allowed_mentions=QUIET)
        await interaction.followup.send("more", ephemeral=True, suppress_embeds=True, allowed_mentions=QUIET)

    async with running(town.discord, client):
        await tree.sync()
        asked = await feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)
        assert asked.ok and asked.deferred
        await until(lambda: len(asked.said) == 2)
    assert [(each.content, each.only_for) for each in asked.said] == [("WHY?", ""), ("more", town.ben.id)]
    assert town.discord.answers(town.general) == [asked.original]


async def test_what_is_missed_is_heard_after_resuming_and_only_what_is_meant_for_the_bot(
    town: Town, feed: Feed
) -> None:
    client = dpy.Client(intents=INTENTS)
    heard: list[str] = []

    @client.event
    async def on_message(message: dpy.Message) -> None:
        heard.append(message.content)

    async with running(town.discord, client):
        await feed.mention("one", user=town.ben, channel=town.general)
        await feed.say("among us", user=town.ben, channel=town.general)
        await town.discord.gateway.drop()
        await feed.mention("two", user=town.ben, channel=town.general)
        await feed.direct("three", user=town.anna)
        await until(lambda: len(heard) == 4)
    bot = town.discord.bot_user.mention
    assert heard == [f"{bot} one", "", f"{bot} two", "three"]
    assert (town.discord.gateway.identified, town.discord.gateway.resumes) == (1, 1)
