"""Shows answers where they were asked. What one consists of is in live_answer.py; how Discord takes it in stream.py."""

from contextlib import suppress

import structlog

from adapters.discord.answering.aside import Aside
from adapters.discord.answering.live_answer import LiveAnswer, Tools
from adapters.discord.answering.pace import Pace
from adapters.discord.answering.where import Where
from adapters.discord.api import DiscordApi, DiscordFailed
from adapters.discord.views.shown import lines_shown
from core.asks import RunningAsk
from core.errors import BooksFailed
from core.kept_presses import KeptPresses
from core.ports import Clock

__all__ = ["Responder", "Where"]

_log = structlog.get_logger(__name__)


class Responder:
    """All answers that this process is showing."""

    def __init__(self, api: DiscordApi, kept: KeptPresses, clock: Clock) -> None:
        self._tools = Tools(api, kept, Pace(), clock)

    async def say(self, where: Where, sentence: str) -> None:
        """One sentence that others may read too: to the asker alone where they typed or pressed, else as a reply.

        What Discord does not take is lost.
        """
        aside = Aside(self._tools.api, where.origin, private=where.private)
        try:
            await aside.say(lines_shown([sentence]))
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_a_sentence", kind=type(failed).__name__)

    async def show(self, running: RunningAsk, where: Where) -> None:
        """Show an ask to its end. What its asker could not be shown is told later by core."""
        answer = LiveAnswer(self._tools, where)
        try:
            await answer.show(running)
        except DiscordFailed as failed:
            _log.warning("discord_did_not_take_an_answer", ask=answer.ask_id, kind=type(failed).__name__)
        else:
            with suppress(BooksFailed):  # it is on Discord: told once more when the books are back, rather than never
                await running.delivered()
