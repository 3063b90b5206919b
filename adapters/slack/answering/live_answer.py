"""One ask on Slack, from its first event to its last."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from typing import Any, assert_never

from adapters.slack.answering.budget import AppendBudget
from adapters.slack.answering.elsewhere import Elsewhere, WholeAnswer
from adapters.slack.answering.posting import AnswerMessage
from adapters.slack.answering.spots import NO_PLACE, Spot
from adapters.slack.answering.status import THINKING, Status
from adapters.slack.answering.stream import AnswerStream
from adapters.slack.api import Rejected, SlackFailed, Unsure
from adapters.slack.origin import Origin
from adapters.slack.private import Private
from adapters.slack.views import answer as views
from adapters.slack.views.answer import Pressable
from adapters.slack.views.shown import Shown, lines_shown
from adapters.slack.workspaces import Workspace
from core.asks import RunningAsk
from core.defaults import SHOW_END_SECONDS
from core.events import (
    AlreadyAsked,
    AskEvent,
    Delta,
    Finished,
    FirstUse,
    NeedsCare,
    NeedsConfirmation,
    Pausing,
    Quoted,
    Refused,
    Started,
    SwitchedModel,
    Waiting,
)
from core.first_of import first_of, in_time
from core.ports import Clock
from core.text import wording

FIRST_SECONDS = 5.0
"""How long an answer waits until what is told before it was told."""
STOP_AFTER_SECONDS = 5.0
"""How long an answer goes on before its asker is shown how to stop it."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where an answer goes: to the channel or thread it was asked in, or with `private` to its asker alone.

    `question` is quoted above a public answer that is no reply to a message, or with `quoted` to a message of somebody
    else's; it may be empty. `asked_by_admin`: whoever asked it may add budget.
    """

    workspace: Workspace
    origin: Origin
    private: bool = False
    question: str = ""
    quoted: bool = False
    asked_by_admin: bool = False

    @property
    def is_private(self) -> bool:
        """Whether nobody but the asker reads the answer."""
        return self.private or self.origin.is_direct

    @property
    def thread_ts(self) -> str:
        """The thread that the answer is a part of; empty where it begins one."""
        return "" if self.private and not self.origin.is_direct else self.origin.thread_ts or self.origin.ts


@dataclass(frozen=True, slots=True)
class Tools:
    """What answers are shown with; `known` are the messages that this process is writing."""

    private: Private
    elsewhere: Elsewhere
    budget: AppendBudget
    known: set[str]
    clock: Clock


class LiveAnswer:
    """One ask on Slack."""

    def __init__(self, tools: Tools, where: Where) -> None:
        self._tools = tools
        self._where = where
        origin = where.origin
        self._status = Status(
            where.workspace, origin.channel_id, where.thread_ts, origin.user_id, question=where.question
        )
        self._by = Pressable(
            origin.user_id,
            origin.channel_id,
            where.thread_ts,
            where.private,
            question=where.question,
            is_admin=where.asked_by_admin,
        )
        self._root: AnswerMessage | None = None
        self._spot: Spot | None = None
        self._text: list[str] = []
        self._notes: list[str] = []
        self._asides: set[asyncio.Task[None]] = set()
        self._writing = AsyncExitStack()
        self._stream: AnswerStream | None = None
        self.ask_id = ""

    def is_in(self, channel_id: str, thread_ts: str) -> bool:
        """Whether its answer is written in this thread."""
        return (self._by.channel, self._by.thread) == (channel_id, thread_ts)

    async def show(self, running: RunningAsk) -> None:
        """Show it to its end; then `over`. Raises a `SlackFailed` or `TooLong` where its asker cannot know the end."""
        try:
            async with self._writing:
                async for event in running:
                    await self._take(event)
        finally:
            for task in tuple(self._asides):
                task.cancel()

    async def over(self) -> None:
        """Nothing goes on any more: let Slack say so too."""
        await self._status.over(answered=self._stream is not None and self._stream.stopped_natively)

    async def _take(self, event: AskEvent) -> None:  # noqa: PLR0912 (one case for each event)
        match event:
            case Delta(text):
                self._write(text)
            case Waiting(running_asks):
                self._status.say(wording.waiting(running_asks))
            case Pausing(sentence):
                self._status.say(sentence)
            case Started():
                await self._start(event)
            case SwitchedModel(from_title, to_title, at_most_nanos, because):
                self._notes.append(wording.switched(from_title, to_title, because, at_most_nanos=at_most_nanos))
                self._status.say(self._notes[-1])
            case Finished():
                await self._in_time(self._finish(event))
            case FirstUse(lines):
                first = self._beside(self._tell(lines_shown(lines)))
                await first_of(asyncio.wait({first}), self._tools.clock.sleep(FIRST_SECONDS))
            case Quoted():
                await self._ask_back(views.quoted(event, self._by))
            case NeedsCare():
                await self._ask_back(views.needs_care(event, self._by))
            case NeedsConfirmation():
                await self._ask_back(views.needs_confirmation(event, self._by))
            case Refused():
                await self._in_time(self._tell(views.refused(event, self._by)))
            case AlreadyAsked(sentence=sentence):
                if self._where.origin.trigger_id:  # somebody pressed or typed twice; an event came twice on its own
                    await self._tell(lines_shown([sentence]))
            case _:
                assert_never(event)

    # --- the answer ---

    async def _start(self, started: Started) -> None:
        self.ask_id = started.ask_id
        self._status.say(THINKING)
        tools = self._tools
        self._stream = AnswerStream(self._find_spot, self.ask_id, tools.budget, tools.known, tools.clock)
        await self._writing.enter_async_context(self._stream.running())
        self._beside(self._offer_stop())
        if started.note:
            self._beside(self._tell(lines_shown([started.note])))

    def _write(self, text: str) -> None:
        self._text.append(text)
        if self._stream is not None:
            self._stream.write(text)

    async def _finish(self, finished: Finished) -> None:
        text = "".join(self._text)
        if self._stream is None or not text.strip():
            await self._tell(views.ended_without_answer(finished, self._notes, self._by))
            return
        try:
            await self._stream.finish(lambda: views.footer(finished, self._notes, self._by))
        except Rejected as refused:
            if refused.code not in NO_PLACE:
                raise
            where, footer = self._where, views.footer(finished, self._notes, self._by)
            await self._tools.elsewhere.show(
                WholeAnswer(where.workspace, where.origin, self.ask_id, text, footer, where.is_private)
            )

    async def _find_spot(self) -> Spot:
        """The thread that the answer is written in; where there is none, the question is quoted and begins one."""
        if self._spot is None:
            where, origin = self._where, self._where.origin
            thread_ts, channel_id = where.thread_ts, origin.channel_id
            if not thread_ts:
                channel_id, thread_ts = await self._quote_question()
            elif where.quoted:
                await self._quote_in(Spot(where.workspace, channel_id, thread_ts, origin.user_id))
            asked_ts = origin.ts or thread_ts
            self._spot = Spot(where.workspace, channel_id, thread_ts, origin.user_id, origin.user_team_id, asked_ts)
        return self._spot

    async def _quote_in(self, spot: Spot) -> None:
        """Say in the thread what was asked: nobody else sees the form that it was typed into."""
        if self._root is None:
            self._root = AnswerMessage(spot, self.ask_id, 0, self._tools.known, streams=False)
        name = "You" if self._where.origin.is_direct else self._where.origin.user_name
        await self._root.end(views.question_quoted(name, self._where.question))

    async def _quote_question(self) -> tuple[str, str]:
        where, origin, channel_id = self._where, self._where.origin, self._where.origin.channel_id
        if where.private and not origin.is_direct:
            opened = await where.workspace.api.call("conversations.open", users=origin.user_id)
            channel_id = str(opened["channel"]["id"])
        if self._root is None:
            spot = Spot(where.workspace, channel_id, "", origin.user_id)
            self._root = AnswerMessage(spot, self.ask_id, 0, self._tools.known, streams=False)
        name = "You" if channel_id.startswith("D") else origin.user_name
        await self._root.end(views.question_quoted(name, where.question))
        self._by = replace(self._by, channel=channel_id, thread=self._root.ts, private=False)
        self._status.move(channel_id, self._root.ts)
        return channel_id, self._root.ts

    # --- what its asker alone reads ---

    async def _tell(self, shown: Shown) -> None:
        await tell_asker(self._tools.private, self._where, shown)

    async def _ask_back(self, shown: Shown) -> None:
        """What waits for a press is told later by nobody: where it was perhaps lost it is shown once more.

        A press on either does it once.
        """
        try:
            await self._tell(shown)
        except Unsure:
            await self._tell(shown)

    async def _in_time(self, end: Coroutine[Any, Any, None]) -> None:
        """Show the end before others do. `Unsure` where that took too long: they look what stands there."""
        await in_time(end, SHOW_END_SECONDS, self._tools.clock, Unsure("the end was not shown in time"))

    async def _offer_stop(self) -> None:
        """A Stop of our own, where an answer takes long and Slack has none."""
        await self._tools.clock.sleep(STOP_AFTER_SECONDS)
        if not await self._status.has_stop():
            await self._tell(views.can_be_stopped(self.ask_id, self._by))

    def _beside(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do it while the answer goes on; nothing depends on it."""
        task = asyncio.create_task(_quietly(work), name="beside an answer on Slack")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        return task


async def tell_asker(private: Private, where: Where, shown: Shown) -> None:
    """What only whoever asked reads: beside the question, or where they talk to the bot alone in that talk.

    Raises a `SlackFailed`, `Unsure` where they perhaps read it: then core tells later how an ask ended.
    """
    origin = where.origin
    if origin.is_direct:
        await where.workspace.api.aside(
            "chat.postMessage",
            channel=origin.channel_id,
            thread_ts=where.thread_ts or None,
            unfurl_links=False,
            unfurl_media=False,
            **shown.fields,
        )
    elif where.private and not origin.response_url:
        await private.write(where.workspace, origin.user_id, shown)
    else:
        await private.tell(where.workspace, origin, shown)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(SlackFailed):
        await work
