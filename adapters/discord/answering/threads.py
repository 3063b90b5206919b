"""Threads for long answers and conversations, where the bot may open them."""

from adapters.discord.answering.where import Where
from adapters.discord.api import DiscordApi, DiscordFailed, Rejected
from core.secrets import masked
from core.text.neutralise import for_discord

MAX_NAME_CHARS = 100
"""Of a thread (resources/channel, "Start Thread from Message")."""
ALREADY_THERE = 160004
PATIENCE_SECONDS = 5.0
_WITHOUT_WORDS = "Answer"


class Threads:
    """Those of one answer."""

    def __init__(self, api: DiscordApi, where: Where) -> None:
        self._api = api
        self._where = where

    async def before(self) -> str:
        """The thread under what was said, for an answer in a conversation; empty where there is none to be had."""
        origin = self._where.origin
        wanted = self._where.goes_on and origin.handle is None
        return await self._under(origin.message_id) if wanted else ""

    async def after(self, message_id: str) -> str:
        """The thread under the beginning of a long answer; empty where there is none to be had."""
        return await self._under(message_id)

    async def _under(self, message_id: str) -> str:
        """A thread has the id of the message that it stands under."""
        origin = self._where.origin
        if self._where.is_private or origin.thread_id or not message_id:
            return ""
        try:
            await self._api.call(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
                json={"name": self._name},
                repeatable=True,
                patience_seconds=PATIENCE_SECONDS,
                channel_id=origin.channel_id,
                message_id=message_id,
            )
        except Rejected as refused:
            return message_id if refused.code == ALREADY_THERE else ""
        except DiscordFailed:
            return ""
        return message_id

    @property
    def _name(self) -> str:
        """The first words of the question, without what looks like a secret."""
        words = " ".join(for_discord(masked(self._where.question)).split())
        return words[:MAX_NAME_CHARS].strip() or _WITHOUT_WORDS
