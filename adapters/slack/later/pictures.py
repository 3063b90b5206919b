"""A chart as a picture that Slack keeps: drawn here, uploaded, and shown by the id of its file.

Uploaded without a channel the file is Chipin's own until a message shows it (docs.slack.dev,
files.completeUploadExternal). Slack looks at what was uploaded in the background; blocks may show it once it has a type
(slackapi/node-slack-sdk#1865).
"""

import asyncio
from contextlib import suppress

import structlog

from adapters.slack.api import SlackFailed, Unsure
from adapters.slack.uploads import completed, sent
from adapters.slack.views.shown import alt_text
from adapters.slack.workspaces import Workspace
from core.chart import Chart
from core.errors import NotDrawn
from core.ports import Clock, Drawing

FILE_NAME = "chart.png"
MOST_SECONDS = 15.0
"""For all of it: whoever tells a notice is not disturbed for a minute, and the message itself takes some of that."""
PATIENCE_SECONDS = 3.0
"""Of each step, while Slack says "later"."""
LOOKS_SECONDS = (0.2, 0.5, 1.0, 2.0, 3.0)
"""How long it is waited before each look whether blocks may show the file; mostly the first is enough."""

_log = structlog.get_logger(__name__)


class Pictures:
    """Draws and uploads them."""

    def __init__(self, drawing: Drawing, clock: Clock) -> None:
        self._drawing = drawing
        self._clock = clock

    async def of(self, workspace: Workspace, chart: Chart) -> str:
        """The file that blocks of this workspace may show; empty where there is none now, for whatever reason.

        A file that was uploaded in vain hurts nobody: no message shows it.
        """
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await self._uploaded(workspace, await self._drawing.draw(chart), chart)
        except (SlackFailed, NotDrawn, TimeoutError) as failed:
            _log.warning("slack_told_without_picture", kind=type(failed).__name__, why=str(failed))
            return ""

    async def _uploaded(self, workspace: Workspace, png: bytes, chart: Chart) -> str:
        api, patience = workspace.api, PATIENCE_SECONDS
        file_id = await sent(api, FILE_NAME, png, patience_seconds=patience, alt_txt=alt_text(chart.alt))
        with suppress(Unsure):  # the file itself says whether it is whole
            await completed(api, file_id, alt_text(chart.title), patience_seconds=patience)
        for seconds in LOOKS_SECONDS:
            await self._clock.sleep(seconds)
            looked = await api.call("files.info", patience_seconds=patience, file=file_id)
            if looked["file"].get("mimetype"):
                return file_id
        return ""
