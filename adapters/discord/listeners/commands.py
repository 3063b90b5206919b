"""Application commands: deferred at once, then answered, each to whoever typed it alone; but for what they ask."""

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.asking import Asked, Asking
from adapters.discord.commands.definitions import AMOUNT, DIGEST_OPTIONS, MODEL, ONE_OF, PRIVATE, REASON
from adapters.discord.commands.given import Typed, typed_of
from adapters.discord.conversation.files import attached
from adapters.discord.conversation.gathering import Belongings
from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.desk import Desk, Told, Visit
from adapters.discord.listeners.pressed import key_of
from adapters.discord.origin import Origin, of_interaction
from adapters.discord.table import TOP_UP
from adapters.discord.views.lists import help_shown
from adapters.discord.views.shown import Shown, lines_shown
from core.commands.listed import ADMIN, ADMINS, ASK, DIGEST, HELP, PRICE
from core.commands.options import MODEL as MODEL_OPTION
from core.commands.options import TAG, split_options, tag_of
from core.commands.speaking import TopUpWaits
from core.errors import BadInput
from core.ports import Clock
from core.text.neutralise import for_terminal
from core.text.prices import NOTHING_TO_PRICE
from core.text.typed import split_amount
from core.text.wording import NOT_CHARGED

UNKNOWN = f"This command is of another version of Chipin, so nothing was done. {NOT_CHARGED} Try again in a minute."
NOTHING_TO_ASK = f"Type a question: {ASK} and what you want to know. {NOT_CHARGED}"
NOT_BOTH = (
    "A rule is for a member or a role (who), for a channel, or for whom you type; there is none for a role in one "
    "channel. Choose one of them. Nothing was changed."
)

ONE_AT_A_TIME = "Choose one option of /admin digest at a time. Nothing was changed."


class Commands:
    """Listens to application commands, but for those in the menu of a message."""

    def __init__(self, desk: Desk, asking: Asking, belongings: Belongings, clock: Clock) -> None:
        self._desk = desk
        self._asking = asking
        self._belongings = belongings
        self._clock = clock

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Acknowledge it, and answer it."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is not discord.InteractionType.application_command or data.get("type", 1) != 1:
            return False
        typed = typed_of(data, str(interaction.guild_id or ""))
        is_public = typed is not None and typed.definition.name == ASK and not typed.given.get(PRIVATE)
        if await acknowledged(interaction.response.defer(ephemeral=not is_public, thinking=True)):
            self._answer(of_interaction(interaction, self._clock.monotonic()), key_of(interaction), typed)
        return True

    def _answer(self, origin: Origin, key: str, typed: Typed | None) -> None:
        if typed is not None and typed.definition.name in (ASK, PRICE):
            self._ask(origin, key, typed)
            return

        async def answer(visit: Visit) -> Shown | Told:
            return await self._answered(visit, typed)

        self._desk.serve(origin, key, answer, self._desk.private.answer)

    async def _answered(self, visit: Visit, typed: Typed | None) -> Shown | Told:
        if typed is None:
            return lines_shown([UNKNOWN])
        name, is_admin = typed.definition.name, visit.speaker.member.admin
        if name in (HELP, ADMIN):
            return help_shown(for_admins=is_admin, only=ADMINS if name == ADMIN else "")
        if sum(each in typed.given for each in ONE_OF) > 1:
            return lines_shown([NOT_BOTH])
        if name == DIGEST and sum(each in typed.given for each in DIGEST_OPTIONS) > 1:
            return lines_shown([ONE_AT_A_TIME])
        if name == TOP_UP:
            return await self._top_up(visit, typed)
        if name == "/request" and _begins_with_an_amount(typed):
            return await self._request(visit, typed)
        return await self._desk.answer(visit, name, typed.words)

    async def _top_up(self, visit: Visit, typed: Typed) -> Shown | Told:
        """The amount and the reason are said apart: no word of the reason is taken for a part of the amount."""
        amount, more = split_amount(typed.given.get(AMOUNT, ""))
        reason = self._desk.as_read(visit, f"{more} {typed.given.get(REASON, '')}".strip())
        top_up = TopUpWaits(amount, for_terminal(reason), visit.speaker.key)
        reply = await self._desk.answers.money.record(visit.speaker, top_up, confirmed=False)
        return await self._desk.reply_shown(visit, reply)

    async def _request(self, visit: Visit, typed: Typed) -> Shown | Told:
        amount, more = split_amount(typed.given.get(AMOUNT, ""))
        reason = self._desk.as_read(visit, f"{more} {typed.given.get(REASON, '')}".strip())
        reply = await self._desk.answers.requests.ask_for(visit.speaker, amount, reason)
        return await self._desk.reply_shown(visit, reply)

    def _ask(self, origin: Origin, key: str, typed: Typed) -> None:
        options, text = split_options(typed.words, with_value=(MODEL_OPTION, TAG))
        files = tuple(attached(file) for file in typed.files if file.get("id"))
        is_priced = typed.definition.name == PRICE
        private = is_priced or bool(typed.given.get(PRIVATE))
        if not text.strip() and not files:
            tells = self._desk.private.answer if private else self._desk.private.instead
            self._desk.say(origin, NOTHING_TO_PRICE if is_priced else NOTHING_TO_ASK, tells)
            return
        try:
            tag = tag_of(dict(options).get(TAG, ""), text)
        except BadInput as bad:
            self._desk.say(origin, str(bad), self._desk.private.answer if private else self._desk.private.instead)
            return
        self._asking.start(
            Asked(
                origin,
                keys=(key,),
                text=text,
                private=private,
                model=typed.given.get(MODEL, "") or dict(options).get(MODEL_OPTION, ""),
                quote_only=is_priced,
                tag=tag,
                gather=self._belongings.of_files(files),
            )
        )


def _begins_with_an_amount(typed: Typed) -> bool:
    """Whether so much is said apart: not that a request is to be taken back, or a reason alone."""
    amount = typed.given.get(AMOUNT, "").strip()
    return amount[:1].isdigit() or amount[:1] in tuple("$-") or (not amount and bool(typed.given.get(REASON)))
