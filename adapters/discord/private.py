"""What one person alone reads: where they typed or pressed, else as a direct message."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.discord.api import UNKNOWN_MESSAGE, DiscordApi, DiscordFailed, Json, Rejected
from adapters.discord.origin import Origin
from adapters.discord.outgoing import File


class Private:
    """Tells one person. Raises a `DiscordFailed` where no way led to them, `Unsure` where one perhaps did.

    What came in is answered by its token; when that lives no more, Discord says no, and a direct message is left.
    """

    def __init__(self, api: DiscordApi) -> None:
        self._api = api

    async def answer(self, origin: Origin, fields: Json, files: Sequence[File] = ()) -> None:
        """In the place of "thinking ...", which only they see if it was deferred so."""
        handle = origin.handle
        if handle is not None and self._api.can_answer(handle):
            try:
                await self._api.edit_answer(handle, fields, files=files)
            except Rejected:
                await self._write(origin, fields, files)
            return
        await self._write(origin, fields, files)

    async def instead(self, origin: Origin, fields: Json, files: Sequence[File] = ()) -> None:
        """In the place of an answer that everybody reads is being thought about: that is taken away first.

        What is told before anything else takes its place, and is read by as many (discord-api-docs#2866).
        """
        if origin.handle is not None and self._api.can_answer(origin.handle):
            try:
                await self._api.remove_answer(origin.handle)
            except Rejected as refused:
                if refused.code != UNKNOWN_MESSAGE:  # it may stand there still
                    await self._write(origin, fields, files)
                    return
        await self.beside(origin, fields, files)

    async def beside(self, origin: Origin, fields: Json, files: Sequence[File] = ()) -> None:
        """In a message of its own, beside what they pressed."""
        handle = origin.handle
        if handle is not None and self._api.can_answer(handle):
            try:
                await self._api.follow_up(handle, fields, ephemeral=True, files=files)
            except Rejected:
                await self._write(origin, fields, files)
            return
        await self._write(origin, fields, files)

    async def replace(self, origin: Origin, fields: Json) -> None:
        """In the place of the message that was pressed."""
        if origin.handle is None:
            raise DiscordFailed("nothing was pressed")
        await self._api.edit_answer(origin.handle, fields)

    async def _write(self, origin: Origin, fields: Json, files: Sequence[File]) -> None:
        await self._api.post(await self._api.direct(origin.user_id), fields, files=files)


def in_server(origin: Origin, guild_id: str) -> Origin:
    """What was pressed under a direct message is about the server that the message tells of."""
    return replace(origin, guild_id=guild_id) if origin.is_direct and not origin.guild_id else origin
