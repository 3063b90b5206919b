"""The real discord.py over real sockets: logged in, told, answered, cut off and back."""

from typing import Any, Literal

import discord as dpy
import pytest
from discord import app_commands

from tests.discord.bot import INTENTS, pointed_at, running
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


class Listening(dpy.Client):
    """What a client heard, in order."""

    def __init__(self, **how: Any) -> None:
        super().__init__(intents=how.pop("intents", INTENTS), **how)
        self.heard: list[str] = []

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py waits five seconds before it identifies again."""

    async def on_message(self, message: dpy.Message) -> None:
        self.heard.append(message.content.rpartition(" ")[2])

    async def on_interaction(self, interaction: dpy.Interaction) -> None:
        self.heard.append(str(interaction.id))

    async def on_guild_join(self, guild: dpy.Guild) -> None:
        self.heard.append(f"+{guild.name}")

    async def on_guild_remove(self, guild: dpy.Guild) -> None:
        self.heard.append(f"-{guild.name}")

    async def on_member_remove(self, member: dpy.Member) -> None:
        self.heard.append(f"left {member.name}")

    async def has_heard(self, *things: str) -> None:
        await until(lambda: len(self.heard) >= len(things))
        assert self.heard == list(things)


async def said(town: Town, feed: Feed, *words: str) -> None:
    for word in words:
        await feed.direct(word, user=town.ben)


async def test_a_reconnect_asked_for_by_discord_is_a_resume(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening()) as client:
        await town.discord.gateway.reconnect()
        await until(lambda: town.discord.gateway.resumes == 1)
        await said(town, feed, "one")
        await client.has_heard("one")


async def test_a_close_code_decides_whether_a_session_is_resumed(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening()) as client:
        await town.discord.gateway.drop(4000)
        await said(town, feed, "one")
        await client.has_heard("one")
        assert (town.discord.gateway.identified, town.discord.gateway.resumes) == (1, 1)


async def test_an_invalidated_session_is_begun_anew_and_what_was_missed_is_lost(town: Town, feed: Feed) -> None:
    gateway = town.discord.gateway
    async with running(town.discord, Listening()) as client:
        gateway.refuses_resume = True
        await gateway.drop()
        await said(town, feed, "lost")
        await until(lambda: gateway.identified == 2)
        await gateway.connected()
        await said(town, feed, "heard")
        await client.has_heard("heard")
        await gateway.invalidate()
        await until(lambda: gateway.identified == 3)
        await gateway.connected()
        await said(town, feed, "again")
        await client.has_heard("heard", "again")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_connection_breaks_at_a_chosen_event(
    town: Town, feed: Feed, moment: Literal["before", "after"]
) -> None:
    async with running(town.discord, Listening()) as client:
        drop = town.discord.gateway.drop_at("MESSAGE_CREATE", moment)
        await said(town, feed, "one", "two")
        await client.has_heard("one", "two")  # once each, whether it was missed or not
        assert drop.struck and town.discord.gateway.resumes == 1


async def test_the_gateway_breaks_when_a_call_comes_in(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening()) as client:
        fault = town.discord.fail("create_message", gateway="before", times=1)
        await client.get_partial_messageable(int(town.general.id)).send(
            "x", suppress_embeds=True, allowed_mentions=QUIET
        )
        assert fault.fired == 1
        await said(town, feed, "one")
        await client.has_heard("x", "one")


async def test_two_replicas_both_hear_and_one_may_be_told_alone(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening()) as one, running(town.discord, Listening()) as two:
        await town.discord.gateway.connected(2)
        await said(town, feed, "both")
        await one.has_heard("both")
        await two.has_heard("both")
        first, _ = town.discord.gateway.live
        card = town.discord.say("card", user=town.discord.bot_user, channel=town.general)
        pressed = await feed.press(card, "x", user=town.ben, forged=True, sessions=[first], wait=False)
        await until(lambda: len(one.heard) + len(two.heard) == 3)
        assert sorted([one.heard, two.heard], key=len) == [["both"], ["both", pressed.id]]


async def test_each_shard_hears_of_its_own_guilds_and_the_first_of_direct_messages(town: Town, feed: Feed) -> None:
    discord = town.discord
    guilds = [discord.add_guild(str(number), shard=(number, 2)) for number in range(2)]
    async with (
        running(discord, Listening(shard_id=0, shard_count=2)) as zero,
        running(discord, Listening(shard_id=1, shard_count=2)) as one,
    ):
        await discord.gateway.connected(2)
        for guild in guilds:
            guild.add_member(town.ben)
            await feed.mention(guild.name, user=town.ben, channel=guild.add_channel("general"))
        await said(town, feed, "direct")
        await zero.has_heard("0", "direct")
        await one.has_heard("1")


async def test_guilds_come_and_go(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening(guild_ready_timeout=0.0)) as client:
        await client.wait_until_ready()
        other = town.discord.add_guild("Other")
        await feed.invited(other)
        await feed.removed(other)
        await feed.left(town.ben)  # told to nobody without the privileged intent
        await said(town, feed, "one")
        await client.has_heard("+Other", "-Other", "one")


async def test_a_privileged_intent_must_be_switched_on(town: Town, feed: Feed) -> None:
    intents = dpy.Intents(guilds=True, members=True, dm_messages=True)
    client = Listening(intents=intents, chunk_guilds_at_startup=False)
    with pointed_at(town.discord), pytest.raises(dpy.PrivilegedIntentsRequired):
        await client.start(town.discord.token)
    await client.close()
    town.discord.privileged = 1 << 1
    async with running(town.discord, Listening(intents=intents, chunk_guilds_at_startup=False)) as told:
        await feed.left(town.ben)
        await told.has_heard("left ben")


async def test_a_wrong_token_is_told_by_the_gateway_too(town: Town) -> None:
    client = Listening()
    with pointed_at(town.discord):
        await client.login(town.discord.token)
        town.discord.token = "another"
        with pytest.raises(dpy.ConnectionClosed) as closed:
            await client.connect()
    assert closed.value.code == 4004
    await client.close()


async def test_a_connection_that_is_not_acknowledged_any_more_is_left(town: Town, feed: Feed) -> None:
    town.discord.gateway.heartbeat_seconds = 0.05
    async with running(town.discord, Listening(heartbeat_timeout=0.2)) as client:
        town.discord.gateway.silent = True
        await until(lambda: town.discord.gateway.resumes >= 1)
        town.discord.gateway.silent = False
        await said(town, feed, "one")
        await client.has_heard("one")


async def test_members_are_told_who_are_asked_for(town: Town) -> None:
    async with running(town.discord, Listening(guild_ready_timeout=0.0)) as client:
        await client.wait_until_ready()
        guild = client.get_guild(int(town.discord.guild.id))
        assert guild is not None
        found = await guild.query_members(user_ids=[int(town.ben.id), 5])
        assert [member.name for member in found] == ["ben"]
        assert [member.name for member in await guild.query_members("an")] == ["anna"]


async def test_what_admins_change_is_told(town: Town, feed: Feed) -> None:
    async with running(town.discord, Listening(guild_ready_timeout=0.0)) as client:
        await client.wait_until_ready()
        home = town.discord.guild
        guild = client.get_guild(int(home.id))
        assert guild is not None
        home.name, town.crew.name, town.general.name = "House", "team", "all"
        for thing in (home, town.crew, town.general):
            await feed.changed(thing)
        await said(town, feed, "told")
        await client.has_heard("told")
        role, channel = guild.get_role(int(town.crew.id)), guild.get_channel(int(town.general.id))
        assert (guild.name, role and role.name, channel and channel.name) == ("House", "team", "all")
