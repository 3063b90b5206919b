"""An answer on Discord while it comes: one message that shows its beginning, and at its end all of it.

    write(..) -> harmless Markdown (core/text/neutralise) -> a preview, edited at a pace -> at the end: parts, or a file

An edit that fails is simply followed by the next, which carries everything. Nothing is queued: the latest wins.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice

from adapters.discord.answering.pace import Pace
from adapters.discord.answering.parts import MOST_PARTS, parts_of, preview_of
from adapters.discord.answering.posting import AnswerMessage
from adapters.discord.answering.route import BESIDE, FIRST, Route
from adapters.discord.api import DiscordFailed, Json, RateLimited, Rejected, Unreachable, Unsure
from adapters.discord.outgoing import File
from adapters.discord.views.answer import Shape
from core.defaults import TRY_END_SECONDS
from core.first_of import first_of
from core.patience import Patience
from core.ports import Clock
from core.text.neutralise import DiscordNeutraliser, for_discord_plain

THINKING = "Thinking..."
SOON_SECONDS = 1.0
"""How long a first word is waited for before it is said that there is none yet."""
IN_FLIGHT_SECONDS = 1.0
"""How long the end waits for an edit that is under way."""
OVERTAKEN_SECONDS = 3.0
"""How long after the end an edit that was left on its way is surely over."""
LONGEST_PAUSE_SECONDS = 5.0
MAX_FILE_BYTES = 10 * 1024 * 1024
"""What every server takes (reference, "Uploading Files"); larger ones are shown as messages."""
FILE_NAME = "answer.md"


@dataclass(frozen=True, slots=True)
class Looks:
    """How an answer is put into messages.

    `preview` is the fields of one while it is written, `part` those of one that others follow.
    """

    preview: Callable[[str], Json]
    part: Callable[[str], Json]


End = Callable[[str, str], Sequence[Shape]]
"""The shapes of the last message, the nicest first: for its text, and the name of the file that goes along, if any."""


class AnswerStream:
    """One answer. `write` never waits; `finish` returns when Discord surely shows all of it."""

    def __init__(
        self, route: Route, key: str, looks: Looks, pace: Pace, clock: Clock, *, limit: str, heading: str = ""
    ) -> None:
        """`key` names it among all answers. `limit` names what of Discord's limits its edits count towards.

        `heading` stands above the answer, in Markdown that is harmless already.
        """
        self._route = route
        self._key = key
        self._looks = looks
        self._pace = pace
        self._clock = clock
        self._limit = limit
        self._neutraliser = DiscordNeutraliser()
        self._heading, self._harmless = heading, ""
        self._raw: list[str] = []
        self._status = THINKING
        self._messages = {FIRST: AnswerMessage(route, FIRST, f"{key} {FIRST}")}
        self._takes_files = True
        self._news, self._stands, self._ending = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    async def stands(self) -> None:
        """Wait until Discord surely shows something of it, or nothing more of it is tried to be shown."""
        if self._writing is not None:
            await first_of(self._stands.wait(), asyncio.wait({self._writing}))

    async def withdraw(self) -> None:
        """It is no answer after all: show nothing more of it."""
        self._ending.set()
        await self._let_go(IN_FLIGHT_SECONDS)
        await self._messages[FIRST].remove()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Discord is written to while in here."""
        with self._pace.answer(self._limit):
            self._writing = asyncio.create_task(self._keep_writing(), name="answer on Discord")
            try:
                yield
            finally:
                await self._let_go(0.0)

    def write(self, text: str) -> None:
        """The next piece of the answer, as the model wrote it."""
        self._raw.append(text)
        self._harmless += self._neutraliser.feed(text)
        if self._harmless.strip():
            self._status = ""
            self._news.set()

    def think(self) -> None:
        """It is worked on: said when that takes long, or where something else is said so far."""
        if self._status != THINKING:
            self.say(THINKING)

    def say(self, status: str) -> None:
        """What is going on while there is no answer yet."""
        self._status = status
        self._news.set()

    async def finish(self, end: End) -> None:
        """Show all of it. Raises a `DiscordFailed` where Discord takes it no way."""
        self._harmless += self._neutraliser.close()
        await self._insist(partial(self._end, end))

    async def finish_with(self, shape: Shape) -> None:
        """Show this in its place: there is no answer. Raises a `DiscordFailed`."""
        await self._insist(partial(self._messages[FIRST].put, [shape]))

    async def _insist(self, show: Callable[[], Awaitable[None]]) -> None:
        """Try until it is shown, for as long as there is time."""
        self._ending.set()
        was_cut = await self._let_go(IN_FLIGHT_SECONDS)
        await self._until_shown(show)
        if was_cut:  # Discord may take what was on its way after the end: the end is said once more
            self._messages[FIRST].doubt()
            await self._clock.sleep(OVERTAKEN_SECONDS)
            with suppress(DiscordFailed):
                await show()

    async def _until_shown(self, show: Callable[[], Awaitable[None]]) -> None:
        patience = Patience(self._clock, TRY_END_SECONDS, longest_pause_seconds=LONGEST_PAUSE_SECONDS)
        while True:
            try:
                return await show()
            except RateLimited as limited:
                await patience.wait(limited, limited.retry_after_seconds)
            except (Unreachable, Unsure) as lost:
                await patience.wait(lost)

    # --- while it comes ---

    @property
    def _text(self) -> str:
        return f"{self._heading}\n{self._harmless}" if self._heading else self._harmless

    async def _keep_writing(self) -> None:
        """Show the latest whenever there is something new, at the pace of the channel."""
        await first_of(self._news.wait(), self._clock.sleep(SOON_SECONDS), self._ending.wait())
        while not self._ending.is_set():
            self._news.clear()
            began_at, seconds = self._clock.monotonic(), 0.0
            try:
                await self._messages[FIRST].put([self._preview])
                self._stands.set()
            except RateLimited as limited:
                seconds = limited.retry_after_seconds
            except Rejected:
                return  # it would be refused again; the end may not be
            except DiscordFailed:
                pass
            wait = began_at + self._pace.seconds_between(self._limit) - self._clock.monotonic()
            await first_of(self._clock.sleep(max(seconds, wait, 0.0)), self._ending.wait())
            await first_of(self._news.wait(), self._ending.wait())

    def _preview(self, is_away: bool) -> Json:
        del is_away
        return self._looks.preview(preview_of(self._text, for_discord_plain(self._status)))

    async def _let_go(self, seconds: float) -> bool:
        """No more previews; one that is on its way has so long to arrive. Whether one was left on its way."""
        writing, self._writing = self._writing, None
        if writing is None:
            return False
        if seconds and not writing.done():
            await first_of(asyncio.wait({writing}), self._clock.sleep(seconds))
        was_cut = not writing.done()
        writing.cancel()
        await asyncio.wait({writing})
        return was_cut

    # --- the end ---

    async def _end(self, end: End) -> None:
        """Bring Discord up to the end; what it surely shows already is not sent again."""
        parts = list(islice(parts_of(self._text), MOST_PARTS + 1))
        content = "".join(self._raw).encode("utf-8", "replace")
        if len(parts) > MOST_PARTS and self._takes_files and len(content) <= MAX_FILE_BYTES:
            try:
                await self._as_file(parts[0], File(FILE_NAME, content), end)
            except Rejected:  # too large, or no files are taken here
                self._takes_files = False
            else:
                return
        if len(parts) > MOST_PARTS:
            parts = list(parts_of(self._text))
        for number, part in enumerate(parts[:-1], start=FIRST):
            await self._message(number).put([self._looks_of(part)])
        await self._message(len(parts)).put(end(parts[-1], ""))

    async def _as_file(self, beginning: str, file: File, end: End) -> None:
        await self._message(FIRST).put([self._looks_of(beginning)])
        under = self._messages.setdefault(BESIDE, AnswerMessage(self._route, BESIDE, f"{self._key} file"))
        await under.put(end("", FILE_NAME), [file])

    def _looks_of(self, part: str) -> Shape:
        fields = self._looks.part(part)
        return lambda is_away: fields

    def _message(self, number: int) -> AnswerMessage:
        if number not in self._messages:
            self._messages[number] = AnswerMessage(self._route, number, f"{self._key} {number}")
        return self._messages[number]
