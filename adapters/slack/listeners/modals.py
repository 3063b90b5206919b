"""Forms: opened where somebody may send them, acknowledged when they are sent, and rights looked at again then."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.api import Rejected
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.questions import Chosen, Questions
from adapters.slack.origin import Origin, of_interaction
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.modals import (
    AMOUNT,
    ASK_FORM,
    MODEL,
    QUESTION,
    REASON,
    TOP_UP_FORM,
    WHERE,
    ask_form,
    sent_form,
    top_up_form,
)
from adapters.slack.views.shown import Json, Shown, lines_shown
from adapters.slack.views.wallet import form_again
from core.commands.speaking import TopUpWaits
from core.errors import BadInput
from core.model_list import ModelList
from core.money import parse_usd
from core.tags import tag_in
from core.text.neutralise_slack import for_slack_plain
from core.topup import TopUps

TOO_LATE = "The form could not be opened in time. Nothing was done."
_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_exchanged", "trigger_expired"})


class Modals:
    """Opens forms, and listens to those that are sent."""

    def __init__(self, desk: Desk, questions: Questions, models: ModelList, top_ups: TopUps) -> None:
        self._desk = desk
        self._questions = questions
        self._models = models
        self._top_ups = top_ups

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.view(TOP_UP_FORM)(self.top_up_sent)
        app.view(ASK_FORM)(self.ask_sent)

    # --- opening ---

    async def open_top_up(self, visit: Visit) -> Shown | None:
        """For admins; nobody else gets to see it."""
        self._top_ups.require_right(visit.speaker.member)
        return await open_form(visit, top_up_form(visit.origin), form_again())

    async def open_ask(self, visit: Visit, chosen: Chosen) -> Shown | None:
        """With every model that may be asked there, and what it costs."""
        member, origin = visit.speaker.member, visit.origin
        overview = await self._models.of(member, origin.place)
        where = ""
        if origin.channel_id and not origin.is_direct:
            where = chosen.where or await self._questions.place_of_answers(visit) or ONLY_ME
        return await open_form(visit, ask_form(origin, overview, chosen.model, where=where, tag=chosen.tag))

    # --- sent ---

    async def top_up_sent(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Record it, if whoever sent it may. An amount that is none is told beside its field."""
        sent = sent_form(body["view"])
        amount = sent.fields[AMOUNT]
        try:
            parse_usd(amount)
        except BadInput as bad:
            await ack(response_action="errors", errors={AMOUNT: for_slack_plain(str(bad))[:2_000]})
            return
        await ack()
        origin = _origin(body, sent.channel_id, sent.response_url)

        async def record(visit: Visit) -> Shown:
            top_up = TopUpWaits(amount, sent.fields[REASON], visit.speaker.key)
            reply = await self._desk.answers.money.record(visit.speaker, top_up, confirmed=False)
            return await self._desk.reply_shown(visit, reply)

        self._desk.serve(origin, _key(origin, sent.view_id), record, fresh=True)

    async def ask_sent(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Ask it."""
        sent = sent_form(body["view"])
        if not sent.fields[QUESTION].strip():
            await ack(response_action="errors", errors={QUESTION: "Type a question."})
            return
        await ack()
        origin = _origin(body, sent.channel_id, sent.response_url)
        where = sent.fields[WHERE]
        tag = sent.tag or tag_in(sent.fields[QUESTION])
        chosen = Chosen(sent.fields[MODEL], where if where in (HERE, ONLY_ME) else "", tag)

        async def ask(visit: Visit) -> Shown | None:
            return await self._questions.ask(visit, sent.fields[QUESTION], chosen)

        self._desk.serve(origin, _key(origin, sent.view_id), ask)


async def open_form(visit: Visit, form: Json, *again: Json) -> Shown | None:
    """A trigger opens one form, within three seconds: who came too late is told so, with blocks that try it `again`."""
    try:
        await visit.workspace.api.call(
            "views.open", trigger_id=visit.origin.trigger_id, view=form, patience_seconds=1.0
        )
    except Rejected as rejected:
        if rejected.code not in _LATE:
            raise
        return lines_shown([TOO_LATE], *again)
    return None


def _origin(body: Mapping[str, Any], channel_id: str, response_url: str) -> Origin:
    """Where the form was opened."""
    return replace(of_interaction(body), channel_id=channel_id, response_url=response_url)


def _key(origin: Origin, view_id: str) -> str:
    """A form is sent once: its id stays the same when Slack delivers it again, whatever else is new."""
    return f"slack view {origin.team_id} {view_id}"
