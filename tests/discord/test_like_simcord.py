"""Two Discords agree: what this one tells discord.py and refuses, simcord's tells and refuses too.

simcord (a Discord in the process of the bot) was written by others from the same documentation. It is not asked where
it is simpler than Discord: an empty message (50006), a reply to what is gone, a nonce that is enforced.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord as dpy
import pytest
import simcord
from discord import app_commands

from tests.discord.bot import INTENTS, running
from tests.discord.building import QUIET, V2, button, row, text
from tests.discord.calling import call
from tests.discord.feed import Feed
from tests.discord.people import Json
from tests.discord.town import a_discord
from tests.waiting import until

Facts = dict[str, Any]


class App(dpy.Client):
    """An app with two commands, which writes down what it hears."""

    def __init__(self) -> None:
        super().__init__(intents=INTENTS, guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[Facts] = []
        self.tree.add_command(app_commands.Command(name="ask", description="Ask", callback=self.ask))
        topup = app_commands.Command[Any, Any, Any](name="topup", description="Top up", callback=self.topup)
        topup.default_permissions, topup.guild_only = dpy.Permissions(manage_guild=True), True
        self.tree.add_command(topup)

    async def ask(self, interaction: dpy.Interaction, prompt: str, who: dpy.Member | None = None) -> None:
        assert isinstance(interaction.user, dpy.Member)
        self.heard.append(
            {
                "prompt": prompt,
                "who": who and who.name,
                "by": (interaction.user.name, [role.name for role in interaction.user.roles]),
                "may": (interaction.permissions.send_messages, interaction.permissions.manage_guild),
                "where": (interaction.context.guild, interaction.channel and str(interaction.channel)),
                "version": (interaction.type, interaction.version, interaction.locale),
            }
        )
        await interaction.response.defer()

    async def topup(self, interaction: dpy.Interaction) -> None:
        self.heard.append({"topup": interaction.user.name})
        await interaction.response.defer(ephemeral=True)

    async def on_message(self, message: dpy.Message) -> None:
        if message.author != self.user:
            kinds = (message.type, message.guild is None, bool(message.mentions), type(message.author))
            self.heard.append({"said": message.content.rpartition(" ")[2], "how": kinds})


@dataclass
class Side:
    """One of the two Discords: the same hands on both."""

    app: App
    channel_id: str
    slash: Callable[..., Awaitable[Any]]
    say: Callable[[str], Awaitable[Any]]
    direct: Callable[[str], Awaitable[Any]]
    offered: Callable[[], list[str]]

    async def call(self, method: str, path: str, body: Json | None = None, **parameters: Any) -> tuple[int, int] | Json:
        """What a call is answered, or how it is refused."""
        try:
            answer = await call(self.app.http, method, path, body, **parameters)
        except dpy.HTTPException as refused:
            return refused.status, refused.code
        return dict(answer) if answer else {}

    async def post(self, **fields: Any) -> tuple[int, int] | Json:
        return await self.call("POST", "/channels/{channel_id}/messages", fields, channel_id=self.channel_id)


@asynccontextmanager
async def ours() -> AsyncIterator[Side]:
    async with a_discord() as town:
        feed, discord = Feed(town.discord), town.discord
        where: Any = {"user": town.ben, "channel": town.general}
        async with running(discord, App()) as app:
            await app.tree.sync()

            async def slash(name: str, **options: Any) -> Any:
                asked = await feed.command(name, options, **where)
                assert asked.ok

            async def say(words: str) -> Any:
                await feed.say(words.replace("BOT", discord.bot_user.mention), **where)

            yield Side(
                *(app, town.general.id, slash, say, lambda words: feed.direct(words, user=town.ben)),
                lambda: feed.offers(town.ben, town.general),
            )
        discord.violations.clear()  # what is sent here is wrong on purpose


@asynccontextmanager
async def theirs() -> AsyncIterator[Side]:
    app = App()
    async with simcord.run(app) as env:
        guild = env.create_guild("Home")
        channel = guild.create_text_channel("general")
        ben = guild.add_member(env.create_user("ben"), roles=[guild.create_role("crew")])
        await app.tree.sync()
        assert app.user is not None
        mention = app.user.mention
        yield Side(
            *(app, str(channel.id), lambda name, **options: ben.slash(channel, name, **options)),
            *(lambda words: ben.send(channel, words.replace("BOT", mention)), ben.send_dm),
            lambda: list(ben.available_commands(channel)),
        )


async def both(played: Callable[[Side], Awaitable[Any]]) -> Any:
    """What came of it on both sides, which must be one and the same."""
    async with ours() as side:
        here = await played(side)
    async with theirs() as side:
        there = await played(side)
    assert here == there
    return here


async def test_a_command_is_told_alike() -> None:
    async def played(side: Side) -> list[Facts]:
        await side.slash("ask", prompt="why?")
        return side.app.heard

    [told] = await both(played)
    assert told["by"] == ("ben", ["@everyone", "crew"]) and told["may"] == (True, False)


async def test_messages_say_what_is_meant_for_the_bot_and_no_more() -> None:
    async def played(side: Side) -> list[Facts]:
        await side.say("secret")
        await side.say("BOT why?")
        await side.direct("psst")
        await until(lambda: len(side.app.heard) == 3)
        return side.app.heard

    assert [told["said"] for told in await both(played)] == ["", "why?", "psst"]


async def test_a_command_is_offered_alike() -> None:
    async def played(side: Side) -> list[str]:
        return sorted(side.offered())

    assert await both(played) == ["ask"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"content": "x" * 2001}, (400, 50035)),
        ({"flags": V2["flags"], "content": "x", "components": [text()]}, (400, 50035)),
        ({"content": "x", "components": [row(button("a"), button("a"))]}, (400, 50035)),
        ({"content": "x", "components": [row(*(button(str(each)) for each in range(6)))]}, (400, 50035)),
        ({"content": "x", "components": [text()]}, (400, 50035)),
        ({"flags": V2["flags"], "components": [text("x" * 2001), text("x" * 2000)]}, (400, 50035)),
        ({"flags": V2["flags"], "components": [text()] * 41}, (400, 50035)),
    ],
)
async def test_what_is_refused_here_is_refused_there(fields: Json, refusal: tuple[int, int]) -> None:
    async def played(side: Side) -> Any:
        return await side.post(**{**QUIET, **fields})

    assert await both(played) == refusal


async def test_a_message_is_answered_alike() -> None:
    async def played(side: Side) -> Facts:
        first = await side.post(**QUIET, content="hello")
        assert isinstance(first, dict)
        route = "/channels/{channel_id}/messages/{message_id}"
        where: Any = {"channel_id": side.channel_id}
        edited = await side.call("PATCH", route, {**QUIET, "content": "two"}, **where, message_id=first["id"])
        gone = await side.call("DELETE", route, **where, message_id=first["id"])
        missing = await side.call("GET", route, **where, message_id=first["id"])
        stranger = await side.call("GET", "/channels/{channel_id}", channel_id="1")
        assert isinstance(edited, dict)
        return {
            "first": [first.get(name) for name in ("content", "flags", "type", "edited_timestamp")],
            "edited": (edited["content"], edited["edited_timestamp"] is not None),
            "refused": (gone, missing, stranger),
        }

    told = await both(played)
    assert told["refused"] == ({}, (404, 10008), (404, 10003))
