"""What people do reaches discord.py as Discord tells it, and what the app answers comes back to the test."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import discord as dpy
import pytest
from discord import app_commands

from tests.discord.bot import INTENTS, running
from tests.discord.feed import ON_MESSAGE, Feed
from tests.discord.offers import NotOffered
from tests.discord.permissions import May
from tests.discord.state import EPHEMERAL
from tests.discord.town import Town
from tests.waiting import until

QUIET: dict[str, Any] = {"allowed_mentions": dpy.AllowedMentions.none()}


@dataclass
class Heard:
    """What the app below was told."""

    options: list[Any] = field(default_factory=list)
    messages: list[dpy.Message] = field(default_factory=list)
    interactions: list[dpy.Interaction] = field(default_factory=list)


class Form(dpy.ui.Modal, title="Top up"):
    amount: dpy.ui.Label["Form"] = dpy.ui.Label(text="How much?", component=dpy.ui.TextInput(custom_id="amount"))
    kind: dpy.ui.Label["Form"] = dpy.ui.Label(
        text="Which?",
        component=dpy.ui.Select(custom_id="kind", options=[dpy.SelectOption(label="Gift", value="gift")]),
    )

    def __init__(self, heard: Heard) -> None:
        super().__init__(custom_id="form")
        self._heard = heard

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        amount, kind = self.amount.component, self.kind.component
        assert isinstance(amount, dpy.ui.TextInput) and isinstance(kind, dpy.ui.Select)
        self._heard.options += [amount.value, kind.values]
        await interaction.response.defer(ephemeral=True, thinking=amount.value != "0")


class Buttons(dpy.ui.View):
    @dpy.ui.button(label="Press", custom_id="press")
    async def press(self, interaction: dpy.Interaction, _: "dpy.ui.Button[Buttons]") -> None:
        await interaction.response.defer()


def app(heard: Heard) -> tuple[dpy.Client, app_commands.CommandTree]:
    client = dpy.Client(intents=INTENTS)
    tree = app_commands.CommandTree(client)

    @client.event
    async def on_message(message: dpy.Message) -> None:
        heard.messages.append(message)

    @client.event
    async def on_interaction(interaction: dpy.Interaction) -> None:
        heard.interactions.append(interaction)

    @tree.command(name="ask", description="Ask")
    async def ask(interaction: dpy.Interaction, prompt: str, file: dpy.Attachment | None = None) -> None:
        heard.options += [prompt, await file.read() if file else None]
        view = Buttons(timeout=None)
        await interaction.response.send_message("ok", suppress_embeds=True, view=view, **QUIET)

    @ask.autocomplete("prompt")
    async def prompts(_: dpy.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value=typed)]

    @tree.command(name="topup", description="Top up")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def topup(interaction: dpy.Interaction) -> None:
        await interaction.response.send_modal(Form(heard))

    admin = app_commands.Group(name="admin", description="Look after it", guild_only=True)

    @admin.command(name="allow", description="Allow a role")
    async def allow(interaction: dpy.Interaction, role: dpy.Role, who: dpy.Member, where: dpy.TextChannel) -> None:
        heard.options += [role.name, who.name, where.id]
        await interaction.response.defer(ephemeral=True)

    tree.add_command(admin)

    @tree.context_menu(name="Ask about this")
    async def about(interaction: dpy.Interaction, message: dpy.Message) -> None:
        heard.options.append(message.content)
        await interaction.response.defer(ephemeral=True)

    return client, tree


@pytest.fixture
async def heard(town: Town) -> AsyncIterator[Heard]:
    """What an app with a few commands hears, while it runs."""
    told = Heard()
    client, tree = app(told)
    async with running(town.discord, client):
        await tree.sync()
        yield told


async def test_a_command_carries_its_options_and_where_it_comes_from(town: Town, feed: Feed, heard: Heard) -> None:
    file = town.discord.add_file("notes.txt", b"notes", "text/plain")
    asked = await feed.command("ask", {"prompt": "why?", "file": file}, user=town.ben, channel=town.general)
    assert heard.options == ["why?", b"notes"]
    [told] = heard.interactions
    assert isinstance(told.user, dpy.Member) and [role.name for role in told.user.roles] == ["@everyone", "crew"]
    assert (str(told.guild_id), str(told.channel_id)) == (town.discord.guild.id, town.general.id)
    assert told.permissions.send_messages and not told.permissions.manage_guild
    assert told.app_permissions.send_messages and told.context.guild and told.filesize_limit == 10 * 1024 * 1024
    assert (asked.callback, asked.said[0].content) == (4, "ok")


async def test_a_subcommand_resolves_roles_members_and_channels(town: Town, feed: Feed, heard: Heard) -> None:
    options = {"role": town.crew, "who": town.ben, "where": town.general}
    with pytest.raises(NotOffered):
        await feed.command("admins allow", options, user=town.anna, channel=town.general)
    allowed = await feed.command("admin allow", options, user=town.anna, channel=town.general)
    assert heard.options == ["crew", "ben", int(town.general.id)]
    assert allowed.ephemeral


async def test_the_client_keeps_what_does_not_fit(town: Town, feed: Feed, heard: Heard) -> None:
    where: dict[str, Any] = {"user": town.ben, "channel": town.general}
    with pytest.raises(ValueError, match="required"):
        await feed.command("ask", {}, **where)
    with pytest.raises(ValueError, match="takes no int"):
        await feed.command("ask", {"prompt": 5}, **where)
    with pytest.raises(ValueError, match="no option"):
        await feed.command("ask", {"prompt": "x", "colour": "red"}, **where)
    assert not heard.interactions


async def test_a_command_is_offered_only_to_whom_and_where_it_is_for(town: Town, feed: Feed, heard: Heard) -> None:
    assert feed.offers(town.anna, town.general) == ["ask", "topup", "admin"]
    assert feed.offers(town.ben, town.general) == ["ask", "admin"]
    assert feed.offers(town.ben, town.discord.direct(town.ben)) == ["ask"]
    assert feed.offers(town.ben, town.general, kind=ON_MESSAGE) == ["Ask about this"]
    with pytest.raises(NotOffered):
        await feed.command("topup", user=town.ben, channel=town.general)
    forged = await feed.command("topup", user=town.ben, channel=town.general, forged=True)
    assert forged.modal is not None
    town.general.overwrite(town.discord.guild.everyone, deny=May.USE_APPLICATION_COMMANDS)
    assert feed.offers(town.ben, town.general) == []


async def test_what_is_typed_is_completed(town: Town, feed: Feed, heard: Heard) -> None:
    choices = await feed.autocomplete("ask", "prompt", "wh", user=town.ben, channel=town.general)
    assert choices == [{"name": "wh!", "value": "wh"}]
    with pytest.raises(LookupError):
        await feed.autocomplete("ask", "file", "x", user=town.ben, channel=town.general)


async def test_a_modal_is_sent_with_what_stands_in_it(town: Town, feed: Feed, heard: Heard) -> None:
    opened = await feed.command("topup", user=town.anna, channel=town.general)
    with pytest.raises(ValueError, match="How much"):
        await feed.submit(opened, {"kind": "gift"})
    with pytest.raises(LookupError):
        await feed.submit(opened, {"How much?": "5", "kind": "gift", "colour": "red"})
    sent = await feed.submit(opened, {"How much?": "5", "kind": "gift"})
    assert heard.options == ["5", ["gift"]] and sent.ok and sent.ephemeral


async def test_a_button_is_pressed_by_label_or_id_where_it_is_shown(town: Town, feed: Feed, heard: Heard) -> None:
    asked = await feed.command("ask", {"prompt": "x"}, user=town.ben, channel=town.general)
    assert asked.original is not None
    pressed = await feed.press(asked.original, "Press", user=town.anna)
    assert pressed.callback == 6 and pressed.original is asked.original
    assert (await feed.press(asked.original, "press", user=town.ben)).ok
    with pytest.raises(LookupError, match="there are"):
        await feed.press(asked.original, "Details", user=town.ben)
    asked.original.only_for = town.ben.id
    with pytest.raises(LookupError, match="do not see"):
        await feed.press(asked.original, "Press", user=town.anna)
    assert (await feed.press(asked.original, "press", user=town.anna, forged=True)).ok


async def test_a_context_menu_hands_over_the_whole_message(town: Town, feed: Feed, heard: Heard) -> None:
    said = await feed.say("among us", user=town.anna, channel=town.general)
    about = await feed.context_menu("Ask about this", said, user=town.ben)
    assert heard.options == ["among us"] and about.ok
    await until(lambda: len(heard.messages) == 1)
    assert heard.messages[0].content == ""  # the gateway told less


async def test_the_same_interaction_comes_twice_with_one_id(town: Town, feed: Feed, heard: Heard) -> None:
    asked = await feed.command("ask", {"prompt": "x"}, user=town.ben, channel=town.general, times=2)
    await feed.again(asked)
    await until(lambda: len(heard.interactions) == 3)
    assert len({told.id for told in heard.interactions}) == 1
    await until(lambda: len(town.discord.calls_of("create_interaction_response")) == 3)
    assert len(town.discord.calls_of("create_interaction_response", taken=True)) == 1


async def test_what_is_said_to_the_bot_is_heard_in_full(town: Town, feed: Feed, heard: Heard) -> None:
    discord = town.discord
    answer = discord.say("42", user=discord.bot_user, channel=town.general)
    file = discord.add_file("notes.txt", b"notes", "text/plain")
    await feed.mention("why?", user=town.ben, channel=town.general, files=[file])
    await feed.reply(answer, "and now?", user=town.ben)
    await feed.reply(answer, "quietly", user=town.ben, ping=False)
    await feed.direct("psst", user=town.ben, times=2)
    await until(lambda: len(heard.messages) == 5)
    mention, reply, quiet, direct, again = heard.messages
    assert mention.content == f"{discord.bot_user.mention} why?" and await mention.attachments[0].read() == b"notes"
    assert reply.content == "and now?" and reply.reference is not None and reply.reference.resolved is not None
    assert isinstance(reply.reference.resolved, dpy.Message) and reply.reference.resolved.content == "42"
    assert quiet.content == "" and not quiet.mentions
    assert direct.content == "psst" and direct.guild is None and again.id == direct.id
    assert isinstance(mention.author, dpy.Member) and [role.name for role in mention.author.roles][1:] == ["crew"]


async def test_a_modal_is_answered_for_oneself_or_just_closed(town: Town, feed: Feed, heard: Heard) -> None:
    opened = await feed.command("topup", user=town.anna, channel=town.general)
    sent = await feed.submit(opened, {"amount": "5", "Which?": "gift"})
    assert sent.original is not None and sent.original.flags & EPHEMERAL
    again = await feed.command("topup", user=town.anna, channel=town.general)
    closed = await feed.submit(again, {"amount": "0", "Which?": "gift"})
    assert closed.callback == 6 and closed.original is None
