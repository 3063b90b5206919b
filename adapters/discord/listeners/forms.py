"""Forms: opened where somebody presses for one, acknowledged when they are sent, and rights looked at then."""

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.desk import Desk, Told, Visit
from adapters.discord.listeners.pressed import key_of
from adapters.discord.origin import of_interaction
from adapters.discord.private import in_server
from adapters.discord.views.custom_ids import NotOurs, carried_by
from adapters.discord.views.modals import AMOUNT, REASON, TOP_UP_FORM, filled_in, top_up_form
from adapters.discord.views.shown import Shown
from core.commands.speaking import TopUpWaits
from core.ports import Clock
from core.text.neutralise import for_terminal


class Form(discord.ui.Modal):
    """A form as Discord takes it. discord.py need not remember it: it comes back with all that it is about."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__(title=str(payload["title"]), custom_id=str(payload["custom_id"]))
        self._payload = payload

    def to_dict(self) -> dict[str, Any]:
        """It."""
        return dict(self._payload)

    def is_finished(self) -> bool:
        """Nothing of it is waited for here."""
        return True


class Forms:
    """Opens forms, and listens to those that are sent."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    @staticmethod
    async def open_top_up(interaction: discord.Interaction, guild_id: str) -> None:
        """For whoever presses: whether they may record anything is looked at when they send it."""
        await acknowledged(interaction.response.send_modal(Form(top_up_form(guild_id))))

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Acknowledge what was sent, and record it, if whoever sent it may."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is not discord.InteractionType.modal_submit:
            return False
        try:
            carried = carried_by(str(data.get("custom_id", "")), {TOP_UP_FORM: 1})
        except NotOurs:
            return False
        if not await acknowledged(interaction.response.defer(ephemeral=True, thinking=True)):
            return True
        said = filled_in(each for each in data.get("components", ()) if isinstance(each, Mapping))

        async def record(visit: Visit) -> Shown | Told:
            top_up = TopUpWaits(said.get(AMOUNT, ""), for_terminal(said.get(REASON, "")), visit.speaker.key)
            reply = await self._desk.answers.money.record(visit.speaker, top_up, confirmed=False)
            return await self._desk.reply_shown(visit, reply)

        origin = in_server(of_interaction(interaction, self._clock.monotonic()), carried.fields[0])
        self._desk.serve(origin, key_of(interaction), record, self._desk.private.answer)
        return True
