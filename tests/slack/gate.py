"""Every call on its way in: recorded, faults, token, scopes, rates, then its method."""

import json
from base64 import b64decode
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

from tests.slack import agents, chat, conversations, files, oauth, people, streams, views
from tests.slack.faults import Call, Fault
from tests.slack.methods import METHODS, At
from tests.slack.state import Json, SlackError

if TYPE_CHECKING:
    from tests.slack.server import FakeSlack

ANSWERING = (agents, chat, conversations, files, oauth, people, streams, views)  # reading them registers their methods
WITHOUT_BOT_TOKEN = frozenset({"oauth.v2.access", "apps.connections.open", "api.test"})


class Gate:
    """The Web API's door."""

    def __init__(self, slack: "FakeSlack") -> None:
        self._slack = slack

    async def api(self, request: web.Request) -> web.StreamResponse:
        call = await self._received(request)
        return await self.run(request, call, lambda: self._answer(call))

    async def run(
        self, request: web.Request, call: Call, answer: Callable[[], web.StreamResponse]
    ) -> web.StreamResponse:
        """The answer to a call, unless a fault strikes it."""
        self._slack.calls.append(call)
        fault = self._slack.faults.striking(call)
        if fault is not None and (spoiled := await self._before(request, fault)) is not None:
            return spoiled
        response = answer()
        if fault is not None and fault.stall == "after":
            await fault.released.wait()
        if fault is not None and fault.drop == "after":
            _hang_up(request)
        return response

    async def _before(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        if fault.stall == "before":
            await fault.released.wait()
        elif fault.drop == "before":
            _hang_up(request)
            return web.Response()
        elif fault.status:
            return web.Response(status=fault.status, text="<html>Slack is having trouble</html>")
        elif fault.retry_after is not None:
            return _limited(fault.retry_after)
        elif fault.error:
            return web.json_response({"ok": False, "error": fault.error, **fault.extra})
        return None

    def _answer(self, call: Call) -> web.StreamResponse:
        try:
            at = self._admitted(call)
            wait = self._slack.rates.take(at.team.team_id, call.method, call.fields, self._slack.clock.now())
            if wait:
                call.answer = {"ok": False, "error": "ratelimited"}
                return _limited(wait)
            call.answer = {"ok": True, **METHODS[call.method].handler(at)}
            call.taken = True
        except SlackError as error:
            call.answer = {"ok": False, "error": error.code, **error.fields}
        return web.json_response(call.answer, headers=self._granted(call))

    def _granted(self, call: Call) -> dict[str, str]:
        """What the token may do, as Slack says it beside every answer."""
        team = self._slack.workspaces.get(call.team_id)
        return {"X-OAuth-Scopes": ",".join(sorted(team.scopes))} if team is not None and team.scopes is not None else {}

    def _admitted(self, call: Call) -> At:
        """The call with its workspace, once its token, scopes and fields are right."""
        slack = self._slack
        known = METHODS.get(call.method)
        if known is None:
            raise SlackError("unknown_method", req_method=call.method)
        team = next((one for one in slack.workspaces.values() if one.bot_token == call.token), None)
        if call.method == "apps.connections.open":
            if call.token != slack.app_token:
                raise SlackError("not_allowed_token_type" if team else "invalid_auth")
            team = slack.workspace
        elif call.method in WITHOUT_BOT_TOKEN:
            team = team or slack.workspace
        if team is None:
            raise SlackError("invalid_auth" if call.token else "not_authed")
        if team.revoked and call.method not in WITHOUT_BOT_TOKEN:
            raise SlackError("account_inactive")
        call.team_id = team.team_id
        at = At(slack, team, call)
        at.need_scope(*known.scopes)
        missing = [name for name in known.required if call.fields.get(name) in (None, "")]
        if missing:
            raise SlackError("invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in missing))
        return at

    async def _received(self, request: web.Request) -> Call:
        fields: Json = {name: _decoded(value) for name, value in request.query.items()}
        if request.content_type == "application/json":
            fields |= json.loads(await request.read() or b"{}")
        else:
            fields |= {name: _decoded(str(value)) for name, value in (await request.post()).items()}
        given = str(fields.pop("token", ""))
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            fields["client_id"], _, fields["client_secret"] = b64decode(secret).decode().partition(":")
        token = secret if scheme == "Bearer" else given
        slack = self._slack
        return Call(slack.numbers.order(), request.match_info["method"], fields, token, slack.clock.now())


def _decoded(value: str) -> object:
    """A form field: structures come as JSON."""
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _limited(seconds: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
