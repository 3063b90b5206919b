"""What Slack sends, as Slack writes it: commands, events, interactions (docs.slack.dev/interactivity, /events)."""

from dataclasses import dataclass
from typing import Any

from tests.slack import views
from tests.slack.reading import buttons
from tests.slack.response_urls import ResponseUrl
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Json, Message, ShownView
from tests.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Payloads:
    """Writes payloads of one workspace."""

    slack: FakeSlack
    team: Workspace

    def trigger(self, user: str, view: str = "") -> str:
        name = self.slack.numbers.id("trigger.")
        self.slack.triggers[name] = views.Trigger(name, user, self.team.team_id, self.slack.clock.now(), view)
        return name

    def response_url(self, user: str, channel: str, source: Message | Ephemeral | None = None) -> str:
        name = self.slack.numbers.id("answer")
        now = self.slack.clock.now()
        self.slack.response_urls[name] = ResponseUrl(name, self.team.team_id, channel, user, now, source)
        return f"{self.slack.base_url}/response/{name}"

    def name(self, user: str) -> str:
        known = self.team.users.get(user)
        return known.name if known else user.lower()

    def channel_name(self, channel: str) -> str:
        known = self.team.channels.get(channel)
        return "directmessage" if known is None or known.im_user else known.name

    def command(self, name: str, text: str, user: str, channel: str) -> Json:
        return {
            "token": self.slack.verification_token,
            "team_id": self.team.team_id,
            "team_domain": self.team.domain,
            "channel_id": channel,
            "channel_name": self.channel_name(channel),
            "user_id": user,
            "user_name": self.name(user),
            "command": name,
            "text": text,
            "api_app_id": self.slack.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(user, channel),
            "trigger_id": self.trigger(user),
        }

    def event(self, event: Json, event_id: str) -> Json:
        channel = self.team.channels.get(str(event.get("channel")))
        return {
            "token": self.slack.verification_token,
            "team_id": self.team.team_id,
            "context_team_id": self.team.team_id,
            "context_enterprise_id": None,
            "api_app_id": self.slack.app_id,
            "event": {**event, "event_ts": event.get("event_ts") or event.get("ts") or self.slack.numbers.ts()},
            "type": "event_callback",
            "event_id": event_id or self.slack.numbers.id("Ev"),
            "event_time": int(self.slack.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.team.team_id,
                    "user_id": self.team.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.shared),
            "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
        }

    def message_event(self, message: Message, kind: str = "message") -> Json:
        """A message as its event tells it; `kind` "app_mention" for a mention."""
        channel = self.team.channels[message.channel]
        event = {**message.as_json(), "type": kind, "channel": message.channel, "event_ts": message.ts}
        event.pop("metadata", None)
        if kind == "message":
            event["channel_type"] = channel.kind
            if message.files:
                event["subtype"] = "file_share"
        if message.team != self.team.team_id:
            event |= {"user_team": message.team, "source_team": message.team}
        if message.thread_ts:
            root = self.team.find(message.channel, message.thread_ts)
            event["parent_user_id"] = root.user if root else ""
        return event

    def changed_event(self, message: Message, before: Json) -> Json:
        """message_changed, or message_deleted when it is gone."""
        gone = message.deleted
        told = {"type": "message", "channel": message.channel, "hidden": True, "ts": self.slack.numbers.ts()}
        told |= {"channel_type": self.team.channels[message.channel].kind, "previous_message": before}
        if gone:
            return told | {"subtype": "message_deleted", "deleted_ts": message.ts}
        return told | {"subtype": "message_changed", "message": message.as_json()}

    def _interaction(self, kind: str, user: str) -> Json:
        known = self.team.users.get(user)
        home = known.team if known else self.team.team_id
        return {
            "type": kind,
            "token": self.slack.verification_token,
            "api_app_id": self.slack.app_id,
            "team": {"id": self.team.team_id, "domain": self.team.domain},
            "user": {"id": user, "username": self.name(user), "name": self.name(user), "team_id": home},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def press(self, on: Message | Ephemeral | ShownView, user: str, action: Json) -> Json:
        """block_actions: something was pressed or chosen."""
        told = self._interaction("block_actions", user)
        told["actions"] = [{"action_ts": self.slack.numbers.ts(), **action}]
        told["state"] = {"values": {}}
        if isinstance(on, ShownView):
            shown = views.as_json(on, self.team, self.slack.app_id)
            inside = {"type": "view", "view_id": on.id}
            return told | {"container": inside, "view": shown, "trigger_id": self.trigger(user, on.id)}
        hidden = isinstance(on, Ephemeral)
        container: Json = {
            "type": "message",
            "message_ts": on.ts,
            "channel_id": on.channel,
            "is_ephemeral": hidden,
            **({"thread_ts": on.thread_ts} if on.thread_ts else {}),
        }
        told |= {"container": container, "trigger_id": self.trigger(user)}
        told["channel"] = {"id": on.channel, "name": self.channel_name(on.channel)}
        told["response_url"] = self.response_url(user, on.channel, on)
        return told if isinstance(on, Ephemeral) else told | {"message": on.as_json()}

    def submission(self, shown: ShownView, user: str, values: Json) -> Json:
        told = self._interaction("view_submission", user)
        view = views.as_json(shown, self.team, self.slack.app_id)
        view["state"] = {"values": state_of(shown, values)}
        return told | {"view": view, "response_urls": [], "trigger_id": self.trigger(user, shown.id)}

    def closed(self, shown: ShownView, user: str) -> Json:
        told = self._interaction("view_closed", user)
        return told | {"view": views.as_json(shown, self.team, self.slack.app_id), "is_cleared": False}

    def shortcut(self, callback_id: str, message: Message, user: str) -> Json:
        told = self._interaction("message_action", user)
        return told | {
            "callback_id": callback_id,
            "trigger_id": self.trigger(user),
            "response_url": self.response_url(user, message.channel),
            "message_ts": message.ts,
            "action_ts": self.slack.numbers.ts(),
            "channel": {"id": message.channel, "name": self.channel_name(message.channel)},
            "message": message.as_json(),
        }

    def options(self, action_id: str, typed: str, user: str, shown: ShownView | None) -> Json:
        told = self._interaction("block_suggestion", user) | {"action_id": action_id, "value": typed}
        if shown is not None:
            told["block_id"] = found(shown, action_id)["block_id"]
            told |= {"view": views.as_json(shown, self.team, self.slack.app_id)}
            told["container"] = {"type": "view", "view_id": shown.id}
        return told


def found(on: Message | Ephemeral | ShownView, action_id: str, value: str | None = None) -> Json:
    """The element with this action id that is really shown; with `value`, the one that carries it."""
    offered = buttons(on)
    for one in offered:
        if one["action_id"] == action_id and value in (None, one.get("value"), *option_values(one)):
            return one
    raise LookupError(f"nothing to press named {action_id!r} ({value!r}) among {[one['action_id'] for one in offered]}")


def option_values(element: Json) -> list[str]:
    sides = [element[side]["value"] for side in ("positive_button", "negative_button") if side in element]
    return sides + [str(one["value"]) for one in options_of(element)]


def options_of(element: Json) -> list[Json]:
    groups = [group["options"] for group in element.get("option_groups", ())]
    return [*element.get("options", ()), *(one for group in groups for one in group)]


def action_of(element: Json, value: str | None) -> Json:
    """One entry of `actions`: the element as it was used."""
    action = {name: element[name] for name in ("type", "action_id", "block_id", "text") if name in element}
    return action | used(element, value)


def used(element: Json, value: Any) -> Json:
    """What an element carries after somebody used it, in the fields of its kind."""
    match element["type"]:
        case "button" | "icon_button":
            return {"value": element["value"] if value is None else value} if "value" in element or value else {}
        case "feedback_buttons":
            return {"value": value or element["positive_button"]["value"]}
        case "static_select" | "radio_buttons" | "overflow" | "external_select":
            return {"selected_option": _option(element, value)}
        case "multi_static_select" | "checkboxes" | "multi_external_select":
            return {"selected_options": [_option(element, one) for one in value or ()]}
        case "users_select" | "channels_select" | "conversations_select" as kind:
            return {f"selected_{kind.removesuffix('s_select')}": value}
        case "multi_users_select" | "multi_channels_select" | "multi_conversations_select" as kind:
            return {f"selected_{kind.removeprefix('multi_').removesuffix('_select')}": list(value or ())}
        case "datepicker":
            return {"selected_date": value}
        case "timepicker":
            return {"selected_time": value}
        case _:
            return {"value": value}


def _option(element: Json, value: Any) -> Json | None:
    if value is None:
        return element.get("initial_option")
    for one in options_of(element):
        if one["value"] == value:
            return one
    return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}


def state_of(shown: ShownView, values: Json) -> Json:
    """`state.values` of a submission: what was typed by action id, and what stood there before where nothing was."""
    state: Json = {}
    for element in buttons(shown):
        name = element["action_id"]
        before = element.get("initial_value")
        given = values.get(name, before)
        state.setdefault(element["block_id"], {})[name] = {"type": element["type"], **used(element, given)}
    if unknown := set(values) - {element["action_id"] for element in buttons(shown)}:
        raise LookupError(f"the view has no {sorted(unknown)}")
    return state
