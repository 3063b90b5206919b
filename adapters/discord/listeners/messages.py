"""What people say. Discord tells it once and wants no acknowledgement: what is a question is claimed at once.

a mention         of the bot, or of the role that it came with
a reply           to a message of the bot's; without the ping Discord does not show what it says
a direct message  to the bot alone: a server of its author's pays (adapters/discord/homes.py)

What other apps, webhooks and Discord itself write is no question, and no edit is: two bots never begin to talk.
"""

from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

import discord
import structlog

from adapters.discord.api import DiscordApi, DiscordFailed
from adapters.discord.asking import Asked, Asking
from adapters.discord.conversation.gathering import Belonging, Belongings
from adapters.discord.conversation.said import plain_text
from adapters.discord.homes import HomeServers, ToChoose
from adapters.discord.origin import Origin, of_message
from adapters.discord.servers import Servers
from adapters.discord.views.homes import CHOOSE, home_card
from core.attached import Attached
from core.errors import BooksFailed
from core.tags import tag_in
from core.tasks import Tasks
from core.text.wording import NOT_CHARGED, not_asked

MOST_HELPED = 1_000
HELP = (
    'Mention me together with a question, as in "@Chipin why does my migration deadlock?". Discord shows me only '
    "messages that mention me, replies to me with the ping on, and what you write to me alone. "
    f"Type / to see everything else. {NOT_CHARGED}"
)
HELP_IN_DIRECT = f"Write me a question. To choose which of your servers pays for it, write {CHOOSE}. {NOT_CHARGED}"
OF_A_COMMAND = (
    "Discord does not show me replies to what a command answered. Mention me in your reply, and I can read it. "
    f"{NOT_CHARGED}"
)
NO_PLACE = f"Discord did not say where this is, so nothing was asked. Ask again in a minute. {NOT_CHARGED}"
_OF_PEOPLE = frozenset({discord.MessageType.default, discord.MessageType.reply})
_THREADS = frozenset({10, 11, 12})
"""The types of channels that are threads (resources/channel, "Channel Types")."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody said. `answered` is the message that it answers, if any; `goes_on`: it answers Chipin."""

    origin: Origin
    text: str
    files: tuple[Attached, ...] = ()
    answered: str = ""
    goes_on: bool = False
    tag: str = ""


