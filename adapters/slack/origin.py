"""Where something came from on Slack, read off its payload: nothing of Slack's own shapes goes further inside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.workspaces import PLATFORM
from core.people import Place

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said or pressed something, and where.

    `team_id` is the workspace whose installation it was delivered to, `user_team_id` the speaker's own (in a channel
    that several companies share it may be another). `ts` is the message it is about, `thread_ts` the thread it is in.
    `response_url` takes five answers within half an hour, also where the bot is no member; `trigger_id` opens one modal
    within three seconds.
    """

    team_id: str
    user_id: str
    channel_id: str = ""
    thread_ts: str = ""
    ts: str = ""
    user_team_id: str = ""
    user_name: str = ""
    response_url: str = ""
    trigger_id: str = ""
    bot_id: str = ""

    @property
    def place(self) -> Place:
        """Where it is for core: what belongs to a thread is named by the thread's first message."""
        return Place(PLATFORM, self.team_id, self.channel_id, self.thread_ts)

    @property
    def is_direct(self) -> bool:
        """Whether it was said to the bot alone."""
        return self.channel_id.startswith("D")


Done = Callable[[Origin], None]
"""Called when what somebody asked, typed or pressed is over."""


def of_command(body: Payload) -> Origin:
    """A slash command."""
    return Origin(
        team_id=_text(body, "team_id"),
        user_id=_text(body, "user_id"),
        channel_id=_text(body, "channel_id"),
        user_name=_text(body, "user_name"),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
    )


def of_event(body: Payload) -> Origin:
    """An event about a message, a mention, or App Home."""
    event = _part(body, "event")
    return Origin(
        team_id=team_of(body),
        user_id=_text(event, "user"),
        channel_id=_text(event, "channel"),
        thread_ts=_text(event, "thread_ts"),
        ts=_text(event, "ts"),
        user_team_id=_text(event, "user_team") or _text(event, "team"),
        bot_id=_text(event, "bot_id"),
    )


def team_of(body: Payload) -> str:
    """The workspace whose installation an event was delivered to.

    In a channel that companies share, the event's own `team_id` may be where its author is at home
    (slack_bolt.request.internals.extract_team_id).
    """
    return _text(_authorization(body), "team_id") or _text(body, "team_id")


def our_user(body: Payload) -> str:
    """The bot's own user in that workspace, as an event says it; empty where it does not."""
    authorization = _authorization(body)
    return _text(authorization, "user_id") if authorization.get("is_bot") else ""


def _authorization(body: Payload) -> Payload:
    told = body.get("authorizations")
    first = told[0] if isinstance(told, list) and told else None
    return first if isinstance(first, Mapping) else {}


def of_interaction(body: Payload) -> Origin:
    """A press, a submitted modal, or a shortcut."""
    user, message, container = _part(body, "user"), _part(body, "message"), _part(body, "container")
    return Origin(
        team_id=_text(_part(body, "view"), "app_installed_team_id")
        or _text(_part(body, "team"), "id")
        or _text(user, "team_id"),
        user_id=_text(user, "id"),
        channel_id=_text(_part(body, "channel"), "id") or _text(container, "channel_id"),
        thread_ts=_text(message, "thread_ts") or _text(container, "thread_ts"),
        ts=_text(message, "ts") or _text(container, "message_ts") or _text(body, "message_ts"),
        user_team_id=_text(user, "team_id"),
        user_name=_text(user, "username") or _text(user, "name"),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
    )


def _part(body: Payload, name: str) -> Payload:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(body: Payload, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
