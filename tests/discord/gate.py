"""Every call on its way in: recorded, checked, faults, rates, token, then its route."""

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord import applications, channels, guilds, interactions, messages, threads, webhooks
from tests.discord.faults import Call, Fault, Upload
from tests.discord.routes import Answer, At, Route, matching
from tests.discord.state import Refused

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

ANSWERING = (applications, channels, guilds, interactions, messages, threads, webhooks)  # read: they register
PREFIX = "/api/v10"
VIA = {"Via": "1.1 google"}
CODES = {  # Discord's names for what a planted fault answers
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    30046: (400, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
}


class Gate:
    """REST's door."""

    def __init__(self, discord: "FakeDiscord") -> None:
        self._discord = discord

    async def api(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path[len(PREFIX) :]  # as it was written: "%40original" is no "@original"
        found = matching(request.method, path)
        call = await self._received(request, found)
        self._discord.calls.append(call)
        fault = self._discord.faults.striking(call)
        if fault is not None and (spoiled := await self._before(request, call, fault)) is not None:
            return spoiled
        response = await self._respond(call, found[0] if found else None)
        if fault is not None:
            return await self._after(request, call, fault, response)
        return response

    # --- what strikes ---

    async def _before(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse | None:
        """What happens in place of the answer; None: it is answered."""
        if fault.stall == "before":
            await fault.released.wait()
        elif fault.gateway == "before":
            await self._discord.gateway.drop()
        elif fault.drop == "before":
            return hang_up(request)
        elif fault.retry_after is not None:
            call.status = 429
            return _limited(fault)
        elif fault.code and not fault.taken:
            status, message = CODES[fault.code]
            call.status, call.answer = status, {"message": message, "code": fault.code}
            return as_json(call.answer, status, VIA)
        elif fault.status and not fault.taken:
            call.status = fault.status
            return _broken(fault)
        return None

    async def _after(
        self, request: web.Request, call: Call, fault: Fault, response: web.StreamResponse
    ) -> web.StreamResponse:
        if fault.stall == "after":
            await fault.released.wait()
        elif fault.gateway == "after":
            await self._discord.gateway.drop()
        elif fault.drop == "after":
            return hang_up(request)
        elif fault.taken:
            call.status = fault.status
            return _broken(fault)
        return response

    # --- what is answered ---

    async def _respond(self, call: Call, route: Route | None) -> web.StreamResponse:
        headers = dict(VIA)
        try:
            if (limited := self._discord.rates.take(call)) is not None:
                headers |= limited.headers
                if limited.refused is not None:
                    call.status, call.answer = 429, limited.refused
                    return as_json(limited.refused, 429, headers)
            answer = self._answer(call, route)
            call.taken = True
        except Refused as refused:
            answer = Answer(refused.body, refused.status)
        call.status, call.answer = answer.sent_status, answer.body
        self._discord.answered(call)
        if answer.body is None:
            return web.Response(status=answer.sent_status, headers=headers)
        return as_json(answer.body, answer.status, headers)

    def _answer(self, call: Call, route: Route | None) -> Answer:
        if route is None:
            self._discord.checked(call)
            raise Refused(404, 0, "404: Not Found")
        if route.needs_bot and call.token != f"Bot {self._discord.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if not self._discord.checked(call):
            raise Refused(400, 50035, "Invalid Form Body")
        return route.handler(At(self._discord, call))

    async def _received(self, request: web.Request, found: tuple[Route, dict[str, str]] | None) -> Call:
        body, files = await _read(request)
        route, parameters = found or (None, {})
        return Call(
            self._discord.numbers.order(),
            route.operation if route else "",
            request.method,
            route.template if route else request.path[len(PREFIX) :],
            parameters,
            dict(request.query),
            body,
            files,
            request.headers.get("Authorization", ""),
            self._discord.clock.now(),
            request.content_type if request.can_read_body or body is not None else "",
        )


def as_json(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    """As Discord sends it: discord.py reads JSON where the type is this, to the letter."""
    told = {"Content-Type": "application/json"} | headers
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    if request.content_type != "multipart/form-data":
        text = await request.text()
        try:
            return (json.loads(text) if text else None), []
        except ValueError:
            return text, []  # no schema takes a bare string: it is refused
    body: Any = None
    files: list[Upload] = []
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files.append(Upload(name, value.filename, value.file.read(), value.content_type))
        elif name == "payload_json":
            body = json.loads(str(value))
    return body, files


def _limited(fault: Fault) -> web.Response:
    """A 429: by Discord with its `Via`, or by Cloudflare without (in JSON or HTML)."""
    assert fault.retry_after is not None
    headers = {"Retry-After": str(max(1, round(fault.retry_after)))} | (VIA if fault.via else {})
    if fault.via:
        scope = "global" if fault.everywhere else "user"
        headers |= {"X-RateLimit-Scope": scope} | ({"X-RateLimit-Global": "true"} if fault.everywhere else {})
    if fault.html:
        return web.Response(status=429, headers=headers, text="<html>error 1015</html>", content_type="text/html")
    body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": fault.everywhere}
    return as_json(body, 429, headers)


def _broken(fault: Fault) -> web.Response:
    return web.Response(status=fault.status, text="<html>upstream trouble</html>", content_type="text/html")


def hang_up(request: web.Request) -> web.Response:
    """The connection breaks without an answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