class Messages:
    """Listens to what is said."""

    def __init__(
        self,
        api: DiscordApi,
        servers: Servers,
        asking: Asking,
        *,
        belongings: Belongings,
        homes: HomeServers,
        tasks: Tasks,
    ) -> None:
        self._api = api
        self._servers = servers
        self._asking = asking
        self._belongings = belongings
        self._homes = homes
        self._tasks = tasks
        self._helped: dict[str, None] = {}

    async def said(self, message: discord.Message) -> None:
        """Somebody wrote something."""
        if not _is_somebodys(message):
            return
        heard = self._heard(message)
        if isinstance(message.channel, discord.DMChannel):
            self._later(self._in_direct(heard))
        elif message.guild is None:  # of a server that the bot was removed from just now
            return
        elif self._is_to_us(message):
            placed = not isinstance(message.channel, discord.PartialMessageable)
            self._ask(heard) if placed else self._later(self._in_unknown(heard))
        elif _is_reply_to_command(message, self._servers.bot_user_id) and not message.content:
            self._tell_once(heard.origin, f"{heard.origin.channel_id} {heard.origin.user_id}", OF_A_COMMAND)

    def ask(self, heard: Heard) -> None:
        """Ask it, in the server that its origin names."""
        words = bool(heard.text)
        asked = Asked(
            heard.origin,
            keys=(key_of(heard.origin),),
            text=heard.text,
            goes_on=heard.goes_on,
            tag=heard.tag,
            gather=self._belongings.of_message(heard.origin, Belonging(heard.files, heard.answered, words)),
        )
        self._asking.start(asked)

    def _ask(self, heard: Heard) -> None:
        if heard.text or heard.files:
            self.ask(heard)
        else:
            self._tell_once(heard.origin, heard.origin.message_id, HELP)

    async def _in_direct(self, heard: Heard) -> None:
        origin = heard.origin
        if not heard.text and not heard.files:
            self._tell_once(origin, origin.message_id, HELP_IN_DIRECT)
            return
        try:
            wants_to_choose = heard.text.strip("/ ").casefold() == CHOOSE
            placed = await (self._homes.choices(origin.user_id) if wants_to_choose else self._homes.placed(origin))
        except BooksFailed as failed:
            self._asking.tell(origin, not_asked(failed))
            return
        except DiscordFailed:
            self._asking.tell(origin, NO_PLACE)
            return
        if isinstance(placed, ToChoose):
            await self._let_choose(origin, placed, about="" if wants_to_choose else origin.message_id)
        else:
            self.ask(replace(heard, origin=placed))

    async def _let_choose(self, origin: Origin, choice: ToChoose, *, about: str) -> None:
        if not choice.servers:
            self._tell_once(origin, origin.message_id, choice.why)
            return
        card = home_card(choice.why, choice.servers, about=about)
        try:
            await self._api.post(origin.channel_id, card.fields, nonce=f"home {origin.message_id}")
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_a_choice", kind=type(failed).__name__)

    async def _in_unknown(self, heard: Heard) -> None:
        """Where discord.py does not know the place, it may be a thread: its channel's rules count for it."""
        origin = heard.origin
        try:
            found = await self._api.call("GET", "/channels/{channel_id}", channel_id=origin.channel_id)
        except DiscordFailed:
            self._asking.tell(origin, NO_PLACE)
            return
        if found.get("type") in _THREADS:
            origin = replace(origin, channel_id=str(found.get("parent_id") or ""), thread_id=origin.channel_id)
        self._ask(replace(heard, origin=origin))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks.full:
            work.close()
            _log.warning("discord_message_left_out")
        else:
            self._tasks.start(work, "what was said on Discord")

    def _heard(self, message: discord.Message) -> Heard:
        return Heard(
            of_message(message),
            self._text(message),
            tuple(_attached(file) for file in (*message.attachments, *_passed_on_files(message))),
            _answered(message),
            goes_on=_answers_user(message, self._servers.bot_user_id) is not None,
            tag=tag_in(message.content),
        )

    def _text(self, message: discord.Message) -> str:
        """Its words, or those that it passes on; without the mention that makes it a question."""
        guild = message.guild
        named = self._servers.names_in(str(guild.id) if guild is not None else "")
        called = {str(user.id): user.display_name for user in message.mentions}

        def name_of(sign: str, mentioned: str) -> str:
            return (called.get(mentioned, "") if sign == "@" else "") or named(sign, mentioned)

        us = [f"@{self._servers.bot_user_id}", *(f"@&{role}" for role in _own_roles(message))]
        own = plain_text(message.content, name_of, without=us)
        return own or plain_text("\n".join(each.content for each in message.message_snapshots), name_of)

    def _is_to_us(self, message: discord.Message) -> bool:
        """Whether it mentions the bot (a reply does with its ping), or the role that it came with."""
        us = self._servers.bot_user_id
        return any(str(user.id) == us for user in message.mentions) or bool(
            _own_roles(message) & {role.id for role in message.role_mentions}
        )

    def _tell_once(self, origin: Origin, about: str, sentence: str) -> None:
        """Nothing stands in the books of what is no question: copies are told apart here, as well as that goes."""
        if about in self._helped:
            return
        self._helped[about] = None
        while len(self._helped) > MOST_HELPED:
            del self._helped[next(iter(self._helped))]
        self._asking.tell(origin, sentence)


def key_of(origin: Origin) -> str:
    """The name by which a message is known again, however often and to however many processes it is told."""
    return f"discord message {origin.writes_to} {origin.message_id}"


def _is_somebodys(message: discord.Message) -> bool:
    """Whether a person wrote it: no app, no webhook, and no notice of Discord's."""
    return message.type in _OF_PEOPLE and not message.author.bot and message.webhook_id is None


def _own_roles(message: discord.Message) -> set[int]:
    role = message.guild.self_role if message.guild is not None else None
    return {role.id} if role is not None else set()


def _answered(message: discord.Message) -> str:
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return ""
    return str(reference.message_id or "") if reference.channel_id == message.channel.id else ""


def _answers_user(message: discord.Message, user_id: str) -> discord.Message | None:
    """The message of this user's that it answers, if that is so."""
    answered = message.reference.resolved if message.reference is not None else None
    is_theirs = isinstance(answered, discord.Message) and str(answered.author.id) == user_id
    return answered if isinstance(answered, discord.Message) and is_theirs else None


def _is_reply_to_command(message: discord.Message, us: str) -> bool:
    answered = _answers_user(message, us)
    return answered is not None and answered.interaction_metadata is not None


def _attached(file: discord.Attachment) -> Attached:
    return Attached(str(file.id), file.filename, file.content_type or "", file.size, file.url)


def _passed_on_files(message: discord.Message) -> list[discord.Attachment]:
    return [file for each in message.message_snapshots for file in each.attachments]
