"""Slash commands: acknowledged in words at once, then answered. Everything of the table works behind /chipin."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.asking import Asked, Asking
from adapters.slack.conversation.mentions import as_typed
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.modals import Modals
from adapters.slack.listeners.questions import Chosen, Questions
from adapters.slack.origin import Origin, of_command
from adapters.slack.table import CHIPIN, GUIDES, HERE, ONLY_ME, SHORT, TABLE, TOP_UP
from adapters.slack.views.lists import help_shown
from adapters.slack.views.shown import Shown, lines_shown
from core.commands.listed import ADMIN, ADMINS, ASK, HELP, PRICE
from core.commands.options import MODEL, TAG, split_options, tag_of
from core.commands.table import Command
from core.errors import BadInput
from core.tags import tag_in
from core.text.presses import BUSY
from core.text.prices import NOTHING_TO_PRICE
from core.text.wording import NOT_CHARGED

ASKING, OPENING, LOOKING = "Asking ...", "A form opens ...", "Looking it up ..."
ONE_PLACE = f"Type {HERE} or {ONLY_ME}, not both. {NOT_CHARGED}"
_ABOUT_ONESELF = frozenset({"/balance", "/models", "/request", "/stop", "/mydata"})
"""Nothing here rests on somebody's rights: what Slack said of them minutes ago is enough."""
_PREFIXED = re.compile(rf"^{CHIPIN}-({'|'.join(name.removeprefix('/') for name in SHORT)})$")
"""As a manifest may name them where other apps own the short names."""


class Commands:
    """Listens to slash commands."""

    def __init__(self, desk: Desk, questions: Questions, modals: Modals, asking: Asking) -> None:
        self._desk = desk
        self._questions = questions
        self._modals = modals
        self._asking = asking

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        for name in (CHIPIN, *SHORT, _PREFIXED):
            app.command(name)(self.typed)

    async def typed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Find what was typed in the table, acknowledge it in words, and answer it."""
        origin, text = of_command(body), str(body.get("text", "")).strip()
        name = _PREFIXED.sub(r"/\1", str(body.get("command", "")))
        try:
            command, typed = TABLE.parse((f"/{text}" if text else HELP) if name == CHIPIN else f"{name} {text}".strip())
        except BadInput as unknown:
            await _say(ack, lines_shown([str(unknown)]))
            return
        if command.name in GUIDES:
            await _say(ack, lines_shown([command.help]))
        elif command.name in (HELP, ADMIN):
            await _say(ack, help_shown(ADMINS if command.name == ADMIN else ""))
        elif self._desk.full:
            await _say(ack, lines_shown([BUSY]))
        else:
            await self._answer(ack, origin, command, typed)

    async def _answer(self, ack: AsyncAck, origin: Origin, command: Command, typed: str) -> None:
        key = f"slack command {origin.team_id} {origin.trigger_id}"
        if command.name == ASK:
            await self._ask(ack, origin, key, typed)
        elif command.name == PRICE:
            await self._price(ack, origin, key, typed)
        elif command.name == TOP_UP and not typed:
            await ack(OPENING)
            self._desk.serve(origin, key, self._modals.open_top_up, fresh=True)
        else:
            await ack(LOOKING)
            doing = partial(self._desk.answer, command=command.name, typed=typed)
            self._desk.serve(origin, key, doing, fresh=command.name not in _ABOUT_ONESELF)

    async def _ask(self, ack: AsyncAck, origin: Origin, key: str, typed: str) -> None:
        options, raw = split_options(typed, with_value=(MODEL, TAG), alone=(HERE, ONLY_ME))
        chosen, text = dict(options), as_typed(raw)
        if HERE in chosen and ONLY_ME in chosen:
            await _say(ack, lines_shown([ONE_PLACE]))
            return
        where = next((place for place in (HERE, ONLY_ME) if place in chosen), "")
        try:  # in what Slack sent: there a channel's name is told from a tag
            tag = tag_of(as_typed(chosen.get(TAG, "")), raw)
        except BadInput as bad:
            await _say(ack, lines_shown([str(bad)]))
            return
        choice = Chosen(as_typed(chosen.get(MODEL, "")), where, tag)
        if not text.strip():
            await ack(OPENING)
            self._desk.serve(origin, key, partial(self._modals.open_ask, chosen=choice))
            return
        await ack(ASKING)

        async def ask(visit: Visit) -> Shown | None:
            return await self._questions.ask(visit, text, choice)

        self._desk.serve(origin, key, ask)

    async def _price(self, ack: AsyncAck, origin: Origin, key: str, typed: str) -> None:
        text = as_typed(typed)
        if not text.strip():
            await _say(ack, lines_shown([NOTHING_TO_PRICE]))
            return
        await ack(LOOKING)
        self._asking.start(Asked(origin, keys=(key,), text=text, private=True, quote_only=True, tag=tag_in(typed)))


async def _say(ack: AsyncAck, shown: Shown) -> None:
    """Acknowledge with the answer itself, which needs nobody."""
    await ack(**shown.fields, response_type="ephemeral")
