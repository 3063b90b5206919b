""" "Ask about this", in the menu of every message: a form with a question, asked together with that message.

Discord shows what somebody else wrote with the menu and never again, so it is kept while the form is filled in.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.discord.api import Json
from adapters.discord.asking import Asked, Asking
from adapters.discord.commands.definitions import ASK_ABOUT
from adapters.discord.conversation.about import About, about_of, kept_about, to_keep
from adapters.discord.conversation.gathering import Belongings
from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.desk import Desk, Visit
from adapters.discord.listeners.forms import Form
from adapters.discord.listeners.pressed import key_of
from adapters.discord.origin import Origin, of_interaction
from adapters.discord.outgoing import File
from adapters.discord.servers import Servers
from adapters.discord.views.about import ABOUT_FORM, SentAbout, about_form, sent_about
from adapters.discord.views.custom_ids import NotOurs, carried_by
from core.call import TextPart
from core.errors import BadInput
from core.kept_presses import KeptPresses
from core.ports import Clock
from core.tags import tag_in
from core.text.wording import NOT_CHARGED

NOT_KEPT = f"That message is not kept any more. Choose Ask about this in its menu again. {NOT_CHARGED}"
NO_QUESTION = f"There is no question. Choose Ask about this in the message's menu again, and type one. {NOT_CHARGED}"
ON_A_MESSAGE = 3
"""The type of such commands (interactions/application-commands, "Application Command Types")."""


class AskAbout:
    """Listens to the menu, and to the form that it opens."""

    def __init__(
        self,
        desk: Desk,
        asking: Asking,
        belongings: Belongings,
        *,
        kept: KeptPresses,
        servers: Servers,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._asking = asking
        self._belongings = belongings
        self._kept = kept
        self._servers = servers
        self._clock = clock

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Acknowledge what was chosen or sent, and do it."""
        data: Mapping[str, Any] = interaction.data or {}
        kind, types = interaction.type, discord.InteractionType
        if kind is types.application_command and (data.get("type"), data.get("name")) == (ON_A_MESSAGE, ASK_ABOUT):
            await self._open(interaction, data)
            return True
        if kind is not types.modal_submit:
            return False
        try:
            carried = carried_by(str(data.get("custom_id", "")), {ABOUT_FORM: 1})
        except NotOurs:
            return False
        sent = sent_about(each for each in data.get("components", ()) if isinstance(each, Mapping))
        if await acknowledged(interaction.response.defer(ephemeral=sent.private, thinking=True)):
            self._sent(
                of_interaction(interaction, self._clock.monotonic()), key_of(interaction), sent, carried.fields[0]
            )
        return True

    async def _open(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        messages = data.get("resolved", {}).get("messages", {})
        message = messages.get(str(data.get("target_id") or ""), {})
        names = self._servers.names_in(str(interaction.guild_id or ""))
        about = about_of(message, names, self._servers.bot_user_id)
        named = str(interaction.id)
        form = about_form(named, about.by, about.text, len(about.files))
        if await acknowledged(interaction.response.send_modal(Form(form))):
            origin = of_interaction(interaction, self._clock.monotonic())

            async def keep(visit: Visit) -> None:
                await self._kept.keep_as(visit.speaker.member, named, to_keep(about))

            self._desk.serve(origin, key_of(interaction), keep, _in_silence)

    def _sent(self, origin: Origin, key: str, sent: SentAbout, named: str) -> None:
        async def ask(visit: Visit) -> None:
            if not sent.question:
                raise BadInput(NO_QUESTION)
            try:
                about = kept_about(await self._kept.text_as(visit.speaker.member, named))
            except (BadInput, ValueError):
                raise BadInput(NOT_KEPT) from None
            self._asking.start(self._asked(visit.origin, key, sent, about))

        self._desk.serve(origin, key, ask, self._desk.private.answer if sent.private else self._desk.private.instead)

    def _asked(self, origin: Origin, key: str, sent: SentAbout, about: About) -> Asked:
        return Asked(
            origin,
            keys=(key,),
            text=sent.question,
            parts=(TextPart(sent.question + about.quoted),),
            private=sent.private,
            tag=tag_in(sent.question),
            gather=self._belongings.of_files(about.files),
        )


async def _in_silence(origin: Origin, fields: Json, files: Sequence[File]) -> None:
    """Nobody is told that a message could not be kept, until they send the form: then they are told why."""
    del origin, fields, files
