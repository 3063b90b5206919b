"""An answer on Slack while it comes: messages that follow each other, written at the workspace's pace.

    write(..) -> harmless Markdown (core/text/neutralise) -> pages (core/text/split) -> AnswerMessage -> Slack

Whatever Slack does, nothing is lost on the way: what it has not surely taken stays here and is shown later.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from math import inf

from adapters.slack.answering.budget import ENOUGH_CHARS, AppendBudget
from adapters.slack.answering.posting import AnswerMessage
from adapters.slack.answering.shapes import TooLong
from adapters.slack.answering.spots import Spot
from adapters.slack.api import RateLimited, Rejected, Unreachable, Unsure
from adapters.slack.views.shown import Footer
from core.defaults import TRY_END_SECONDS
from core.first_of import first_of
from core.patience import Patience
from core.ports import Clock
from core.text.neutralise import SlackNeutraliser
from core.text.split import Page, fill

PAGE_CHARS = 11_500
"""A message takes 12,000 characters of Markdown, all it was streamed counted, and about 13,200 with its footer
(slackapi/bolt-js#2509)."""
FEWEST_PAGE_CHARS = 1_000
"""Nothing shorter is tried where Slack says that a message is too long."""
ROLL_OVER_SECONDS = 240.0
"""Slack ends a stream about five minutes after its start (slackapi/python-slack-sdk#1859)."""
LONGEST_PAUSE_SECONDS = 5.0

FindSpot = Callable[[], Awaitable[Spot]]
FooterHere = Callable[[], Footer]


class AnswerStream:
    """One answer. `write` never waits; `finish` returns when Slack surely shows all of it."""

    def __init__(self, find_spot: FindSpot, ask_id: str, budget: AppendBudget, known: set[str], clock: Clock) -> None:
        """`find_spot` is asked at the first word, again where it failed: it may post what the answer is a reply to."""
        self._find_spot = find_spot
        self._ask_id = ask_id
        self._budget = budget
        self._known = known
        self._clock = clock
        self._neutraliser = SlackNeutraliser()
        self._page, self._page_is_full, self._limit = Page(), False, PAGE_CHARS
        self._pending = ""
        self._spot: Spot | None = None
        self._message: AnswerMessage | None = None
        self._parts = 0
        self._began_at = self._written_at = float("-inf")
        self._news, self._enough, self._ending = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        self._failed: Rejected | TooLong | None = None

    @property
    def message_ts(self) -> str:
        """The message that is being written; empty before the first."""
        return self._message.ts if self._message is not None else ""

    @property
    def stopped_natively(self) -> bool:
        """Whether Slack knows by the end of its own stream that the work is over."""
        return self._message is not None and self._message.stopped_natively

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Slack is written to while in here."""
        with self._budget.answer():
            self._writing = asyncio.create_task(self._keep_writing(), name="answer on Slack")
            try:
                yield
            finally:
                self._writing.cancel()
                await asyncio.wait({self._writing})
                self._known.discard(self.message_ts)

    def write(self, text: str) -> None:
        """The next piece of the answer, as the model wrote it."""
        self._take(self._neutraliser.feed(text))

    async def finish(self, footer: FooterHere) -> None:
        """Show what is missing, and the footer. Raises a `SlackFailed` or `TooLong` where Slack takes it no way.

        The footer is asked for when it is known where the answer stands.
        """
        self._take(self._neutraliser.close())
        self._ending.set()
        self._news.set()
        if self._writing is not None:
            await asyncio.wait({self._writing})
        if self._failed is not None:
            raise self._failed
        await self._insist(footer)

    def _take(self, harmless: str) -> None:
        self._pending += harmless
        if self._pending:
            self._news.set()
        if len(self._pending) >= ENOUGH_CHARS:
            self._enough.set()

    # --- when ---

    async def _keep_writing(self) -> None:
        """Show more whenever there is more and the workspace's budget lets us."""
        try:
            while True:
                await self._news.wait()
                await self._turn()
                if self._ending.is_set():
                    return
                self._news.clear()
                self._enough.clear()
                await self._insist(None)
                self._written_at = self._clock.monotonic()
        except (Rejected, TooLong) as failed:
            self._failed = failed

    async def _turn(self) -> None:
        """Wait until this answer may be written to."""
        edits = self._message is not None and not self._message.streams
        while not self._ending.is_set():
            is_enough = self._enough.is_set()
            seconds = self._budget.seconds_to_wait(self._written_at, is_enough=is_enough, edits=edits)
            if seconds <= 0:
                return
            sooner = [] if is_enough else [self._enough.wait()]
            await first_of(self._clock.sleep(seconds), self._ending.wait(), *sooner)

    async def _insist(self, footer: FooterHere | None) -> None:
        """Try until it is shown: the end for as long as there is time, what comes before it until the end comes."""
        patience_seconds = TRY_END_SECONDS if footer is not None else inf
        patience = Patience(self._clock, patience_seconds, longest_pause_seconds=LONGEST_PAUSE_SECONDS)
        while True:
            try:
                await self._flush(footer)
            except TooLong as too_long:
                self._shorten(too_long)
                continue
            except RateLimited as limited:
                seconds = patience.seconds_before_next(limited, limited.retry_after_seconds)
            except (Unreachable, Unsure) as lost:
                seconds = patience.seconds_before_next(lost)
            else:
                return
            if footer is not None:
                await self._clock.sleep(seconds)
                continue
            await first_of(self._clock.sleep(seconds), self._ending.wait())
            if self._ending.is_set():
                return

    # --- what ---

    async def _flush(self, footer: FooterHere | None) -> None:
        """Bring Slack up to what came; with a footer, to the end."""
        self._fill_page()
        while self._page_is_full:
            await (await self._current()).end(self._page.text)
            self._turn_page()
            self._fill_page()
        if footer is not None:
            message = await self._current()
            await message.end(self._page.text, footer())
        elif self._page.content.strip():
            message = await self._current()
            if message.ts:
                self._budget.take()
            await message.show(self._page.opened + self._page.content)

    def _fill_page(self) -> None:
        if self._page_is_full or not self._pending:
            return
        if self._page.content and self.message_ts and self._clock.monotonic() - self._began_at >= ROLL_OVER_SECONDS:
            self._page_is_full = True
            return
        self._page, self._pending = fill(self._page, self._pending, self._limit)
        self._page_is_full = bool(self._pending)

    def _turn_page(self) -> None:
        self._page, self._page_is_full = self._page.following(), False
        self._message = None

    def _shorten(self, too_long: TooLong) -> None:
        """Put less on this page and all that follow."""
        if self._limit <= FEWEST_PAGE_CHARS:
            raise too_long
        self._limit = max(self._limit // 2, FEWEST_PAGE_CHARS)
        if self._message is not None:
            self._message.rewrite()
        whole = self._page.content + self._pending
        self._page, self._pending = fill(Page(begun_in=self._page.begun_in), whole, self._limit)
        self._page_is_full = bool(self._pending)

    async def _current(self) -> AnswerMessage:
        if self._spot is None:
            self._spot = await self._find_spot()
        if self._message is None:
            self._parts += 1
            self._message = AnswerMessage(self._spot, self._ask_id, self._parts, self._known)
            self._began_at = self._clock.monotonic()
        return self._message
