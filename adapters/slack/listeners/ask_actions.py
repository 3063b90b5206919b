"""The buttons of an ask: what they carry is looked at here, and whether it may be done once more in core."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.api import SlackFailed
from adapters.slack.asking import Asked, Asking
from adapters.slack.listeners.commands import ASKING
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.pressed import Press, pressed_of
from adapters.slack.views.carried import BAD, GOOD, Action, Carried, NotOurs, carried_by
from adapters.slack.views.shown import Shown, lines_shown
from core.errors import BadInput, NotAllowed
from core.operations import Thumb
from core.question import Secrets
from core.text.presses import NOT_RATED, NOT_READABLE, NOT_YOURS, NOTHING_TO_STOP
from core.text.wording import THANKS
from core.use_cases import UseCases

_THUMBS: Mapping[str, Thumb] = {GOOD: 1, BAD: -1}
_SECRETS = {Action.REMOVE_SECRETS: Secrets.REMOVE, Action.SEND_SECRETS: Secrets.SEND}

Does = Callable[[Visit, Carried], Awaitable[Shown | None]]


class AskActions:
    """Listens to what is pressed under answers, prices and refusals."""

    def __init__(self, use_cases: UseCases, desk: Desk, asking: Asking) -> None:
        self._use_cases = use_cases
        self._desk = desk
        self._asking = asking
        self._does: Mapping[str, Does] = {
            Action.STOP: self._stop,
            Action.DETAILS: self._details,
            Action.FEEDBACK: self._rate,
        }

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.action(re.compile(f"^(?:{'|'.join(Action)})(?::[0-9]+)?$"))(self.pressed)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Acknowledge, and do it."""
        await ack()
        press = pressed_of(body)
        self._desk.serve(press.origin, press.key, partial(self._do, press=press))

    async def _do(self, visit: Visit, press: Press) -> Shown | None:
        try:
            carried = carried_by(press.value)
        except NotOurs as error:
            raise BadInput(NOT_READABLE) from error
        action = Action(press.action_id.partition(":")[0])
        if does := self._does.get(action):
            return await does(visit, carried)
        if not carried.may_be_pressed_by(visit.origin.user_id):
            raise NotAllowed(NOT_YOURS)
        self._ask(press, carried, action)
        if press.is_private:  # what was pressed is over: nobody shall press it once more
            with suppress(SlackFailed):
                await self._desk.private.replace(visit.workspace, press.origin, lines_shown([ASKING]))
        return None

    def _ask(self, press: Press, carried: Carried, action: Action) -> None:
        """A press is a new question, about what was kept of the one it stands under."""
        self._asking.start(
            Asked(
                carried.origin(press.origin),
                keys=(press.key,),
                text=carried.question,
                private=carried.private,
                model=carried.model,
                resumes=carried.press,
                improves=carried.ask_id if action is Action.BETTER else "",
                pressed_nanos=carried.nanos,
                secrets=_SECRETS.get(action, Secrets.NOT_SAID),
            )
        )

    async def _stop(self, visit: Visit, carried: Carried) -> Shown | None:
        """Its asker may, and admins."""
        stopped = await self._use_cases.asks.stop(carried.ask_id, visit.speaker.member)
        return None if stopped else lines_shown([NOTHING_TO_STOP])

    async def _details(self, visit: Visit, carried: Carried) -> Shown | None:
        """Whoever presses reads about themselves."""
        place, member = visit.origin.place, visit.speaker.member
        return lines_shown(await self._use_cases.receipts.details(member, place, carried.ask_id))

    async def _rate(self, visit: Visit, carried: Carried) -> Shown | None:
        thumb = _THUMBS.get(carried.thumb)
        member = visit.speaker.member
        rated = thumb is not None and await self._use_cases.feedback.rate(member, carried.ask_id, thumb)
        return lines_shown([THANKS if rated else NOT_RATED])
