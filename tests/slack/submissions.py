"""What a modal does after its submission, as the app's acknowledgement says: errors, update, push, clear, or close."""

from typing import Any

from tests.slack.blocks import check_view
from tests.slack.faulty import Violation
from tests.slack.reading import buttons
from tests.slack.server import FakeSlack
from tests.slack.state import Json, ShownView
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


def _kept(slack: FakeSlack, view: Json) -> Json:
    report = check_view(view, allowed_people=slack.allowed_people)
    slack.record("view_submission", report)
    blocks = [{"block_id": slack.numbers.id("blk"), **block} for block in view["blocks"]]
    return {**view, "blocks": blocks}
