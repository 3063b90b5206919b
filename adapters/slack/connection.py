"""Socket Mode: Chipin holds a connection to Slack, so that it needs no public address."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from core.first_of import first_of
from core.ports import Clock

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0

_log = structlog.get_logger(__name__)


class SocketConnection:
    """Connects, and again whenever that is lost."""

    def __init__(
        self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, clock: Clock, *, proxy: str | None = None
    ) -> None:
        """`web_client` has the app-level token."""
        self._handler = AsyncSocketModeHandler(app, app_token, web_client=web_client, proxy=proxy)
        self._handler.client.proxy = proxy
        self._clock = clock

    async def run(self, leaving: asyncio.Event, when_connected: Callable[[], Awaitable[None]]) -> None:
        """Take what Slack delivers until told to leave. slack_sdk connects anew by itself once it was connected."""
        try:
            if await self._connect(leaving):
                await when_connected()
                await leaving.wait()
        finally:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt says nothing of it
            await self._handler.client.aiohttp_client_session.close()

    async def _connect(self, leaving: asyncio.Event) -> bool:
        pause = FIRST_PAUSE_SECONDS
        while not leaving.is_set():
            try:
                await self._handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt says nothing of it
            except Exception as error:  # noqa: BLE001 - whatever slack_sdk and aiohttp raise, the next try may go well
                _log.warning("slack_not_connected", kind=type(error).__name__, again_in_seconds=pause)
                await first_of(leaving.wait(), self._clock.sleep(pause))
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                return True
        return False
