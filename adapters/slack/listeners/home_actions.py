"""What is pressed and chosen in App Home: acknowledged, done if they may, and Home shows how it stands then.

Home is no message that could be answered: what there is to say opens beside it, or comes as a direct message.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.api import SlackFailed
from adapters.slack.home import Homes
from adapters.slack.listeners.desk import Desk, Visit
from adapters.slack.listeners.modals import Modals
from adapters.slack.listeners.pressed import pressed_of
from adapters.slack.listeners.questions import Chosen
from adapters.slack.views import home as views
from adapters.slack.views.cards import decide_action
from adapters.slack.views.lists import help_shown
from adapters.slack.views.shown import Shown
from adapters.slack.workspaces import PLATFORM
from core.errors import BadInput, ChipinError
from core.models import AUTO
from core.operations import Decision
from core.people import Place
from core.preferred import MODEL, ON, announced_in, channels_that_go_on, goes_on_in
from core.text.wording import why_not
from core.use_cases import UseCases

NOT_OFFERED = "This model is not offered here any more. Nothing was changed."
INVITE = (
    "New budget will be announced in that channel once I am a member of it: type /invite there and choose me. Until "
    "then, admins are told."
)

Does = Callable[[Visit, tuple[str, ...]], Awaitable[Shown | None]]
"""What an element of Home does with what was chosen; somebody reads what it returns."""


class HomeActions:
    """Listens to Home."""

    def __init__(self, use_cases: UseCases, desk: Desk, modals: Modals, homes: Homes) -> None:
        self._use_cases = use_cases
        self._desk = desk
        self._modals = modals
        self._homes = homes
        self._does: Mapping[str, Does] = {
            views.ASK: self._ask,
            views.BALANCE: partial(self._answer, "/balance"),
            views.MORE: partial(self._answer, "/request"),
            views.RULES: partial(self._answer, "/admin policy"),
            views.HELP: self._help,
            views.MODEL: self._model,
            views.ANNOUNCE_IN: self._announce_in,
            views.ANNOUNCE_TO_ADMINS: self._announce_in,
            views.GOES_ON_IN: self._goes_on_in,
            **{decide_action(each, views.DECIDE): partial(self._decide, each) for each in Decision},
        }

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.action(re.compile(f"^(?:{'|'.join(map(re.escape, self._does))})$"))(self.pressed)

    async def pressed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Acknowledge, and do it. Rights are those of this moment."""
        await ack()
        press, chosen = pressed_of(body), chosen_of(body)
        self._desk.serve(press.origin, press.key, partial(self._do, press.action_id, chosen), fresh=True)

    async def _do(self, action_id: str, chosen: tuple[str, ...], visit: Visit) -> Shown | None:
        try:
            shown = await self._does[action_id](visit, chosen)
        except ChipinError as refused:
            shown = await self._desk.lines_shown(visit, why_not(refused))
        self._homes.changed(visit.origin.team_id, visit.origin.user_id)
        return None if shown is None or await self._opened(visit, shown) else shown

    async def _opened(self, visit: Visit, shown: Shown) -> bool:
        """Whether Slack shows it in a window of its own."""
        view = views.window(shown)
        try:
            await visit.workspace.api.call(
                "views.open", trigger_id=visit.origin.trigger_id, view=view, patience_seconds=0.0
            )
        except SlackFailed:
            return False
        return True

    # --- for everybody ---

    async def _ask(self, visit: Visit, _: tuple[str, ...]) -> Shown | None:
        model = await self._use_cases.preferences.model(visit.speaker.member)
        return await self._modals.open_ask(visit, Chosen(model))

    async def _answer(self, command: str, visit: Visit, _: tuple[str, ...]) -> Shown | None:
        return await self._desk.answer(visit, command, "")

    async def _help(self, visit: Visit, _: tuple[str, ...]) -> Shown | None:
        del visit
        return help_shown()

    async def _model(self, visit: Visit, chosen: tuple[str, ...]) -> Shown | None:
        """The one that is asked where a question names none; what is chosen automatically needs no row."""
        member, model = visit.speaker.member, _only(chosen)
        overview = await self._use_cases.models.of(member, visit.speaker.place)
        if model != AUTO and all(each.model.id != model for each in overview.usable):
            raise BadInput(NOT_OFFERED)
        await self._use_cases.preferences.set(member, MODEL, "" if model == AUTO else model)
        return None

    # --- for admins ---

    async def _decide(self, decision: Decision, visit: Visit, chosen: tuple[str, ...]) -> Shown | None:
        reply = await self._desk.answers.requests.decide(visit.speaker, _only(chosen), decision)
        self._homes.changed(visit.origin.team_id)
        return await self._desk.lines_shown(visit, *reply.lines)

    async def _announce_in(self, visit: Visit, chosen: tuple[str, ...]) -> Shown | None:
        """The channel that was chosen, or with nothing chosen none."""
        channel = _only(chosen)
        name = announced_in(PLATFORM, visit.workspace.team_id)
        await self._use_cases.preferences.set_for_team(visit.speaker.member, name, channel)
        self._homes.changed(visit.origin.team_id)
        if not channel or await _is_member(visit, channel):
            return None
        return await self._desk.lines_shown(visit, INVITE)

    async def _goes_on_in(self, visit: Visit, chosen: tuple[str, ...]) -> Shown | None:
        """Exactly these channels, of those that Home shows."""
        preferences, member, team_id = self._use_cases.preferences, visit.speaker.member, visit.workspace.team_id
        liked = await preferences.of_team(member.team.id)
        before = channels_that_go_on(liked, PLATFORM, team_id)[: views.MOST_CHANNELS]
        for channel in dict.fromkeys((*before, *chosen[: views.MOST_CHANNELS])):
            name = goes_on_in(Place(PLATFORM, team_id, channel))
            await preferences.set_for_team(member, name, ON if channel in chosen else "")
        self._homes.changed(visit.origin.team_id)
        return None


def chosen_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """What was chosen, or what a button carries, whatever kind of element it is."""
    action = body["actions"][0]
    several = action.get("selected_conversations")
    if isinstance(several, list):
        return tuple(str(each) for each in several if isinstance(each, str))
    option = action.get("selected_option")
    one = option.get("value") if isinstance(option, Mapping) else action.get("selected_conversation")
    value = one or action.get("value")
    return (value,) if isinstance(value, str) else ()


def _only(chosen: tuple[str, ...]) -> str:
    return chosen[0] if chosen else ""


async def _is_member(visit: Visit, channel_id: str) -> bool:
    try:
        said = await visit.workspace.api.call("conversations.info", channel=channel_id, patience_seconds=1.0)
    except SlackFailed:
        return False
    return bool(said.get("channel", {}).get("is_member"))
