"""The websocket of Socket Mode: envelopes out, acknowledgements back by envelope id."""

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.slack.state import Json

if TYPE_CHECKING:
    from tests.slack.server import FakeSlack


class Sockets:
    """All Socket Mode connections of the app; Slack picks any of them for an envelope."""

    def __init__(self, slack: "FakeSlack") -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._turn = 0
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._somebody = asyncio.Event()
        self.open: list[web.WebSocketResponse] = []
        self.unasked: list[Json] = []

    def ticket(self) -> str:
        """A websocket address that works once."""
        name = self._slack.numbers.id("ticket")
        self._tickets.add(name)
        return f"ws://127.0.0.1:{self._slack.port}/link/?ticket={name}&app_id={self._slack.app_id}"

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.open.append(socket)
        info = {"app_id": self._slack.app_id}
        hello = {"type": "hello", "num_connections": len(self.open), "connection_info": info, "debug_info": {}}
        await socket.send_json(hello)
        self._somebody.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            self.open.remove(socket)
            if not self.open:
                self._somebody.clear()
        return socket

    async def connected(self, timeout_seconds: float = 30.0) -> None:
        """Until an app is connected."""
        await asyncio.wait_for(self._somebody.wait(), timeout_seconds)

    async def deliver(self, envelope: Json, patience_seconds: float) -> Json | None:
        """Send an envelope. The acknowledgement, or None when none came in time (or the connection broke)."""
        await self.connected()
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        self._turn += 1
        await self.open[self._turn % len(self.open)].send_json(envelope)
        try:
            return await asyncio.wait_for(answer, patience_seconds)
        except TimeoutError:
            return None
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def ask_to_reconnect(self) -> None:
        """What Slack does every few hours."""
        for socket in tuple(self.open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def close(self) -> None:
        for socket in tuple(self.open):
            await socket.close()

    def _heard(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(said.get("envelope_id")))
        if waiting is None or waiting.done():
            self.unasked.append(said)
            return
        waiting.set_result({**said, "order": self._slack.numbers.order()})
