"""Socket Mode: Chipin holds a connection to Slack, so that it needs no public address."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Rejected, SlackApi, SlackFailed
from adapters.slack.workspaces import is_dead, refused_token
from core.errors import NotConfigured
from core.first_of import first_of
from core.ports import Clock

CONNECT_SECONDS = 20.0
"""For one try."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0

_log = structlog.get_logger(__name__)


class SocketConnection:
    """Connects, and again whenever that is lost."""

    def __init__(
        self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, clock: Clock, *, proxy: str | None = None
    ) -> None:
        """`web_client` has the app-level token."""
        self._api, self._token = SlackApi(web_client, clock), {"app_token": app_token}
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
        """Whether it is connected now; not where it was told to leave before. `NotConfigured` for a dead token."""
        pause = FIRST_PAUSE_SECONDS
        while not leaving.is_set():
            trying = asyncio.ensure_future(self._try())
            try:
                await first_of(leaving.wait(), asyncio.wait({trying}), self._clock.sleep(CONNECT_SECONDS))
            finally:
                trying.cancel()
                [why] = await asyncio.gather(trying, return_exceptions=True)
            if why is None:
                return True
            if isinstance(why, NotConfigured):
                raise why
            _log.warning("slack_not_connected", kind=type(why).__name__, why=_said(why), again_in_seconds=pause)
            await first_of(leaving.wait(), self._clock.sleep(pause))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        return False

    async def _try(self) -> None:
        """One try, at an address that Slack gives for it: slack_sdk alone would try an old one for ever."""
        client = self._handler.client
        try:
            client.wss_uri = (await self._api.call("apps.connections.open", patience_seconds=0, **self._token))["url"]
        except Rejected as said:
            if is_dead(said):
                raise refused_token("SLACK_APP_TOKEN", said) from said
            raise
        await client.connect()  # type: ignore[no-untyped-call]  # slack_sdk says nothing of it


def _said(why: BaseException) -> str:
    """What Slack said. Other errors have the address in them, and in it what lets one in."""
    return str(why) if isinstance(why, SlackFailed) else ""
