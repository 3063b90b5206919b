"""Answers through a response_url: five in thirty minutes, from any channel, whether or not the bot is in it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack.blocks import check_message
from tests.slack.faults import Call
from tests.slack.mentions import check_unfurls
from tests.slack.state import Ephemeral, Json, Message
from tests.slack.workspace import Workspace

if TYPE_CHECKING:
    from tests.slack.server import FakeSlack

MOST_USES, LIFETIME_SECONDS = 5, 1800.0
BODY_ONLY = frozenset({"image", "live mention", "unfurl", "picture in Markdown", "text beside blocks"})


@dataclass(slots=True)
class ResponseUrl:
    id: str
    team: str
    channel: str
    user: str
    issued_at: float
    source: Message | Ephemeral | None = None
    answers: list[Json] = field(default_factory=list)

    def used_up(self, now: float) -> str:
        if len(self.answers) >= MOST_USES:
            return "used_url"
        return "expired_url" if now - self.issued_at > LIFETIME_SECONDS else ""


async def take(slack: "FakeSlack", request: web.Request) -> web.StreamResponse:
    """One POST to a response_url."""
    url = slack.response_urls.get(request.match_info["id"])
    body = await request.read()
    try:
        fields = json.loads(body)
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    call = Call(slack.numbers.order(), "response_url", fields, "", slack.clock.now(), url.team if url else "")
    return await slack.gate.run(request, call, lambda: answer(slack, url, call))


def answer(slack: "FakeSlack", url: ResponseUrl | None, call: Call) -> web.Response:
    reason = "invalid_url" if url is None else url.used_up(slack.clock.now())
    if url is None or reason:
        call.answer = {"ok": False, "error": reason}
        return web.json_response(call.answer, status=404)
    fields = call.fields
    report = check_message(fields, allowed_people=slack.allowed_people)
    if fields.get("response_type") == "in_channel":
        check_unfurls(report, fields)
    slack.record("response_url", report)
    if [one for one in report.found if one.rule not in BODY_ONLY]:
        call.answer = {"ok": False, "error": "invalid_blocks"}
        return web.json_response(call.answer, status=400)
    url.answers.append(fields)
    call.taken, call.answer = True, {"ok": True}
    show(slack, slack.workspaces[url.team], url, call)
    return web.Response(text="ok")


def show(slack: "FakeSlack", team: Workspace, url: ResponseUrl, call: Call) -> None:
    fields, source = call.fields, url.source
    blocks, text = list(fields.get("blocks") or ()), str(fields.get("text") or "")
    if fields.get("delete_original") and source is not None:
        if isinstance(source, Ephemeral):
            source.gone = True
        else:
            source.deleted = True
    elif fields.get("replace_original") and source is not None:
        if isinstance(source, Ephemeral):
            source.text, source.blocks = text, blocks
        else:
            source.replace(call.order, text=text, blocks=blocks)
    elif fields.get("response_type") == "in_channel":
        message = Message(url.channel, slack.numbers.ts(), team.bot_user_id, text, str(fields.get("thread_ts") or ""))
        message.bot_id, message.app_id, message.blocks = team.bot_id, slack.app_id, blocks
        message.order, message.via, message.team = call.order, "response_url", team.team_id
        team.posted.setdefault(url.channel, []).append(message)
    else:
        shown = Ephemeral(url.channel, url.user, slack.numbers.ts(), text, blocks, via="response_url", order=call.order)
        shown.thread_ts = str(fields.get("thread_ts") or "")
        team.ephemerals.append(shown)
