"""Buttons: acknowledged at once, then done for whoever pressed, if they may. Others are told why not, and alone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord

from adapters.discord.api import DiscordFailed, Unsure
from adapters.discord.asking import Asked, Asking
from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.desk import Desk, Told, Visit
from adapters.discord.listeners.forms import Forms
from adapters.discord.listeners.pressed import Press, pressed_of
from adapters.discord.origin import of_interaction
from adapters.discord.private import in_server
from adapters.discord.views.cards import (
    LINK,
    NOT_NOW,
    OPEN_TOP_UP,
    REFILL,
    RUN_NOW,
    UNDO,
    closed_shown,
    decide_action,
    decide_row,
    undo_row,
)
from adapters.discord.views.custom_ids import NotOurs, carried_by
from adapters.discord.views.shown import Shown, lines_shown
from adapters.discord.views.wallet import AGREE, ASK_FOR
from core.commands.carried import agreed_from, wanted_from
from core.commands.speaking import LinkWaits
from core.errors import BadInput, NotAllowed
from core.kept_presses import KeptPresses
from core.money import NANOS_PER_USD
from core.operations import Decision
from core.ports import Clock
from core.text.presses import NOT_READABLE, NOT_YOURS, NOTHING_DONE, decided_by, undone_by

Does = Callable[..., Awaitable[Shown | Told | None]]
"""Does what a press says: from a `Visit` and the `press`."""


@dataclass(frozen=True, slots=True)
class Button:
    """What a kind of button does, and how many fields it carries, the server that it is about last."""

    does: Does
    fields: int = 2


class Presses:
    """Listens to what is pressed under answers of commands, cards and notices."""

    def __init__(self, desk: Desk, forms: Forms, asking: Asking, *, kept: KeptPresses, clock: Clock) -> None:
        self._desk = desk
        self._forms = forms
        self._asking = asking
        self._kept = kept
        self._clock = clock
        self._buttons: Mapping[str, Button] = {
            **{decide_action(each): Button(partial(self._decide, decision=each)) for each in Decision},
            UNDO: Button(self._undo),
            REFILL: Button(self._refill),
            AGREE: Button(self._agree),
            LINK: Button(self._link),
            NOT_NOW: Button(self._not_now, fields=1),
            ASK_FOR: Button(self._ask_for, fields=3),
            RUN_NOW: Button(self._run_now),
        }
        self._fields_of = {name: each.fields for name, each in self._buttons.items()} | {OPEN_TOP_UP: 1}

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Acknowledge it, and do it. Rights are those of this moment."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is not discord.InteractionType.component:
            return False
        try:
            carried = carried_by(str(data.get("custom_id", "")), self._fields_of)
        except NotOurs:
            return False
        if carried.action == OPEN_TOP_UP:
            await self._forms.open_top_up(interaction, carried.fields[0] or str(interaction.guild_id or ""))
        elif await acknowledged(interaction.response.defer()):
            press = pressed_of(interaction, carried, self._clock.monotonic())
            origin = in_server(press.origin, carried.fields[-1])
            does = self._buttons[carried.action].does
            doing = partial(does, press=replace(press, origin=origin))
            self._desk.serve(origin, press.key, doing, self._desk.private.beside)
        return True

    async def takes_rest(self, interaction: discord.Interaction) -> bool:
        """Whatever else is pressed or sent, when everybody else has had a look: whoever did it is told."""
        if interaction.type is discord.InteractionType.component:
            tells = self._desk.private.beside
            deferred = interaction.response.defer()
        elif interaction.type is discord.InteractionType.modal_submit:
            tells = self._desk.private.answer
            deferred = interaction.response.defer(ephemeral=True, thinking=True)
        else:
            return False
        if await acknowledged(deferred):
            origin = of_interaction(interaction, self._clock.monotonic())
            self._desk.say(origin, NOT_READABLE, tells)
        return True

    async def _decide(self, visit: Visit, press: Press, decision: Decision) -> Shown | Told | None:
        """Approve, Half or Deny; what is decided says by whom, and can be pressed no more."""
        requests, member = self._desk.answers.requests, visit.speaker.member
        try:
            reply = await requests.decide(visit.speaker, press.about, decision)
            outcome = decided_by(" ".join(reply.lines), member.display_name)
        except BadInput as said:
            if await requests.is_open(visit.speaker, press.about):
                raise
            outcome = str(said)
        if press.is_private and not press.origin.is_direct:  # a list of their own: what is decided has gone from it
            listed = await requests.requests(visit.speaker, "")
            shown = await self._desk.reply_shown(visit, listed)
            await self._put(press, shown)
            return lines_shown([outcome])
        is_open = await requests.is_open(visit.speaker, press.about)
        rows = [decide_row(press.about, visit.server.guild_id)] if is_open else []
        return await self._put(press, closed_shown(press.said, outcome, *rows))

    async def _undo(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Take back the top-up under which it stands; pressed twice, once."""
        reply = await self._desk.answers.money.undo(visit.speaker, top_up_id=press.about)
        outcome = " ".join(reply.lines)
        if not press.is_private:
            outcome = undone_by(outcome, visit.speaker.member.display_name)
        return await self._put(press, closed_shown(press.said, outcome))

    async def _refill(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Add what the refill rule offers; pressed twice, by whomever, once."""
        reply = await self._desk.answers.refills.press(visit.speaker, press.about)
        rows = [undo_row(reply.top_up_id, visit.server.guild_id)] if reply.top_up_id else []
        return await self._put(press, closed_shown(press.said, " ".join(reply.lines), *rows))

    async def _agree(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Do what waited for its asker's agreement."""
        agreed = agreed_from(await self._kept.text(visit.speaker.member, press.about))
        if agreed is None:
            raise BadInput(NOT_READABLE)
        _require(visit, agreed.user_id)
        reply = await self._desk.answers.agree(visit.speaker, agreed.waits)
        return await self._put(press, await self._desk.reply_shown(visit, reply))

    async def _link(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Agree to what a code of one's own brings together."""
        reply = await self._desk.answers.agree(visit.speaker, LinkWaits(press.about))
        return await self._put(press, await self._desk.reply_shown(visit, reply))

    async def _not_now(self, visit: Visit, press: Press) -> Shown | Told | None:
        del visit
        return await self._put(press, lines_shown([NOTHING_DONE]))

    async def _ask_for(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Ask the admins for what a refused question lacked."""
        wanted = wanted_from(await self._kept.text(visit.speaker.member, press.about))
        nanos = press.carried.fields[1]
        if wanted is None or not (nanos.isascii() and nanos.isdigit()):
            raise BadInput(NOT_READABLE)
        _require(visit, wanted.user_id)
        speaker = replace(visit.speaker, shortfall=wanted.shortfall)
        reply = await self._desk.answers.requests.ask_for(speaker, str(int(nanos) // NANOS_PER_USD), "")
        return await self._desk.reply_shown(visit, reply)

    async def _run_now(self, visit: Visit, press: Press) -> Shown | Told | None:
        """Ask what could not be asked before there was more."""
        del visit
        origin = replace(press.origin, handle=None, message_id="")  # its answer is a message of its own
        self._asking.start(Asked(origin, keys=(press.key,), resumes=press.about))
        return None

    async def _put(self, press: Press, shown: Shown | Told) -> Shown | Told | None:
        """In the place of what was pressed; what cannot be replaced is told beside it.

        So is what was sent about a message without that button: somebody else's answer perhaps, which stays as it is.
        """
        if not press.stands:
            return shown
        try:
            await self._desk.private.replace(press.origin, shown.fields)
        except Unsure:
            return None
        except DiscordFailed:
            return shown
        return None


def _require(visit: Visit, user_id: str) -> None:
    if visit.origin.user_id != user_id:
        raise NotAllowed(NOT_YOURS)
