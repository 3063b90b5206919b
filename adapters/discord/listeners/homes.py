"""The menu on which somebody chooses the server that pays for what they ask in a direct message."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
import structlog

from adapters.discord.api import DiscordApi, DiscordFailed
from adapters.discord.conversation.history import History
from adapters.discord.conversation.messages import answers, files_of, is_by, text_of
from adapters.discord.homes import HomeServers
from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.messages import Heard, Messages
from adapters.discord.origin import Origin, of_interaction
from adapters.discord.servers import Servers
from adapters.discord.views.custom_ids import NotOurs, carried_by
from adapters.discord.views.homes import HOME, NO_QUESTION, home_chosen
from adapters.discord.views.shown import lines_shown
from core.errors import BooksFailed
from core.ports import Clock
from core.tags import tag_in
from core.tasks import Tasks
from core.text.wording import NOT_CHARGED

NOT_THERE = f"I am not in that server any more, or it does not know you. Nothing was chosen. {NOT_CHARGED}"
NO_WORD = f"Discord did not say whether I am in that server. Nothing was chosen. Try again in a minute. {NOT_CHARGED}"

_log = structlog.get_logger(__name__)


class HomeMenu:
    """Listens to it. What is chosen counts at once, and the question that waited for it is asked."""

    def __init__(
        self,
        api: DiscordApi,
        homes: HomeServers,
        messages: Messages,
        *,
        history: History,
        servers: Servers,
        tasks: Tasks,
        clock: Clock,
    ) -> None:
        self._api = api
        self._homes = homes
        self._messages = messages
        self._history = history
        self._servers = servers
        self._tasks = tasks
        self._clock = clock

    async def chosen(self, interaction: discord.Interaction) -> bool:
        """Somebody chose a server."""
        told: Mapping[str, Any] = interaction.data or {}
        if interaction.type is not discord.InteractionType.component:
            return False
        try:
            carried = carried_by(str(told.get("custom_id", "")), {HOME: 1})
        except NotOurs:
            return False
        if not await acknowledged(interaction.response.defer()):
            return True
        origin = of_interaction(interaction, self._clock.monotonic())
        values = told.get("values")
        chosen = str(values[0]) if isinstance(values, list) and values else ""
        if origin.is_direct and not self._tasks.full:
            self._tasks.start(self._choose(origin, chosen, carried.fields[0]), "a server that pays")
        return True

    async def _choose(self, origin: Origin, chosen: str, about: str) -> None:
        try:
            name = await self._homes.choose(origin.user_id, chosen)
            shown = home_chosen(name) if name else lines_shown([NOT_THERE])
        except BooksFailed as failed:
            name, shown = "", lines_shown([f"{failed} Nothing was chosen. Try again in a minute."])
        except DiscordFailed:
            name, shown = "", lines_shown([NO_WORD])
        try:
            assert origin.handle is not None  # noqa: S101 - it is an interaction's
            await self._api.edit_answer(origin.handle, shown.fields)
            if name and about != NO_QUESTION:
                await self._ask(replace(origin, guild_id=chosen), about)
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_a_choice", kind=type(failed).__name__)

    async def _ask(self, origin: Origin, message_id: str) -> None:
        """The question that waited, read anew: it is deleted perhaps."""
        message = await self._history.message(origin.channel_id, message_id)
        if message is None or not is_by(message, origin.user_id):
            return
        name_of = self._servers.names_in(origin.guild_id)
        asked_by = replace(origin, message_id=message_id, handle=None)
        text, tag = text_of(message, name_of), tag_in(str(message.get("content") or ""))
        self._messages.ask(Heard(asked_by, text, files_of(message), answers(message), tag=tag))
