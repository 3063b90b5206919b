"""One ask on Discord, from its first event to its last."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any, assert_never

from adapters.discord.answering.aside import Aside
from adapters.discord.answering.pace import Pace
from adapters.discord.answering.route import Route
from adapters.discord.answering.stream import AnswerStream, Looks
from adapters.discord.answering.threads import Threads
from adapters.discord.answering.where import Where
from adapters.discord.api import DiscordApi, DiscordFailed, Json, Unsure
from adapters.discord.views import answer as views
from adapters.discord.views.answer import Pressable
from adapters.discord.views.shown import Shown, lines_shown
from adapters.discord.views.wallet import more_buttons
from core.asks import RunningAsk
from core.commands.carried import Wanted, wanted_value
from core.defaults import SHOW_END_SECONDS
from core.errors import ChipinError
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
from core.kept_presses import KeptPresses
from core.ports import Clock
from core.text import wording

FIRST_SECONDS = 5.0
"""How long an answer waits until what is told before it was told."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What answers are shown with."""

    api: DiscordApi
    kept: KeptPresses
    pace: Pace
    clock: Clock


class LiveAnswer:
    """One ask on Discord."""

    def __init__(self, tools: Tools, where: Where) -> None:
        self._tools = tools
        self._where = where
        self._aside = Aside(tools.api, where.origin, private=where.private)
        self._by = Pressable(where.origin.user_id, where.origin.guild_id, where.private, where.question)
        self._notes: list[str] = []
        self._has_words = False
        self._asides: set[asyncio.Task[None]] = set()
        self._writing = AsyncExitStack()
        self._stream: AnswerStream | None = None
        self._can_be_stopped = False
        self.ask_id = ""

    async def show(self, running: RunningAsk) -> None:
        """Show it to its end. Raises a `DiscordFailed` where its asker cannot know the end."""
        try:
            async with self._writing:
                async for event in running:
                    self.ask_id = self.ask_id or running.ask_id
                    await self._take(event)
        finally:
            for task in tuple(self._asides):
                task.cancel()

    async def _take(self, event: AskEvent) -> None:  # noqa: PLR0912 (one case for each event)
        match event:
            case Delta(text):
                await self._write(text)
            case Waiting(running_asks):
                await self._say(wording.waiting(running_asks))
            case Pausing(sentence):
                await self._say(sentence)
            case Started():
                await self._start(event)
            case SwitchedModel(from_title, to_title, at_most_nanos, because):
                self._notes.append(wording.switched(from_title, to_title, because, at_most_nanos=at_most_nanos))
                await self._say(self._notes[-1])
            case Finished():
                await self._in_time(self._finish(event))
            case FirstUse(lines):
                await self._first_use(lines)
            case Quoted():
                await self._ask_back(views.quoted(event, self._by))
            case NeedsCare():
                await self._ask_back(views.needs_care(event, self._by))
            case NeedsConfirmation():
                await self._ask_back(views.needs_confirmation(event, self._by))
            case Refused():
                await self._in_time(self._refuse(event))
            case AlreadyAsked(sentence=sentence):
                if self._where.origin.handle is not None:  # pressed or typed twice; a message came twice on its own
                    await self._tell_instead(lines_shown([sentence]))
            case _:
                assert_never(event)

    # --- the answer ---

    async def _open_stream(self) -> AnswerStream:
        if self._stream is None:
            tools, where, origin = self._tools, self._where, self._where.origin
            self._stream = AnswerStream(
                Route(tools.api, origin, private=where.private, threads=Threads(tools.api, where)),
                f"answer {self.ask_id or where.came_with}",
                Looks(self._preview, views.part),
                tools.pace,
                tools.clock,
                limit=origin.handle.id if origin.handle is not None else origin.writes_to,
                heading=where.heading,
            )
            await self._writing.enter_async_context(self._stream.running())
        return self._stream

    def _preview(self, content: str) -> Json:
        return views.preview(content, views.stop_button(self.ask_id, self._by) if self._can_be_stopped else None)

    async def _start(self, started: Started) -> None:
        self.ask_id, self._can_be_stopped = started.ask_id, True
        stream = await self._open_stream()
        stream.think()
        if started.note:
            self._beside(self._tell_beside(lines_shown([started.note])))

    async def _say(self, status: str) -> None:
        """What is going on: under what stands there already, or as the answer to what was typed."""
        if self._stream is not None or self._where.origin.handle is not None:
            (await self._open_stream()).say(status)

    async def _write(self, text: str) -> None:
        self._has_words = self._has_words or bool(text.strip())
        (await self._open_stream()).write(text)

    async def _finish(self, finished: Finished) -> None:
        if self._stream is None:
            await self._tell_instead(views.ended_without_answer(finished, self._notes, self._by))
        elif self._has_words:
            under = views.footer(finished, self._notes, self._by)
            await self._stream.finish(lambda last, file_name: views.end_shapes(last, under, file_name))
        else:
            shown = views.ended_without_answer(finished, self._notes, self._by)
            await self._stream.finish_with(lambda is_away: {"content": None, **shown.fields})

    # --- what its asker alone reads ---

    async def _refuse(self, refused: Refused) -> None:
        await self._tell_instead(views.refused(refused, self._by, await self._more(refused)))

    async def _more(self, refused: Refused) -> list[Json]:
        """What asks the admins for more, where that would help."""
        shortfall, member = refused.shortfall, self._where.member
        if shortfall is None or member is None:
            return []
        origin = self._where.origin
        waits = wanted_value(Wanted(shortfall, 0, origin.user_id))
        try:
            press_id = await self._tools.kept.keep(member, waits)
        except ChipinError:
            return []
        return more_buttons(shortfall, origin.guild_id, press_id, is_admin=member.admin)

    async def _first_use(self, lines: tuple[str, ...]) -> None:
        if self._where.origin.handle is not None:
            await self._open_stream()
        first = self._beside(self._tell_beside(lines_shown(lines)))
        await first_of(asyncio.wait({first}), self._tools.clock.sleep(FIRST_SECONDS))

    async def _tell_beside(self, shown: Shown) -> None:
        """Beside the answer, which has to stand there first: what is told before it would take its place."""
        if self._stream is not None:
            await self._stream.stands()
        await self._aside.tell_beside(shown)

    async def _tell_instead(self, shown: Shown) -> None:
        if self._stream is not None:
            await self._stream.withdraw()
        await self._aside.tell_instead(shown)

    async def _ask_back(self, shown: Shown) -> None:
        """What waits for a press is told later by nobody: where it was perhaps lost it is shown once more.

        A press on either does it once.
        """
        try:
            await self._tell_instead(shown)
        except Unsure:
            await self._tell_instead(shown)

    async def _in_time(self, end: Coroutine[Any, Any, None]) -> None:
        """Show the end before others do. `Unsure` where that took too long: they look what stands there."""
        await in_time(end, SHOW_END_SECONDS, self._tools.clock, Unsure("the end was not shown in time"))

    def _beside(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do it while the answer goes on; nothing depends on it."""
        task = asyncio.create_task(_quietly(work), name="beside an answer on Discord")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        return task


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(DiscordFailed):
        await work
