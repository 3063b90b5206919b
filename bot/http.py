"""The one HTTP server: a sign of life, numbers for a monitor, and what chats are called by."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.heartbeat import why_unhealthy
from bot.metrics import Watched, metrics_of
from bot.wiring import App
from core.errors import NotConfigured

DEFAULT_PORT = 3000
MAX_BODY_BYTES = 1_000_000
Endpoint = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(
    app: App, endpoints: Mapping[tuple[str, str], Endpoint], watched: Sequence[Watched] = ()
) -> AsyncIterator[int]:
    """Serve while the context is open; the port that was taken. `endpoints`, by method and path, are the chats' own."""
    settings = app.settings
    port = DEFAULT_PORT if settings.http_port is None else settings.http_port
    server = web.Application(client_max_size=MAX_BODY_BYTES)
    server.router.add_get("/healthz", _healthz(app, watched))
    server.router.add_get("/metrics", _metrics(app, watched))
    for (method, path), endpoint in endpoints.items():
        server.router.add_route(method, path, endpoint)
    runner = web.AppRunner(server, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await _open(runner, settings.http_host, port)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _open(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise NotConfigured(
            f"Port {port} of {host} cannot be opened: {error.strerror or error}. Set HTTP_PORT or HTTP_HOST otherwise, "
            "or end the program that has it."
        ) from error


def _healthz(app: App, watched: Sequence[Watched]) -> Endpoint:
    async def healthz(_: web.Request) -> web.Response:
        """A chat that is away is told, and no reason to end a process that settles what runs and serves the others."""
        why = why_unhealthy(app.settings.data_folder)
        told = [why or "healthy", *filter(None, (each.trouble() for each in watched))]
        return web.Response(status=503 if why else 200, text="\n".join([*told, ""]))

    return healthz


def _metrics(app: App, watched: Sequence[Watched]) -> Endpoint:
    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=metrics_of(app, watched), content_type="text/plain")

    return metrics
