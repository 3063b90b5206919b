"""Files that people attach: fetched from where Discord keeps them, without a token, as much as a question may have."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from adapters.discord.addresses import is_attachment
from core.attached import Attached, shown_name
from core.errors import BadInput

DOWNLOAD_SECONDS = 10.0
TRIES = 2
PIECE_BYTES = 65_536
_AGAIN = frozenset({429, 500, 502, 503, 504})


class NotHandedOver(BadInput):
    """Discord did not hand a file over."""


def attached_to(message: Mapping[str, Any]) -> tuple[Attached, ...]:
    """The files of a message."""
    files = message.get("attachments")
    told = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return tuple(attached(file) for file in told if file.get("id"))


def attached(file: Mapping[str, Any]) -> Attached:
    """One of them, or of those that came with a command."""
    size = file.get("size")
    return Attached(
        id=str(file["id"]),
        name=str(file.get("filename") or ""),
        media_type=str(file.get("content_type") or ""),
        size_bytes=size if isinstance(size, int) else 0,
        url=str(file.get("url") or ""),
    )


class Files:
    """Fetches them."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, *, proxy: str | None = None) -> None:
        self._session = session
        self._api_url = api_url
        self._proxy = proxy

    async def fetch(self, file: Attached, most_bytes: int) -> bytes:
        """Its bytes, at most one more than so many. `NotHandedOver` where they cannot be had."""
        if not is_attachment(file.url, self._api_url):
            raise NotHandedOver(f"{shown_name(file.name)} is not kept on Discord, so it was not read. Attach it.")
        for _ in range(TRIES):
            try:
                data = await self._download(file, most_bytes)
            except (TimeoutError, aiohttp.ClientError, OSError):
                data = None
            if data is not None:
                return data
        raise NotHandedOver(f"Discord did not hand over {shown_name(file.name)}. Ask again in a minute.")

    async def _download(self, file: Attached, most_bytes: int) -> bytes | None:
        """None where it may be tried again."""
        async with self._session.get(
            file.url,
            proxy=self._proxy,
            timeout=aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS),
            allow_redirects=False,
        ) as response:
            if response.status in _AGAIN:
                return None
            if response.status != 200:
                raise NotHandedOver(f"{shown_name(file.name)} is not there any more. Attach it again.")
            data = bytearray()
            async for piece in response.content.iter_chunked(PIECE_BYTES):
                data += piece
                if len(data) > most_bytes:
                    break
            return bytes(data[: most_bytes + 1])
