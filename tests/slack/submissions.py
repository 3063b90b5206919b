"""What an acknowledgement does: a modal changes or closes, a command's words are shown, a menu offers."""

from typing import Any

from tests.slack.blocks import check_message, check_view
from tests.slack.elements import options
from tests.slack.faulty import Report, Violation
from tests.slack.mentions import check_unfurls
from tests.slack.reading import buttons
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Json, Message, ShownView
from tests.slack.views import replace
from tests.slack.workspace import Workspace


def apply_response(slack: FakeSlack, team: Workspace, shown: ShownView, body: Any) -> None:
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "errors":
        known = {one["block_id"] for one in buttons(shown)}
        for block in set(body["errors"]) - known:
            slack.violations.append(Violation("errors", "view_submission", f"{block!r} is no block of the view"))
    elif action in ("update", "push"):
        view = _kept(slack, body["view"])
        if action == "update":
            replace(shown, view, slack.numbers.id("hash"))
        else:
            name, new = slack.numbers.id("V"), slack.numbers.id("hash")
            pushed = ShownView(name, shown.user, team.team_id, view, "push", new, shown.root, shown.id)
            team.views.append(pushed)
    elif action == "clear":
        for one in team.views:
            if one.root == shown.root:
                one.open = False
    else:
        shown.open = False


def show_acknowledgement(slack: FakeSlack, team: Workspace, command: Json, body: Any) -> None:
    """The words that acknowledge a command: to its user alone, or to all where they say so."""
    fields = body if isinstance(body, dict) else {"text": str(body)}
    report = check_message(fields, allowed_people=slack.allowed_people)
    channel, text, blocks = command["channel_id"], str(fields.get("text") or ""), list(fields.get("blocks") or ())
    if fields.get("response_type") == "in_channel":
        check_unfurls(report, fields)
        message = Message(channel, slack.numbers.ts(), team.bot_user_id, text, "", team.bot_id, slack.app_id)
        message.blocks, message.team, message.via = blocks, team.team_id, "ack"
        message.order = slack.numbers.order()
        team.posted.setdefault(channel, []).append(message)
    else:
        shown = Ephemeral(channel, command["user_id"], slack.numbers.ts(), text, blocks, via="ack")
        shown.order = slack.numbers.order()
        team.ephemerals.append(shown)
    slack.record("ack", report)


def check_options(slack: FakeSlack, body: Any) -> None:
    """What a menu offers, as the app answered."""
    report = Report()
    menu = body if isinstance(body, dict) else {}
    options(report, menu, "options", 100, minimum=0)
    slack.record("block_suggestion", report)


def _kept(slack: FakeSlack, view: Json) -> Json:
    report = check_view(view, allowed_people=slack.allowed_people)
    slack.record("view_submission", report)
    blocks = [{"block_id": slack.numbers.id("blk"), **block} for block in view["blocks"]]
    return {**view, "blocks": blocks}
