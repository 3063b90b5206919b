"""discord.py on the Discord of the tests, as Chipin connects it: one process, or several that share the shards."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import discord

from adapters.discord.api import DiscordApi
from adapters.discord.client import ChipinClient, ShardedChipinClient, point_at
from adapters.discord.connection import GatewayConnection
from adapters.discord.shards import Replica
from core.errors import BooksUnavailable
from core.leases import Leases
from core.operations import Operation
from core.rows import LeaseRow
from tests.core.asking.house import ManualClock
from tests.discord.server import FakeDiscord
from tests.fakes import MemoryBooks

Outcome = TypeVar("Outcome")


@dataclass
class Machine:
    """Whose processes live: `core.ports.Presence` for each of them."""

    dead: set[str] = field(default_factory=set)

    def process(self, name: str) -> "Process":
        """One that lives."""
        return Process(name, self)


@dataclass
class Process:
    name: str
    machine: Machine

    def is_dead(self, name: str) -> bool:
        return name in self.machine.dead

    def close(self) -> None:
        """Told by the test, through `dead`."""


@dataclass
class Road:
    """The way to the books, which may be cut for one process."""

    books: MemoryBooks
    away: bool = False

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        if self.away:
            raise BooksUnavailable("away")
        return await self.books.apply(operation)


@dataclass
class Connected:
    """One process that is connected, or waits for its turn."""

    client: ChipinClient
    api: DiscordApi
    connection: GatewayConnection
    road: Road
    leaving: asyncio.Event
    running: "asyncio.Task[None]"
    heard: list[str] = field(default_factory=list)

    @property
    def up(self) -> list[int]:
        """The numbers of the shards that Discord tells it everything of."""
        return [each.shard.number for each in self.connection.shards if each.up]

    async def hears(self, message: discord.Message) -> None:
        """What is said to the bot."""
        self.heard.append(message.content.rpartition(" ")[2])


@dataclass
class Crew:
    """Processes on the same books and the same clock."""

    fake: FakeDiscord
    clock: ManualClock = field(default_factory=ManualClock)
    machine: Machine = field(default_factory=Machine)
    processes: list[Connected] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books, self.token = MemoryBooks(self.clock), self.fake.token

    def join(self, *, shards: str | None = None, one_machine: bool = False, **client: Any) -> Connected:
        """One more process begins."""
        name = f"process {len(self.processes)}"
        point_at(self.fake.api_url, self.fake.gateway_url)
        its = (ChipinClient if shards is None else ShardedChipinClient)(**client)
        api, road, leaving = DiscordApi(its.http, self.clock), Road(self.books), asyncio.Event()
        replica = Replica(Leases(road, self.clock), self.machine.process(name), one_machine=one_machine)
        connection = GatewayConnection(its, api, self.token, self.clock, replica, shards=shards)
        running = asyncio.create_task(connection.run(leaving))
        process = Connected(its, api, connection, road, leaving, running)
        its.takes_messages.append(process.hears)
        self.processes.append(process)
        return process

    def books_are_free(self) -> bool:
        """Whether nobody has any shard."""
        return not [row for row in self.books.rows(LeaseRow) if "begins" not in row.id]

    async def until(self, true: Callable[[], object], *, step_seconds: float = 0.25) -> None:
        """Let time pass until this holds; in small steps where what sockets do has to keep up with it."""
        async with asyncio.timeout(20):
            while not true():
                self.clock.advance(step_seconds)
                await asyncio.sleep(0.001)

    async def passes(self, seconds: float) -> None:
        """Let so much time pass, and everybody do what they do in it."""
        over = self.clock.monotonic() + seconds
        await self.until(lambda: self.clock.monotonic() >= over)


@asynccontextmanager
async def a_crew(fake: FakeDiscord) -> AsyncIterator[Crew]:
    """None of it is left at the end."""
    crew = Crew(fake)
    try:
        yield crew
    finally:
        for process in crew.processes:
            process.running.cancel()
            await asyncio.gather(process.running, return_exceptions=True)
            await process.connection.close()
