"""views.*: modals by a trigger that lives three seconds and opens one, and the Home tab."""

from dataclasses import dataclass

from tests.slack.blocks import check_view
from tests.slack.chat import filled
from tests.slack.methods import At, method
from tests.slack.state import Json, ShownView, SlackError
from tests.slack.workspace import Workspace

TRIGGER_SECONDS = 3.0
MOST_STACKED = 3


@dataclass(slots=True)
class Trigger:
    """What a command, a press or a shortcut hands the app to open a modal with."""

    id: str
    user: str
    team: str
    issued_at: float
    view: str = ""
    used: bool = False


def as_json(shown: ShownView, team: Workspace, app_id: str) -> Json:
    """A view as responses and interactions carry it."""
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        **shown.view,
        "id": shown.id,
        "team_id": team.team_id,
        "app_id": app_id,
        "bot_id": team.bot_id,
        "hash": shown.hash,
        "root_view_id": shown.root,
        "previous_view_id": shown.previous or None,
        "state": {"values": {}},
    }


def checked(at: At, view: Json) -> Json:
    """The view as Slack keeps it, or `invalid_arguments` with the reasons."""
    report = check_view(view, allowed_people=at.slack.allowed_people)
    at.slack.record(at.call.method, report)
    wrong = [one for one in report.found if one.rule not in ("image", "live mention", "picture in Markdown")]
    if wrong:
        raise SlackError("invalid_arguments", *(f"[ERROR] {one}" for one in wrong))
    return {**view, "blocks": filled(at, view["blocks"])}


def answer(at: At, shown: ShownView) -> Json:
    return {"view": as_json(shown, at.team, at.slack.app_id)}


def pulled(at: At) -> Trigger:
    """The trigger, used up by this call."""
    trigger = at.slack.triggers.get(at.text("trigger_id"))
    if trigger is None or trigger.team != at.team.team_id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if at.slack.clock.now() - trigger.issued_at > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


@method("views.open", required=["trigger_id", "view"])
def open_view(at: At) -> Json:
    trigger = pulled(at)
    shown = _shown(at, trigger.user, "open", checked(at, at.fields["view"]))
    return answer(at, shown)


@method("views.push", required=["trigger_id", "view"])
def push(at: At) -> Json:
    trigger = pulled(at)
    below = next((one for one in at.team.views if one.id == trigger.view and one.open), None)
    if below is None:
        raise SlackError("not_found")
    if sum(one.open and one.root == below.root for one in at.team.views) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    return answer(at, _shown(at, trigger.user, "push", checked(at, at.fields["view"]), below))


@method("views.update", required=["view"])
def update(at: At) -> Json:
    wanted, external = at.text("view_id"), at.text("external_id")
    shown = next(
        (
            one
            for one in at.team.views
            if one.open and (one.id == wanted or (external and one.view.get("external_id") == external))
        ),
        None,
    )
    if shown is None:
        raise SlackError("not_found")
    if at.text("hash") and at.text("hash") != shown.hash:
        raise SlackError("hash_conflict")
    replace(shown, checked(at, at.fields["view"]), at.slack.numbers.id("hash"))
    return answer(at, shown)


@method("views.publish", required=["user_id", "view"])
def publish(at: At) -> Json:
    user = at.text("user_id")
    if user not in at.team.users:
        raise SlackError("user_not_found")
    shown = at.team.homes.get(user)
    if at.text("hash") and shown is not None and at.text("hash") != shown.hash:
        raise SlackError("hash_conflict")
    view = checked(at, at.fields["view"])
    if shown is None:
        at.team.homes[user] = shown = _shown(at, user, "publish", view)
    else:
        replace(shown, view, at.slack.numbers.id("hash"))
        shown.order = at.call.order
    return answer(at, shown)


def replace(shown: ShownView, view: Json, new_hash: str) -> None:
    shown.history.append(shown.view)
    shown.view, shown.hash = view, new_hash


def _shown(at: At, user: str, how: str, view: Json, below: ShownView | None = None) -> ShownView:
    name, numbers = at.slack.numbers.id("V"), at.slack.numbers
    root, previous = (below.root, below.id) if below else (name, "")
    shown = ShownView(name, user, at.team.team_id, view, how, numbers.id("hash"), root, previous)
    shown.order = at.call.order
    if how != "publish":
        at.team.views.append(shown)
    return shown
