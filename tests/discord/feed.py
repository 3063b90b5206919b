"""The tests' hands: what people do in Discord, told to the app as Discord tells it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.discord import payloads, posting
from tests.discord.guild import Guild
from tests.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.discord.offers import NotOffered, offered
from tests.discord.people import Json, Role, User
from tests.discord.reading import found
from tests.discord.server import FakeDiscord
from tests.discord.sessions import Session
from tests.discord.state import Attachment, Channel, Message

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3


class Feed:
    """People act, the app hears of it by every session of the shard. What waits, waits for the acknowledgement.

    `forged=True`: sent although Discord's client would not offer it (rights, a button that is not shown).
    `times=2`: the same interaction or message, with the same id, twice. `sessions`: only these hear of it.
    """

    def __init__(self, discord: FakeDiscord, *, patience_seconds: float = 10.0) -> None:
        self.discord = discord
        self.patience_seconds = patience_seconds

    # --- interactions ---

    async def command(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: User,
        channel: Channel,
        forged: bool = False,
        **how: Any,
    ) -> Interaction:
        """`/name` (or `/name sub`, in one string) with these options. Values: str, int, User, Role, file ..."""
        command, path = self._offered(name, user, channel, forged)
        node = payloads.leaf(command, path)
        typed, resolved = payloads.typed_options(self.discord, node, options or {}, channel)
        data = payloads.command_data(
            self.discord, command, channel, options=payloads.nested(command, path, typed), **_filled(resolved)
        )
        return await self.deliver(self._new(COMMAND, data, user, channel), **how)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: User,
        channel: Channel,
        **how: Any,
    ) -> list[Json]:
        """What is offered while somebody types into an option; [] when no answer came."""
        command, path = self._offered(name, user, channel, False)
        node = payloads.leaf(command, path)
        if not next(each for each in node["options"] if each["name"] == option).get("autocomplete"):
            raise LookupError(f"{option} of /{name} has no autocomplete")
        values, resolved = payloads.typed_options(
            self.discord, node, {**(options or {}), option: typed}, channel, focused=option
        )
        data = payloads.command_data(
            self.discord, command, channel, options=payloads.nested(command, path, values), **_filled(resolved)
        )
        asked = await self.deliver(self._new(AUTOCOMPLETE, data, user, channel), **how)
        return asked.choices or []

    async def context_menu(
        self, name: str, message: Message, *, user: User, forged: bool = False, **how: Any
    ) -> Interaction:
        """Apps > `name` on a message: the app may read the whole of it."""
        channel = self.discord.channels[message.channel_id]
        command, _ = self._offered(name, user, channel, forged, kind=ON_MESSAGE)
        resolved = {"messages": {message.id: message.as_json()}}
        data = payloads.command_data(self.discord, command, channel, target_id=message.id, resolved=resolved)
        made = self._new(COMMAND, data, user, channel)
        made.metadata["target_message_id"] = message.id
        return await self.deliver(made, **how)

    async def press(
        self,
        on: Message,
        what: str,
        *,
        user: User,
        values: Sequence[Any] = (),
        forged: bool = False,
        **how: Any,
    ) -> Interaction:
        """Press (or choose) what is shown, by its custom_id or label. `forged`: this custom_id, shown or not."""
        if forged:
            component: Json = {"custom_id": what, "type": 2}
        else:
            if on.deleted or on.only_for not in ("", user.id):
                raise LookupError("they do not see that message")
            component = found(on.components, what)
        channel = self.discord.channels[on.channel_id]
        data = payloads.pressed_data(self.discord, component, list(values), channel)
        return await self.deliver(self._new(COMPONENT, data, user, channel, on), **how)

    async def submit(
        self, opened: Interaction, values: Mapping[str, Any] | None = None, *, user: User | None = None, **how: Any
    ) -> Interaction:
        """Send the modal that this interaction opened; `values` by custom_id or label."""
        if opened.modal is None:
            raise LookupError("it opened no modal")
        data = payloads.submitted_data(self.discord, opened.modal, values or {}, opened.channel)
        made = self._new(MODAL_SUBMIT, data, user or opened.user, opened.channel, opened.on)
        return await self.deliver(made, **how)

    async def again(self, interaction: Interaction, *, sessions: Iterable[Session] = ()) -> None:
        """The same interaction once more, with the same id and token."""
        self._tell(interaction, sessions)
        await asyncio.sleep(0)

    async def deliver(
        self, interaction: Interaction, *, times: int = 1, sessions: Iterable[Session] = (), wait: bool = True
    ) -> Interaction:
        """Tell the app, and wait until it is acknowledged (or until patience ends: then `.ok` is False)."""
        for _ in range(times):
            if not self._tell(interaction, sessions):
                raise RuntimeError("no session hears of it")
        if wait:
            try:
                async with asyncio.timeout(self.patience_seconds):
                    await interaction.acknowledged.wait()
            except TimeoutError:
                return interaction
        return interaction

    def _tell(self, interaction: Interaction, sessions: Iterable[Session]) -> int:
        guild_id = interaction.channel.guild_id
        return self.discord.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild_id, sessions=sessions)

    def _new(self, kind: int, data: Json, user: User, channel: Channel, on: Message | None = None) -> Interaction:
        return payloads.interaction(self.discord, kind, data, user=user, channel=channel, on=on)

    def _offered(
        self, name: str, user: User, channel: Channel, forged: bool, *, kind: int = SLASH
    ) -> tuple[Json, list[str]]:
        """The command, and the subcommands after it."""
        first, *path = name.split(" ") if kind == SLASH else [name]
        every = offered(self.discord, channel, None if forged else user)
        for command in every:
            if (command["name"], command["type"]) == (first, kind):
                return command, path
        raise NotOffered(f"{name!r} is not offered; there are {[each['name'] for each in every]}")

    def offers(self, user: User, channel: Channel, *, kind: int = SLASH) -> list[str]:
        """The names of the commands that Discord shows this user there."""
        return [each["name"] for each in offered(self.discord, channel, user) if each["type"] == kind]

    # --- messages ---

    async def say(
        self,
        text: str,
        *,
        user: User,
        channel: Channel,
        to: Message | None = None,
        ping: bool = True,
        files: Iterable[Attachment] = (),
        times: int = 1,
    ) -> Message:
        """Somebody writes in a channel, a thread or a DM; `to`: as a reply, which pings unless told not to."""
        allowed = None if ping or to is None else {"parse": ["users", "roles", "everyone"], "replied_user": False}
        fields = {"content": text, "allowed_mentions": allowed}
        message = self.discord.say(text, user=user, channel=channel, reply_to=to, attachments=list(files))
        posting.read_mentions(self.discord, message, fields)
        for _ in range(times):
            self.discord.gateway.message_event("MESSAGE_CREATE", message)
        await asyncio.sleep(0)
        return message

    async def mention(self, text: str, *, user: User, channel: Channel, **said: Any) -> Message:
        """`@Chipin text`."""
        return await self.say(f"{self.discord.bot_user.mention} {text}", user=user, channel=channel, **said)

    async def reply(self, to: Message, text: str, *, user: User, **said: Any) -> Message:
        """A reply, in the channel of what it answers."""
        return await self.say(text, user=user, channel=self.discord.channels[to.channel_id], to=to, **said)

    async def direct(self, text: str, *, user: User, **said: Any) -> Message:
        """A DM to the bot."""
        return await self.say(text, user=user, channel=self.discord.direct(user), **said)

    async def told_again(self, message: Message) -> None:
        """The same MESSAGE_CREATE once more."""
        self.discord.gateway.message_event("MESSAGE_CREATE", message)
        await asyncio.sleep(0)

    async def edited(self, message: Message, text: str) -> None:
        """Somebody edits what they said."""
        message.replace(self.discord.numbers.order(), self.discord.numbers.timestamp(), content=text)
        posting.read_mentions(self.discord, message, {}, edited=True)
        self.discord.gateway.message_event("MESSAGE_UPDATE", message)

    async def deleted(self, message: Message) -> None:
        """Somebody deletes it."""
        posting.remove(self.discord, message)

    # --- guilds ---

    async def invited(self, guild: Guild) -> None:
        """The bot comes into a guild (back into it, where it was removed)."""
        discord = self.discord
        guild.present = True
        if discord.bot_user.id not in guild.members:
            guild.add_member(discord.bot_user, guild.own_role)
        for session in discord.gateway.sessions:
            told = guild.created_json(discord.told_members(guild, session.intents), joined=True)
            discord.gateway.dispatch("GUILD_CREATE", told, guild.id, sessions=[session])

    async def removed(self, guild: Guild) -> None:
        """The bot is removed from a guild."""
        self.discord.remove_bot(guild)

    async def changed(self, thing: Guild | Role | Channel, guild: Guild | None = None) -> None:
        """An admin changed a guild, a role or a channel: change the record first, then tell."""
        home = guild or self.discord.guild
        if isinstance(thing, Guild):
            event, told = "GUILD_UPDATE", thing.as_json()
            home = thing
        elif isinstance(thing, Role):
            event, told = "GUILD_ROLE_UPDATE", {"guild_id": home.id, "role": thing.as_json()}
        else:
            event, told = ("THREAD_UPDATE" if thing.is_thread else "CHANNEL_UPDATE"), thing.as_json()
        self.discord.gateway.dispatch(event, told, home.id)

    async def left(self, user: User, guild: Guild | None = None) -> None:
        """Somebody leaves a guild (or is kicked): told only where the privileged intent allows."""
        home = guild or self.discord.guild
        del home.members[user.id]
        told = {"guild_id": home.id, "user": user.as_json()}
        self.discord.gateway.dispatch("GUILD_MEMBER_REMOVE", told, home.id)


def _filled(resolved: Json) -> Json:
    return {"resolved": resolved} if resolved else {}
