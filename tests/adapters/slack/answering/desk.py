"""A responder at work on the Slack of the tests: what an ask tells, written out, and a clock that nobody waits for."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from adapters.slack.answering.responder import Responder, Where
from adapters.slack.api import ResponseUrls, SlackApi, web_client
from adapters.slack.origin import Origin
from adapters.slack.private import Private
from adapters.slack.workspaces import Workspace
from core.asking.event_stream import EventStream
from core.asks import RunningAsk
from core.events import AskEvent, Delta, Ending, Finished, Started
from core.prices import Usage
from core.receipt import PricedLine, Receipt
from tests.adapters.waiting_clock import WaitingClock
from tests.slack.server import FakeSlack
from tests.slack.state import Message

ASK_ID = "ask_1"
RECEIPT = Receipt(
    ask_id=ASK_ID,
    model_title="Claude Haiku 4.5",
    lines=(PricedLine("anthropic", "haiku", Usage(1_204, 356), 3_000_000, 3_000_000, estimated=False),),
    why="short question",
    month_left_nanos=8_080_000_000,
)
STARTED = Started(ASK_ID, "Claude Haiku 4.5", 20_000_000)
FINISHED = Finished(Ending.ANSWERED, RECEIPT)


class WrittenAsk(RunningAsk):
    """An ask whose events are written down. Functions among them are called in their turn."""

    def __init__(self, desk: "Desk", script: Sequence[AskEvent | Callable[[], object]]) -> None:
        super().__init__(EventStream())
        self._desk = desk
        self._script = script
        self.was_delivered = False

    async def delivered(self) -> None:
        self.was_delivered = True

    async def __aiter__(self) -> AsyncIterator[AskEvent]:
        for each in self._script:
            if callable(each):
                done = each()
                if inspect.isawaitable(done):
                    await done
                continue
            yield each
            if isinstance(each, Delta):
                await self._desk.clock.quiet()


@dataclass
class Desk:
    """One responder, one Slack, Ada in #general, and her question there."""

    slack: FakeSlack
    clock: WaitingClock
    workspace: Workspace
    responder: Responder
    question: Message
    where: Where

    async def show(self, *script: AskEvent | Callable[[], object], where: Where | None = None) -> WrittenAsk:
        """Show an ask to its end."""
        ask = WrittenAsk(self, script)
        await self.responder.show(ask, where or self.where)
        return ask

    async def answer(self, *pieces: str | Callable[[], object], where: Where | None = None) -> WrittenAsk:
        """Show an answer that comes in these pieces."""
        deltas = [Delta(piece) if isinstance(piece, str) else piece for piece in pieces]
        return await self.show(STARTED, *deltas, FINISHED, where=where)

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote in the thread of the question."""
        return [each for each in self.slack.messages("C1", self.question.ts) if each.user == self.slack.bot_user_id]

    @property
    def text(self) -> str:
        """The answer as it stands on Slack, letter by letter."""
        return "".join(FakeSlack.body_of(message) for message in self.messages)


@asynccontextmanager
async def a_desk() -> AsyncIterator[Desk]:
    """One for a test; at its end nothing that was sent broke a rule."""
    async with FakeSlack() as slack, aiohttp.ClientSession() as session:
        slack.add_user("U1", "ada", admin=True)
        slack.add_channel("C1", "general", ["U1"])
        clock = WaitingClock(slack)
        api = SlackApi(web_client(slack.api_url, slack.bot_token, session=session), clock)
        workspace = Workspace(slack.team_id, "Home", slack.bot_user_id, slack.bot_id, api)
        response_urls = ResponseUrls(session, slack.api_url, clock)
        question = slack.say("U1", "C1", "why?")
        where = Where(workspace, Origin(slack.team_id, "U1", "C1", ts=question.ts), question="why?")
        time = asyncio.create_task(clock.run())
        try:
            yield Desk(
                slack, clock, workspace, Responder(Private(response_urls), response_urls, clock), question, where
            )
        finally:
            time.cancel()
        assert slack.violations == []
