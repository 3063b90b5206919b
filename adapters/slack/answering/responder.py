"""Shows answers where they were asked. What one consists of is in live_answer.py; how Slack takes it in stream.py."""

from contextlib import suppress

import structlog

from adapters.slack.answering.budget import AppendBudget
from adapters.slack.answering.elsewhere import Elsewhere
from adapters.slack.answering.live_answer import LiveAnswer, Tools, Where, tell_asker
from adapters.slack.answering.shapes import TooLong
from adapters.slack.api import ResponseUrls, SlackFailed
from adapters.slack.private import Private
from adapters.slack.views.shown import lines_shown
from core.asks import RunningAsk
from core.errors import BooksFailed
from core.ports import Clock

__all__ = ["Responder", "Where"]

_log = structlog.get_logger(__name__)


class Responder:
    """All answers that this process is showing."""

    def __init__(self, private: Private, response_urls: ResponseUrls, clock: Clock) -> None:
        self._private = private
        self._elsewhere = Elsewhere(response_urls, clock)
        self._clock = clock
        self._budgets: dict[str, AppendBudget] = {}
        self._known: set[str] = set()
        self._live: set[tuple[str, LiveAnswer]] = set()

    async def say(self, where: Where, sentence: str) -> None:
        """One sentence, to the asker alone. What Slack does not take is lost."""
        try:
            await tell_asker(self._private, where, lines_shown([sentence]))
        except SlackFailed as failed:
            _log.warning("slack_did_not_take_a_sentence", kind=type(failed).__name__)

    async def show(self, running: RunningAsk, where: Where) -> None:
        """Show an ask to its end. What its asker could not be shown is told later by core."""
        team_id = where.workspace.team_id
        answer = LiveAnswer(
            Tools(self._private, self._elsewhere, self._budget(team_id), self._known, self._clock), where
        )
        self._live.add((team_id, answer))
        try:
            await answer.show(running)
        except (SlackFailed, TooLong) as failed:
            _log.warning("slack_did_not_take_an_answer", ask=answer.ask_id, kind=type(failed).__name__)
        else:
            with suppress(BooksFailed):  # it is on Slack: told once more when the books are back, rather than never
                await running.delivered()
        finally:
            self._live.discard((team_id, answer))
        await answer.over()

    def asks_in(self, team_id: str, channel_id: str, thread_ts: str) -> tuple[str, ...]:
        """The asks whose answers are being written in a thread, for whoever stops them there."""
        return tuple(
            answer.ask_id
            for team, answer in self._live
            if team == team_id and answer.ask_id and answer.is_in(channel_id, thread_ts)
        )

    def _budget(self, team_id: str) -> AppendBudget:
        for idle in [team for team, budget in self._budgets.items() if budget.idle and team != team_id]:
            del self._budgets[idle]
        return self._budgets.setdefault(team_id, AppendBudget(self._clock))
