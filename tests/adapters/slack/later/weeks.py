"""A team on Slack that is told of its weeks, and processes that tell it: as many as a test wants, on the same books."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.slack.api import SlackApi, web_client
from adapters.slack.later.announcer import SlackAnnouncer
from adapters.slack.workspaces import OneWorkspace
from core.chart import Bar, Chart, chart_text
from core.defaults import DELIVERY_LEASE_SECONDS
from core.notices import Notices
from tests.adapters.dying import Graveyard
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, FakeDrawing, MemoryBooks, MemoryPeople
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports
from tests.slack.server import FakeSlack
from tests.slack.state import Message
from tests.telling import post_digest

ANNA, BEN = "U1ANNA", "U2BEN"
BUDGET = "C2BUDGET"
ALT = "Each day of this week beside last week's: most was spent on Tuesday, $4.20 <!here>."
A_CHART = Chart(
    "Spent each day", "This week", "Last week", (Bar("Mon", 1_000_000, 0), Bar("Tue", 4_200_000_000, 5)), ALT
)
LINES = ("This week: $12.40, 3% less than the week before <@U1ANNA> *now*", "212 asks by 14 members", "Wallet: $37.20")


@dataclass
class Process:
    """One of Chipin's: it tells what is due, and may die over it."""

    notices: Notices
    announcer: SlackAnnouncer
    drawing: FakeDrawing

    async def round(self) -> int:
        """One."""
        return await self.notices.run(self.announcer)


@dataclass
class Weeks:
    """A Slack, the books of a team on it, and its processes."""

    slack: FakeSlack
    stack: AsyncExitStack
    clock: FakeClock = field(default_factory=FakeClock)
    graves: Graveyard = field(default_factory=Graveyard)

    def __post_init__(self) -> None:
        self.books = MemoryBooks(self.clock)

    async def process(self, drawing: FakeDrawing | None = None) -> Process:
        """One more, as if it had just begun."""
        session = await self.stack.enter_async_context(aiohttp.ClientSession())
        workspaces = OneWorkspace(
            SlackApi(web_client(self.slack.api_url, self.slack.bot_token, session=session), self.clock)
        )
        await workspaces.everyone()
        drawn = drawing or FakeDrawing()
        announcer = SlackAnnouncer(workspaces, self.clock, lambda *_: None, drawn)
        notices = Notices(
            self.books,
            MemoryNotices(self.books, self.clock),
            MemoryPeople(self.books),
            self.clock,
            preferred=MemoryPreferences(self.books),
            reports=MemoryReports(self.books),
        )
        return Process(notices, announcer, drawn)

    async def post(self, label: str = "2026-W47", **fields: Any) -> None:
        """A week is to be told, in #budget unless `fields` say otherwise."""
        known = {"workspace": f"slack:{self.slack.team_id}", "channel": BUDGET, "words": "\n".join(LINES)}
        await self.books.apply(post_digest(label, **(known | {"chart": chart_text(A_CHART)} | fields)))

    def later(self) -> None:
        """Past the lease of whoever died, and past what Slack's limits count."""
        self.clock.advance(DELIVERY_LEASE_SECONDS + 1)
        self.slack.clock.advance(DELIVERY_LEASE_SECONDS + 1)

    @property
    def told(self) -> list[Message]:
        """What stands in #budget."""
        return self.slack.messages(BUDGET)


@asynccontextmanager
async def some_weeks() -> AsyncIterator[Weeks]:
    """Anna looks after the team, and #budget is its channel; nothing sent to Slack broke a rule."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack())
        slack.add_user(ANNA, "anna", admin=True)
        slack.add_user(BEN, "ben")
        slack.add_channel(BUDGET, "budget", [ANNA, BEN])
        weeks = Weeks(slack, stack)
        where = f"slack:{slack.team_id}"
        for user, name in ((ANNA, "anna"), (BEN, "ben")):
            await weeks.books.apply(enrol(name, workspace=where, identity=f"{where}/{user}"))
        yield weeks
        weeks.graves.bury()
        assert slack.violations == [], [str(each) for each in slack.violations]
