"""What an ask tells its asker alone."""

from contextlib import suppress

from adapters.discord.answering.ways import Channel, is_no_way
from adapters.discord.api import PATIENCE_SECONDS, UNKNOWN_MESSAGE, DiscordApi, DiscordFailed, Handle, Rejected
from adapters.discord.origin import Origin
from adapters.discord.views.shown import Shown, lines_shown

ASK_IN_PRIVATE = (
    "What Chipin has to say about this is for you alone, and you take no direct messages from here. "
    "Ask with the command /ask instead, or allow direct messages from this server. Not charged."
)


class Aside:
    """Tells one asker: where they typed or pressed, else in a direct message.

    Raises a `DiscordFailed` where no way led to them, `Unsure` where one perhaps did.
    """

    def __init__(self, api: DiscordApi, origin: Origin, *, private: bool) -> None:
        """`private`: what stands as the answer to what they typed is theirs alone."""
        self._api = api
        self._origin = origin
        self._private = private

    async def tell_beside(self, shown: Shown) -> None:
        """Beside what stands as the answer."""
        await self._tell(shown, takes_place=False)

    async def tell_instead(self, shown: Shown) -> None:
        """In place of an answer. Where everybody reads that one is being thought about, that is taken away first:

        what is told before anything else takes its place, and is read by as many (discord-api-docs#2866).
        """
        await self._tell(shown, takes_place=True)

    async def say(self, shown: Shown) -> None:
        """What others may read too: to a message by a reply, else as `tell_instead`."""
        if self._origin.handle is None:
            try:
                return await self._reply(shown)
            except Rejected as refused:
                if not is_no_way(refused):
                    raise
        return await self.tell_instead(shown)

    async def _tell(self, shown: Shown, *, takes_place: bool) -> None:
        handle = self._origin.handle
        if handle is not None and self._api.can_answer(handle):
            try:
                return await self._beside(handle, shown, takes_place=takes_place)
            except Rejected as refused:
                if not (is_no_way(refused) or refused.code == UNKNOWN_MESSAGE):
                    raise
        return await self._alone(shown)

    async def _beside(self, handle: Handle, shown: Shown, *, takes_place: bool) -> None:
        if takes_place and self._private:
            await self._api.edit_answer(handle, {"content": None, **shown.fields})
            return
        if takes_place:
            await self._remove(handle)
        await self._api.follow_up(handle, shown.fields, ephemeral=True)

    async def _remove(self, handle: Handle) -> None:
        try:
            await self._api.remove_answer(handle)
        except Rejected as refused:
            if refused.code != UNKNOWN_MESSAGE:  # it may stand there still: what is told next would take its place
                raise

    async def _alone(self, shown: Shown) -> None:
        origin = self._origin
        if origin.is_direct:
            await self._api.post(origin.writes_to, shown.fields, nonce=self._nonce(shown))
            return
        try:
            channel_id = await self._api.direct(origin.user_id)
            await self._api.post(channel_id, shown.fields, nonce=self._nonce(shown))
        except Rejected as refused:
            if not is_no_way(refused):
                raise
            await self._say_so()
            raise

    async def _say_so(self) -> None:
        """They take no direct messages: everybody may read that something was to be told, and not what."""
        with suppress(DiscordFailed):
            await self._reply(lines_shown([ASK_IN_PRIVATE]))

    async def _reply(self, shown: Shown) -> None:
        origin = self._origin
        channel = Channel(self._api, origin.writes_to, origin.message_id, patience_seconds=PATIENCE_SECONDS)
        await channel.post(shown.fields, (), self._nonce(shown))

    def _nonce(self, shown: Shown) -> str:
        return f"aside {self._origin.user_id} {self._origin.message_id} {shown.fields}"
