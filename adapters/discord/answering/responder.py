"""Shows answers where they were asked."""

from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from adapters.discord.api import DiscordApi, DiscordFailed
from adapters.discord.origin import Origin
from core.asks import RunningAsk
from core.errors import BooksFailed
from core.events import Delta, Refused
from core.people import Member
from core.ports import Clock

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: to the channel or thread it was asked in, or with `private` to its asker alone.

    `asked_by_admin`: whoever asked it may add budget.
    """

    origin: Origin
    private: bool = False
    question: str = ""
    asked_by_admin: bool = False

    def asked_by(self, member: Member) -> "Where":
        """The same, once it is known who asks."""
        called = member.display_name or self.origin.user_name
        return replace(self, origin=replace(self.origin, user_name=called), asked_by_admin=member.admin)


class Responder:
    """All answers that this process is showing."""

    def __init__(self, api: DiscordApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    async def say(self, where: Where, sentence: str) -> None:
        """One sentence, to the asker alone where Discord has a way for it. What Discord does not take is lost."""
        try:
            await self._write(where, sentence)
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_a_sentence", kind=type(failed).__name__)

    async def show(self, running: RunningAsk, where: Where) -> None:
        """Show an ask to its end. What its asker could not be shown is told later by core."""
        said: list[str] = []
        async for event in running:
            match event:
                case Delta(text):
                    said.append(text)
                case Refused(sentence=sentence):
                    said.append(sentence)
        try:
            await self._write(where, "".join(said)[:2000] or "...")
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_an_answer", kind=type(failed).__name__)
            return
        with suppress(BooksFailed):
            await running.delivered()

    async def _write(self, where: Where, text: str) -> None:
        handle = where.origin.handle
        if handle is not None:
            await self._api.edit_answer(handle, {"content": text})
        else:
            await self._api.post(where.origin.writes_to, {"content": text})
