"""The ways by which messages of an answer reach whoever asked."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from adapters.discord.api import DiscordApi, DiscordFailed, Handle, Json, Rejected
from adapters.discord.outgoing import File

_NO_WAY = frozenset(
    {
        *(10003, 10015, 10062),  # the channel, the webhook or the interaction is not known (any more)
        *(50001, 50007, 50013, 50027),  # no access, no direct messages, no permission, a token that is over
        *(50083, 160005),  # a thread that is archived, or locked
    }
)
"""Discord's codes where nothing of ours can be written by this way at all (topics/opcodes-and-status-codes)."""
_NO_REPLY = 160002
BELOW = "-# This took long, so it goes on below."
IN_DIRECT = "-# This took long, so it goes on in your direct messages."


def is_no_way(refused: Rejected) -> bool:
    """Whether another way has to be tried."""
    return refused.code in _NO_WAY or refused.status in (401, 403)


class Way(Protocol):
    """One of them. `is_away`: it leads elsewhere than where somebody asked. `once`: a lost reply leaves it unknown."""

    is_away: bool
    once: bool

    async def post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        """A new message; its id. Raises a `DiscordFailed`."""
        ...

    async def edit(self, message_id: str, fields: Json, files: Sequence[File]) -> None:
        """Change it. Raises a `DiscordFailed`."""
        ...

    async def remove(self, message_id: str) -> None:
        """Take it away. Raises a `DiscordFailed`."""
        ...


class Original:
    """The deferred answer to an interaction: there from the beginning, once, and for 15 minutes."""

    is_away = False
    once = False

    def __init__(self, api: DiscordApi, handle: Handle) -> None:
        self._api = api
        self._handle = handle

    async def post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        """It becomes this."""
        del nonce  # it is one message, however often it is changed
        self._look_at_the_clock()
        shown = await self._api.edit_answer(self._handle, fields, files=files, patience_seconds=0.0)
        return str(shown.get("id", ""))

    async def edit(self, message_id: str, fields: Json, files: Sequence[File]) -> None:
        """The same."""
        await self.post(fields, files, message_id)

    async def remove(self, message_id: str) -> None:
        """Stays: whoever tells something in its place takes it away."""

    async def leave(self, words: str) -> None:
        """Say where it goes on. The token may be over already."""
        with suppress(DiscordFailed):
            fields = {"content": words, "components": []}
            await self._api.edit_answer(self._handle, fields, patience_seconds=0.0)

    def _look_at_the_clock(self) -> None:
        if not self._api.can_answer(self._handle):
            raise Rejected(401, 50027)


class FollowUp:
    """More messages in answer to an interaction. There is no nonce for them: what was perhaps taken is not repeated."""

    is_away = False
    once = True

    def __init__(self, api: DiscordApi, handle: Handle, *, ephemeral: bool) -> None:
        self._api = api
        self._handle = handle
        self._ephemeral = ephemeral

    async def post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        """One more."""
        del nonce
        if not self._api.can_answer(self._handle):
            raise Rejected(401, 50027)
        posted = await self._api.follow_up(
            self._handle, fields, ephemeral=self._ephemeral, files=files, patience_seconds=0.0
        )
        return str(posted["id"])

    async def edit(self, message_id: str, fields: Json, files: Sequence[File]) -> None:
        """Change it."""
        await self._api.edit_answer(self._handle, fields, message_id=message_id, files=files, patience_seconds=0.0)

    async def remove(self, message_id: str) -> None:
        """Take it away."""
        await self._api.remove_answer(self._handle, message_id=message_id)


class Channel:
    """Messages of the bot's own in a channel or thread, the first of them a reply to `reply_to`."""

    is_away = False
    once = False

    def __init__(self, api: DiscordApi, channel_id: str, reply_to: str = "", *, patience_seconds: float = 0.0) -> None:
        self._api = api
        self._patience_seconds = patience_seconds
        self.channel_id = channel_id
        self.reply_to = reply_to

    async def post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        """A new one, once for each nonce."""
        try:
            return await self._post({**fields, **self._reference}, files, nonce)
        except Rejected as refused:
            if not self.reply_to or not (is_no_way(refused) or refused.code == _NO_REPLY):
                raise
            self.reply_to = ""  # who may not read what was said may not reply to it, but perhaps write
            return await self._post(fields, files, nonce)

    @property
    def _reference(self) -> Json:
        """What was deleted meanwhile is no reason not to answer."""
        if not self.reply_to:
            return {}
        return {"message_reference": {"message_id": self.reply_to, "fail_if_not_exists": False}}

    async def _post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        posted = await self._api.post(
            self.channel_id, fields, nonce=nonce, files=files, patience_seconds=self._patience_seconds
        )
        return str(posted["id"])

    async def edit(self, message_id: str, fields: Json, files: Sequence[File]) -> None:
        """Change it."""
        await self._api.edit(self.channel_id, message_id, fields, files=files, patience_seconds=0.0)

    async def remove(self, message_id: str) -> None:
        """Take it away."""
        await self._api.call(
            "DELETE",
            "/channels/{channel_id}/messages/{message_id}",
            channel_id=self.channel_id,
            message_id=message_id,
        )


class Direct:
    """Direct messages to whoever asked."""

    is_away = True
    once = False

    def __init__(self, api: DiscordApi, user_id: str) -> None:
        self._api = api
        self._user_id = user_id
        self._channel: Channel | None = None

    async def post(self, fields: Json, files: Sequence[File], nonce: str) -> str:
        """A new one, once for each nonce."""
        if self._channel is None:
            self._channel = Channel(self._api, await self._api.direct(self._user_id, patience_seconds=0.0))
        return await self._channel.post(fields, files, nonce)

    async def edit(self, message_id: str, fields: Json, files: Sequence[File]) -> None:
        """Change it."""
        if self._channel is not None:
            await self._channel.edit(message_id, fields, files)

    async def remove(self, message_id: str) -> None:
        """Take it away."""
        if self._channel is not None:
            await self._channel.remove(message_id)
