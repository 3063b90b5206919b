"""Which part of Discord's gateway this process is connected for: its shards, and the lease of each."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from core.errors import BooksFailed
from core.first_of import first_of
from core.leases import Leases
from core.ports import Clock, Presence

LEASE_SECONDS = 12
"""How long a shard waits for a process that died on another machine: with `LOOK_EVERY_SECONDS` and the connecting
another one has taken over within 15 seconds."""
KEEP_EVERY_SECONDS = 3.0
HANG_UP_BEFORE_SECONDS = 2.0
"""Whoever could not keep a lease hangs up so long before another may have it."""
LOOK_EVERY_SECONDS = 2.0
GIVE_UP_SECONDS = 2.0
"""How long a process that leaves waits for the books to note it."""
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Shard:
    """One of the `count` parts that the servers are divided into."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class ShardState:
    """How one shard stands in this process: whether it has the lease, and whether Discord tells it everything.

    `heard`: how many events of this session were taken, those of before it was resumed included.
    """

    shard: Shard
    held: bool
    up: bool
    heard: int


@dataclass(frozen=True, slots=True)
class Replica:
    """What this process needs to agree with others on who is connected.

    `one_machine`: all who may be are on this one, and find the database away when this process does. Then no lease is
    lost while it is away: nobody can have taken it.
    """

    leases: Leases
    presence: Presence
    one_machine: bool = False


class ShardLease:
    """The lease of one shard: of all replicas one is connected for it."""

    def __init__(self, replica: Replica, clock: Clock, name: str) -> None:
        self._leases, self._presence = replica.leases, replica.presence
        self._one_machine = replica.one_machine
        self._clock = clock
        self._name = name
        self._until = 0.0

    async def taken(self, another_has_it: Callable[[], None]) -> None:
        """Wait until it is this process's; told whenever another one is seen to have it."""
        while True:
            holder = await self._holder()
            if holder and holder != self._presence.name:
                another_has_it()
                if self._presence.is_dead(holder):
                    holder = await self._holder(instead_of=holder)
            if holder == self._presence.name:
                return
            await self._clock.sleep(LOOK_EVERY_SECONDS)

    async def lost(self) -> None:
        """Keep it; ends when another one has it, or soon may."""
        await first_of(self._kept(), self._lapsed())

    async def give_up(self) -> None:
        """Let another one have it at once. Where the books do not take that, it lapses."""
        with suppress(BooksFailed, TimeoutError):
            async with asyncio.timeout(GIVE_UP_SECONDS):
                await self._leases.give_up(self._name, self._presence.name)

    async def _holder(self, *, instead_of: str = "") -> str:
        """Who has it after this process wanted it; empty where the books do not say."""
        mine, began = self._presence.name, self._clock.monotonic()
        try:
            holder = await self._leases.take(self._name, mine, LEASE_SECONDS, instead_of=instead_of)
        except BooksFailed:
            return ""
        if holder == mine:
            self._until = began + LEASE_SECONDS - HANG_UP_BEFORE_SECONDS
        return holder

    async def _kept(self) -> None:
        """Until another one has it."""
        while await self._holder() in ("", self._presence.name):
            await self._clock.sleep(KEEP_EVERY_SECONDS)

    async def _lapsed(self) -> None:
        """Until it was not kept for so long that another one soon may have it."""
        while self._one_machine or (left := self._until - self._clock.monotonic()) > 0:
            await self._clock.sleep(LEASE_SECONDS if self._one_machine else left)
