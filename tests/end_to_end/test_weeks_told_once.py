"""Weeks on one database, with several processes on it and a Slack on a real socket: each stands there once.

Everything goes by one clock that the test drives, the database's too.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.slack.api import SlackApi, web_client
from adapters.slack.later.announcer import SlackAnnouncer
from adapters.slack.workspaces import OneWorkspace
from adapters.store.database import Store, open_store
from bot.ports import ports_on
from bot.wiring import use_cases_on
from core.preferred import DIGEST_IN
from core.prices import Usage
from core.question import AskSettings
from core.receipt import PricedLine
from core.rows import DigestRow, NoticeRow
from core.use_cases import UseCases
from tests.adapters.dying import Graveyard
from tests.adapters.terminal.house import SETTINGS
from tests.bookkeeping import USD, claim, enrol, hold, prefer, rows_of, settle, top_up
from tests.fakes import ByteCounter, FakeClock, FakeDrawing, FixedCatalogue, PlainVault, a_model
from tests.slack.server import FakeSlack
from tests.slack.state import Message

BUDGET, ANNA = "C2BUDGET", "U1ANNA"
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
LEASE = MINUTE + timedelta(seconds=1)


@dataclass
class Process:
    """One of Chipin's."""

    use_cases: UseCases
    announcer: SlackAnnouncer

    async def round(self) -> None:
        """What bot/schedule.py does regularly."""
        await self.use_cases.digests.run()
        await self.use_cases.notices.run(self.announcer)


@dataclass
class Town:
    """A Slack with #budget, a team's books, and the time."""

    url: str
    slack: FakeSlack
    clock: FakeClock
    stack: AsyncExitStack
    stores: list[Store] = field(default_factory=list)
    graves: Graveyard = field(default_factory=Graveyard)
    asked: int = 0

    async def process(self) -> Process:
        """One more, with connections of its own."""
        store = await self.stack.enter_async_context(open_store(self.url))
        self.stores.append(store)
        self.go_on(timedelta())
        session = await self.stack.enter_async_context(aiohttp.ClientSession())
        api = SlackApi(web_client(self.slack.api_url, self.slack.bot_token, session=session), self.clock)
        workspaces = OneWorkspace(api)
        await workspaces.everyone()
        ports = ports_on(store, FixedCatalogue((a_model(),), {}), ByteCounter(), PlainVault(), self.clock)
        use_cases = use_cases_on(ports, AskSettings(**SETTINGS))
        return Process(use_cases, SlackAnnouncer(workspaces, self.clock, lambda *_: None, FakeDrawing()))

    def go_on(self, time: timedelta) -> None:
        """Time passes, for everybody."""
        self.clock.advance(time.total_seconds())
        self.slack.clock.advance(time.total_seconds())
        for store in self.stores:
            store.driver.clock_offset_ms = int((self.clock.now() - datetime.now(UTC)).total_seconds() * 1000)

    async def ask(self, dollars: int = 1) -> None:
        """Anna asks, and it is charged now."""
        self.asked += 1
        name, cost, books = f"ask{self.asked}", dollars * USD, self.stores[0].books
        line = PricedLine("test", "test-model", Usage(input_tokens=100, output_tokens=20), cost, cost, estimated=False)
        for operation in (
            claim(name),
            hold(name, cost, at_ms=int(self.clock.now().timestamp() * 1000)),
            settle(name, line),
        ):
            await books.apply(operation)

    @property
    def told(self) -> list[Message]:
        """What stands in #budget."""
        return self.slack.messages(BUDGET)


@asynccontextmanager
async def a_town(url: str) -> AsyncIterator[Town]:
    """On the Sunday before a Monday, with a process that has just begun; Anna chose #budget."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack())
        slack.add_user(ANNA, "anna", admin=True)
        slack.add_channel(BUDGET, "budget", [ANNA])
        today = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        town = Town(url, slack, FakeClock(today + (6 - today.weekday()) * DAY), stack)
        where = f"slack:{slack.team_id}"
        await town.process()
        books = town.stores[0].books
        await books.apply(enrol(workspace=where, identity=f"{where}/{ANNA}", member_month_limit_nanos=10**14))
        await books.apply(prefer("channel", DIGEST_IN, f"slack {slack.team_id} {BUDGET}", owner="team"))
        await books.apply(top_up("budget", 900 * USD))
        yield town
        town.graves.bury()
        assert slack.violations == [], [str(each) for each in slack.violations]


async def weeks_of(town: Town) -> list[DigestRow]:
    """As the books have them, in order; every instant is in one of them, and each was told."""
    weeks = sorted(await rows_of(town.stores[0], DigestRow), key=lambda row: row.end_ms)
    assert [week.start_ms for week in weeks[1:]] == [week.end_ms for week in weeks[:-1]]
    assert all(row.delivered_at_ms for row in await rows_of(town.stores[0], NoticeRow))
    return weeks


def ids(town: Town) -> list[str]:
    """Which notices stand in #budget."""
    return [each.metadata["event_payload"]["notice_id"] for each in town.told if each.metadata]


async def weeks_go_by(town: Town, processes: int, weeks: int) -> None:
    """All processes look at every hour around the time, in each week."""
    running = [await town.process() for _ in range(processes)]
    for _ in range(weeks):
        await town.ask()
        for time in (20 * HOUR, HOUR, HOUR, 2 * HOUR):  # 8:00, 9:00, 10:00, 12:00 on Monday
            town.go_on(time)
            await asyncio.gather(*(process.round() for process in running))
        town.go_on(WEEK - 24 * HOUR)
    assert len(town.told) == len(set(ids(town))) == weeks
    assert len(await weeks_of(town)) == weeks
    assert [message.text.count("1 ask") > 0 for message in town.told] == [True] * weeks


async def test_two_processes_tell_a_week_once(sqlite_url: str) -> None:
    async with a_town(sqlite_url) as town:
        await weeks_go_by(town, 2, 1)


@pytest.mark.soak
async def test_three_replicas_tell_fifty_weeks_once(postgres_url: str) -> None:
    async with a_town(postgres_url) as town:
        await weeks_go_by(town, 3, 50)


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before it is posted", "before it is told", "before that is noted"])
@pytest.mark.parametrize("down", [MINUTE, 26 * HOUR, 3 * WEEK], ids=["a minute", "26 hours", "three weeks"])
async def test_down_over_the_time_the_week_is_told_once_and_nothing_is_lost(
    database_url: str, down: timedelta, when: str
) -> None:
    """Killed just then, or not there at all."""
    async with a_town(database_url) as town:
        process = await town.process()
        await town.ask(2)
        town.go_on(21 * HOUR)
        if when == "before it is posted":
            town.go_on(-MINUTE)
        else:
            await process.use_cases.digests.run()
        if when == "before that is noted":
            held = town.slack.fail("chat.postMessage", stall="after", times=1)
            await town.graves.dies_when(held.struck, process.use_cases.notices.run(process.announcer))
            held.release()
        town.go_on(down)
        later = await town.process()
        await later.round()
        town.go_on(LEASE)
        await later.round()
        town.go_on(WEEK)
        await later.round()
        told = ids(town)
        assert len(told) == len(set(told))
        assert sum(bool(re.search(r"\$2\.00 spent|: \$2\.00, 1 ask", each.text)) for each in town.told) == 1
        await weeks_of(town)
