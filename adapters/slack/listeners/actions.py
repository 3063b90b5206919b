"""Buttons: acknowledged at once, then done for whoever pressed, if they may. Others are told why not, and alone."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.api import SlackFailed, Unsure
from adapters.slack.asking import Asked, Asking
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.modals import Modals
from adapters.slack.listeners.pressed import Press, pressed_of
from adapters.slack.listeners.questions import Questions
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.cards import (
    AGREE,
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
from adapters.slack.views.offers import place_action
from adapters.slack.views.shown import Shown, lines_shown
from adapters.slack.views.wallet import ASK_FOR_MORE, ask_action
from core.commands.carried import agreed_from, typed_from, wanted_from
from core.defaults import WALLET_REQUESTS_NANOS
from core.errors import BadInput, NotAllowed
from core.money import NANOS_PER_USD
from core.operations import Decision
from core.text.presses import NOT_READABLE, NOT_YOURS, NOTHING_DONE, decided_by, undone_by

Does = Callable[..., Awaitable[Shown | None]]
"""Does what a press says: from a `Visit` and the `press`."""


class Actions:
    """Listens to what is pressed under answers of commands, cards and notices."""

    def __init__(self, desk: Desk, questions: Questions, modals: Modals, asking: Asking) -> None:
        self._desk = desk
        self._questions = questions
        self._modals = modals
        self._asking = asking
        self._does: Mapping[str, Does] = {
            **{decide_action(each): partial(self._decide, decision=each) for each in Decision},
            **{place_action(where): partial(self._place, where=where) for where in (HERE, ONLY_ME)},
            **{ask_action(nanos): self._ask_for for nanos in WALLET_REQUESTS_NANOS},
            ASK_FOR_MORE: self._ask_for,
            UNDO: self._undo,
            REFILL: self._refill,
            AGREE: self._agree,
            NOT_NOW: self._not_now,
            OPEN_TOP_UP: self._open_top_up,
            RUN_NOW: self._run_now,
        }

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.action(re.compile(f"^(?:{'|'.join(map(re.escape, self._does))})$"))(self.pressed)

    def register_rest(self, app: AsyncApp) -> None:
        """Whatever else is pressed. To be called when everybody else has named theirs."""
        app.action(re.compile("^(.+)$"))(self.unknown)

    async def unknown(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """A button that nobody knows (any more) is acknowledged, and whoever pressed it is told."""
        await ack()
        press = pressed_of(body)
        self._desk.serve(press.origin, press.key, _unknown)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Acknowledge, and do it. Rights are those of this moment."""
        await ack()
        press = pressed_of(body)
        self._desk.serve(press.origin, press.key, partial(self._does[press.action_id], press=press), fresh=True)

    async def _decide(self, visit: Visit, press: Press, decision: Decision) -> Shown | None:
        """Approve, Half or Deny; what is decided says by whom, and can be pressed no more."""
        requests, member = self._desk.answers.requests, visit.speaker.member
        try:
            reply = await requests.decide(visit.speaker, press.value, decision)
            outcome = decided_by(" ".join(reply.lines), member.display_name)
        except BadInput as said:
            if await requests.is_open(visit.speaker, press.value):
                raise
            outcome = str(said)
        if press.is_private:  # a list of their own: what is decided has gone from it
            if not press.in_view:
                reply = await requests.requests(visit.speaker, "")
                await self._put(visit, press, await self._desk.reply_shown(visit, reply))
            return await self._desk.lines_shown(visit, outcome)
        rows = [decide_row(press.value)] if await requests.is_open(visit.speaker, press.value) else []
        return await self._put(visit, press, closed_shown(press.words, outcome, *rows))

    async def _undo(self, visit: Visit, press: Press) -> Shown | None:
        """Take back the top-up under which it stands; pressed twice, once."""
        reply = await self._desk.answers.money.undo(visit.speaker, top_up_id=press.value)
        outcome = " ".join(reply.lines)
        if press.is_private:
            return await self._put(visit, press, await self._desk.lines_shown(visit, outcome))
        by = undone_by(outcome, visit.speaker.member.display_name)
        return await self._put(visit, press, closed_shown(press.words, by))

    async def _refill(self, visit: Visit, press: Press) -> Shown | None:
        """Add what the refill rule offers; pressed twice, by whomever, once."""
        reply = await self._desk.answers.refills.press(visit.speaker, press.value)
        rows = [undo_row(reply.top_up_id)] if reply.top_up_id else []
        return await self._put(visit, press, closed_shown(press.words, " ".join(reply.lines), *rows))

    async def _agree(self, visit: Visit, press: Press) -> Shown | None:
        """Do what waited for its asker's agreement."""
        agreed = agreed_from(press.value)
        if agreed is None:
            raise BadInput(NOT_READABLE)
        _require(visit, agreed.user_id)
        reply = await self._desk.answers.agree(visit.speaker, agreed.waits)
        return await self._put(visit, press, await self._desk.reply_shown(visit, reply))

    async def _not_now(self, visit: Visit, press: Press) -> Shown | None:
        return await self._put(visit, press, lines_shown([NOTHING_DONE]))

    async def _ask_for(self, visit: Visit, press: Press) -> Shown | None:
        """Ask the admins for what a refused question lacked."""
        wanted = wanted_from(press.value)
        if wanted is None:
            raise BadInput(NOT_READABLE)
        _require(visit, wanted.user_id)
        speaker = replace(visit.speaker, shortfall=wanted.shortfall)
        reply = await self._desk.answers.requests.request(speaker, str(wanted.nanos // NANOS_PER_USD))
        return await self._desk.reply_shown(visit, reply)

    async def _run_now(self, visit: Visit, press: Press) -> Shown | None:
        """Ask what could not be asked before there was more."""
        self._asking.start(Asked(visit.origin, keys=(press.key,), resumes=press.value))
        return None

    async def _place(self, visit: Visit, press: Press, where: str) -> Shown | None:
        """Remember where answers in this channel stand, and ask what waited for it."""
        typed = typed_from(press.value)
        if typed is None:
            raise BadInput(NOT_READABLE)
        _require(visit, typed.user_id)
        return await self._put(visit, press, await self._questions.chosen(visit, typed, where))

    async def _open_top_up(self, visit: Visit, press: Press) -> Shown | None:
        return await self._modals.open_top_up(visit)

    async def _put(self, visit: Visit, press: Press, shown: Shown) -> Shown | None:
        """In the place of what was pressed; what stands in a view, or cannot be replaced, is told beside it."""
        if press.in_view:
            return shown
        try:
            await self._desk.private.replace(visit.workspace, press.origin, shown)
        except Unsure:
            return None
        except SlackFailed:
            return shown
        return None


async def _unknown(_: Visit) -> Shown | None:
    return lines_shown([NOT_READABLE])


def _require(visit: Visit, user_id: str) -> None:
    if visit.origin.user_id != user_id:
        raise NotAllowed(NOT_YOURS)
