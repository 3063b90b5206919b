"""A provider's server on a real socket, which answers as told: well, badly, slowly or not at all.

    async with ProviderServer() as server:
        server.answer_with(status(503), good(["A ", "deadlock"]))  # one per call, the last one for all that follow
        ... point a provider at server.base_url ...
        assert server.calls[0].body["model"] == "small"

The behaviours are in tests/provider_behaviours.py (chat completions), tests/anthropic_behaviours.py and
tests/gemini_behaviours.py.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from tests.provider_behaviours import Behaviour, Body, good


@dataclass(frozen=True, slots=True)
class Received:
    """One call as it came in."""

    body: Body
    headers: Mapping[str, str]
    path: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ProviderServer:
    """The server. `calls` are the calls it received, `hung_up` how many callers left before the end."""

    models: tuple[str, ...] = ()
    calls: list[Received] = field(default_factory=list)
    hung_up: int = 0
    base_url: str = ""
    _behaviours: list[Behaviour] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    def answer_with(self, *behaviours: Behaviour) -> None:
        """The behaviour of the next calls, in order; the last one stays. Without any, answers are good."""
        self._behaviours = list(behaviours)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/{called:.+}", self._complete)
        app.router.add_get("/v1/models", self._list)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.calls.append(Received(body, request.headers, request.path, dict(request.query)))
        behaviour = self._behaviours[0] if self._behaviours else good()
        if len(self._behaviours) > 1:
            del self._behaviours[0]
        try:
            return await behaviour(request, body)
        except (asyncio.CancelledError, ConnectionError):
            self.hung_up += 1
            raise

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
