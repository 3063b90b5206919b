"""The buttons of an ask: what they carry is looked at here, and whether it may be done once more in core."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord

from adapters.discord.asking import Asked, Asking
from adapters.discord.listeners.acknowledged import acknowledged
from adapters.discord.listeners.desk import Desk, Told, Visit
from adapters.discord.listeners.pressed import key_of, texts_of
from adapters.discord.origin import Origin, of_interaction
from adapters.discord.private import in_server
from adapters.discord.views.answer import question_in
from adapters.discord.views.carried import Action, AskPress, ask_press_of, model_named
from adapters.discord.views.custom_ids import NotOurs
from adapters.discord.views.shown import Shown, lines_shown
from core.operations import Thumb
from core.ports import Clock
from core.question import Secrets
from core.text.presses import NOT_RATED, NOT_READABLE, NOT_YOURS, NOTHING_TO_STOP
from core.text.wording import THANKS
from core.use_cases import UseCases

_THUMBS: Mapping[Action, Thumb] = {Action.GOOD: 1, Action.BAD: -1}
_SECRETS = {Action.REMOVE_SECRETS: Secrets.REMOVE, Action.SEND_SECRETS: Secrets.SEND}
_TOLD = frozenset({Action.DETAILS, Action.GOOD, Action.BAD})

Does = Callable[[Visit, AskPress], Awaitable[Shown | Told | None]]


@dataclass(frozen=True, slots=True)
class _Pressed:
    """One press. `key` names it, however often Discord tells of it; `question` is what its message says was asked."""

    action: Action
    carried: AskPress
    origin: Origin
    key: str
    question: str


class AskPresses:
    """Listens to what is pressed under answers, prices and refusals."""

    def __init__(self, use_cases: UseCases, desk: Desk, asking: Asking, clock: Clock) -> None:
        self._use_cases = use_cases
        self._desk = desk
        self._asking = asking
        self._clock = clock
        self._does: Mapping[Action, Does] = {
            Action.STOP: self._stop,
            Action.DETAILS: self._details,
            Action.GOOD: partial(self._rate, thumb=1),
            Action.BAD: partial(self._rate, thumb=-1),
        }

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Acknowledge it, and do it. Rights are those of this moment."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is not discord.InteractionType.component:
            return False
        try:
            action, carried = ask_press_of(str(data.get("custom_id", "")))
        except NotOurs:
            return False
        is_theirs = carried.may_be_pressed_by(str(interaction.user.id))
        if action is Action.STOP:
            saying = interaction.response.defer()
        else:
            is_private = carried.private or action in _TOLD or not is_theirs
            saying = interaction.response.defer(ephemeral=is_private, thinking=True)
        if await acknowledged(saying):
            origin = in_server(of_interaction(interaction, self._clock.monotonic()), carried.guild_id)
            question = question_in(texts_of(interaction.message))
            self._do(_Pressed(action, carried, origin, key_of(interaction), question), is_theirs=is_theirs)
        return True

    def _do(self, pressed: _Pressed, *, is_theirs: bool) -> None:
        private, action = self._desk.private, pressed.action
        tells = private.beside if action is Action.STOP else private.answer
        if not is_theirs:
            self._desk.say(pressed.origin, NOT_RATED if action in _THUMBS else NOT_YOURS, tells)
        elif does := self._does.get(action):
            self._desk.serve(pressed.origin, pressed.key, partial(_done, does, pressed.carried), tells)
        else:
            self._ask(pressed)

    def _ask(self, pressed: _Pressed) -> None:
        """A press is a new question, about what was kept of the one it stands under."""
        carried, action = pressed.carried, pressed.action
        try:
            model = model_named(carried.model, (each.id for each in self._use_cases.catalogue.models))
        except NotOurs:
            private = self._desk.private
            self._desk.say(pressed.origin, NOT_READABLE, private.answer if carried.private else private.instead)
            return
        improves = action is Action.BETTER
        self._asking.start(
            Asked(
                pressed.origin,
                keys=(pressed.key,),
                text=pressed.question,
                private=carried.private,
                model=model,
                resumes="" if improves else carried.about,
                improves=carried.about if improves else "",
                pressed_nanos=carried.nanos,
                secrets=_SECRETS.get(action, Secrets.NOT_SAID),
            )
        )

    async def _stop(self, visit: Visit, carried: AskPress) -> Shown | Told | None:
        """Its asker may, and admins."""
        stopped = await self._use_cases.asks.stop(carried.about, visit.speaker.member)
        return None if stopped else lines_shown([NOTHING_TO_STOP])

    async def _details(self, visit: Visit, carried: AskPress) -> Shown | Told | None:
        """Whoever presses reads about themselves."""
        place, member = visit.origin.place, visit.speaker.member
        return lines_shown(await self._use_cases.receipts.details(member, place, carried.about))

    async def _rate(self, visit: Visit, carried: AskPress, *, thumb: Thumb) -> Shown | Told | None:
        rated = await self._use_cases.feedback.rate(visit.speaker.member, carried.about, thumb)
        return lines_shown([THANKS if rated else NOT_RATED])


async def _done(does: Does, carried: AskPress, visit: Visit) -> Shown | Told | None:
    return await does(visit, carried)
