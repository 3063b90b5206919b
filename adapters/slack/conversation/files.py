"""Files that hang on a message: fetched from Slack alone, with the bot's token, as much as a question may have."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import aiohttp

from adapters.slack.addresses import is_file_of_slacks
from adapters.slack.api import SlackFailed
from adapters.slack.workspaces import Workspace
from core.attached import Attached, not_too_many_files, parts_of, shown_name
from core.call import Part
from core.errors import BadInput

DOWNLOAD_SECONDS = 10.0
TRIES = 2
PATIENCE_SECONDS = 5.0
_AGAIN = frozenset({429, 500, 502, 503, 504})


class NotHandedOver(BadInput):
    """Slack did not hand a file over."""


def attached_to(message: Mapping[str, Any]) -> tuple[Attached, ...]:
    """The files of a message; what is deleted, or hidden by a free plan's limit, is not among them."""
    files = message.get("files")
    told = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return tuple(_attached(file) for file in told if file.get("id") and file.get("mode") not in _NOT_THERE)


_NOT_THERE = ("tombstone", "hidden_by_limit")


def _attached(file: Mapping[str, Any]) -> Attached:
    size = file.get("size")
    return Attached(
        id=str(file["id"]),
        name=str(file.get("name") or file.get("title") or ""),
        media_type=str(file.get("mimetype") or ""),
        size_bytes=size if isinstance(size, int) else 0,
        url="" if file.get("is_external") else str(file.get("url_private_download") or file.get("url_private") or ""),
    )


class Files:
    """Fetches them."""

    def __init__(self, session: aiohttp.ClientSession, *, proxy: str | None = None) -> None:
        self._session = session
        self._proxy = proxy

    async def parts(
        self, workspace: Workspace, files: Sequence[Attached], *, words: bool
    ) -> tuple[tuple[Part, ...], str]:
        """What of them is sent with a question, as `core.attached.parts_of` tells it."""
        not_too_many_files(len(files))
        known = [file if file.url else await self._looked_up(workspace, file) for file in files]
        return await parts_of(known, partial(self.fetch, workspace), words=words)

    async def _looked_up(self, workspace: Workspace, file: Attached) -> Attached:
        """All that Slack tells of a file: in a channel shared with others, and with a shortcut, only its id comes."""
        try:
            said = await workspace.api.call("files.info", file=file.id, patience_seconds=PATIENCE_SECONDS)
        except SlackFailed as failed:
            raise NotHandedOver(_not_allowed(file)) from failed
        return _attached(said["file"])

    async def fetch(self, workspace: Workspace, file: Attached, most_bytes: int) -> bytes:
        """Its bytes, one more than the most at most."""
        client = workspace.api.client
        if not is_file_of_slacks(file.url, str(client.base_url)):
            raise NotHandedOver(
                f"{shown_name(file.name)} is not kept on Slack, so it was not read. Paste what matters."
            )
        for _ in range(TRIES):
            try:
                data = await self._download(file, str(client.token), most_bytes)
            except (TimeoutError, aiohttp.ClientError, OSError):
                data = None
            if data is not None:
                return data
        raise NotHandedOver(f"Slack did not hand over {shown_name(file.name)}. Ask again in a minute.")

    async def _download(self, file: Attached, token: str, most_bytes: int) -> bytes | None:
        """None where it may be tried again. Who may not read a file is sent to a page to sign in, in place of it."""
        async with self._session.get(
            file.url,
            headers={"Authorization": f"Bearer {token}"},
            proxy=self._proxy,
            timeout=aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS),
            allow_redirects=False,
        ) as response:
            if response.status in _AGAIN:
                return None
            if response.status != 200 or (response.content_type == "text/html" and "html" not in file.media_type):
                raise NotHandedOver(_not_allowed(file))
            data = bytearray()
            async for piece in response.content.iter_chunked(65_536):
                data += piece
                if len(data) > most_bytes:
                    break
            return bytes(data)


def _not_allowed(file: Attached) -> str:
    return (
        f"Slack did not let Chipin read {shown_name(file.name)}. Paste what matters, or ask an admin to give Chipin's "
        "app the scope files:read."
    )
