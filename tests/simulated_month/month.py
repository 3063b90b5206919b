"""The month itself: who asks what and when, what an admin and the operator do, and every round that a process runs.

Everybody's asks come in batches, one for each step of the clock; two processes look after the same books beside them.
"""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.store.database import Store
from bot.alerts import Alerts, alerts_on
from bot.ports import Ports, ports_on
from bot.settings import Settings
from bot.wiring import use_cases_on
from core.errors import ProviderRefusedKey
from core.models import Model
from core.operations import Operation
from core.people import Team
from core.use_cases import UseCases
from tests.bookkeeping import USD, claim, delivered, enrol, hold, line, refund, release, reverse, settle, top_up
from tests.fakes import ByteCounter, FakeClock, FixedCatalogue, Noticeboard, PlainVault, a_model, a_price
from tests.linking import link

ZONE = "Europe/Berlin"
START = datetime(2026, 10, 31, 23, tzinfo=UTC)
"""The first of November there, a Sunday."""
DAYS = 30
TAGS = ("", "", "launch", "support")
SPENDER, PAIR = "mbr_m1", ("mbr_m2", "mbr_m3")
"""Who spends far more than usual on one day; and one person with two accounts, who does so with both together."""
SPENDING_DAY, PAIR_DAY, DEAD_FROM, DEAD_UNTIL = 20, 24, 9, 11
FULL_NANOS, LOW_PERCENT = 60 * USD, 4
MODELS = (
    a_model(id="acme-1", title="Acme", provider="acme", provider_title="Acme"),
    a_model(id="other-1", title="Other", provider="other", provider_title="Other Works"),
    a_model(id="old-1", title="Old", provider="acme", provider_title="Acme", prices=(a_price(input_usd=Decimal(3)),)),
)


@dataclass(frozen=True, slots=True)
class Process:
    """One of several that look after the same books."""

    ports: Ports
    use_cases: UseCases
    alerts: Alerts

    async def rounds(self, board: Noticeboard) -> None:
        """What the clock runs."""
        await asyncio.gather(
            self.alerts.unusual_spending.run(),
            self.alerts.provider_trouble.run(),
            self.alerts.stale_prices.run(),
            self.use_cases.digests.run(),
        )
        await self.use_cases.notices.run(board)


@dataclass
class Month:
    """A month that is played on a store: `asks` of `members`, in steps of so many hours, and rounds after so many."""

    store: Store
    members: int
    asks: int
    step_hours: int
    steps_a_round: int = 1
    clock: FakeClock = field(default_factory=lambda: FakeClock(START - timedelta(days=1)))
    board: Noticeboard = field(default_factory=lambda: Noticeboard(workspaces=("team",)))
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    asked: int = 0
    topped_up: int = 0

    def __post_init__(self) -> None:
        self.processes = [self._process(), self._process()]

    def _process(self) -> Process:
        catalogue = FixedCatalogue(MODELS, {})
        ports = ports_on(self.store, catalogue, ByteCounter(), PlainVault(), self.clock)
        use_cases = use_cases_on(ports, Settings().ask_settings())
        return Process(ports, use_cases, alerts_on(ports, use_cases))

    async def team(self) -> Team:
        (team,) = await self.processes[0].ports.asks.people.teams()
        return team

    async def play(self) -> None:
        """From the day before it to the last tick of its last day, and the rounds of the morning after the month."""
        await self._begin()
        left, steps = self.asks, DAYS * 24 // self.step_hours
        for number in range(steps):
            self._set(START + timedelta(hours=number * self.step_hours))
            share = left // (steps - number)
            left -= share
            await self._step(number, share)
        self._set(START + timedelta(days=DAYS, hours=12))
        await self._rounds(self.steps_a_round * 8 - 1)

    async def _begin(self) -> None:
        self._set(self.clock.now())
        everybody = (
            enrol(
                f"m{number}", member_id=f"mbr_m{number}", admin=number == 0, zone=ZONE, member_month_limit_nanos=10**15
            )
            for number in range(self.members)
        )
        await self._apply(*everybody)
        await link(self.store.books, *PAIR)
        await self._add_budget()

    def _set(self, moment: datetime) -> None:
        """The clock of the processes, and that of the database, which goes on from there."""
        self.clock.advance((moment - self.clock.now()).total_seconds())
        self.store.driver.clock_offset_ms = int(moment.timestamp() * 1000) - time.time_ns() // 1_000_000

    async def _apply(self, *operations: Operation[Any]) -> list[Any]:
        return await asyncio.gather(*map(self.store.books.apply, operations))

    async def _add_budget(self, nanos: int = FULL_NANOS) -> str:
        self.topped_up += 1
        await self._apply(top_up(f"top-up-{self.topped_up}", nanos, actor="mbr_m0", reason="=November()"))
        return f"top-up-{self.topped_up}"

    async def _step(self, number: int, asks: int) -> None:
        day, hour = divmod(number * self.step_hours, 24)
        first_of_day = hour == 0
        whose = [f"mbr_m{self.chance.randrange(4, self.members)}" for _ in range(asks)]
        planned = [(member, self.chance.randrange(1, 2 * 180 * USD // self.asks)) for member in whose]
        if first_of_day:
            planned = self._regulars(day) + planned
        await self._ask(planned, dead=DEAD_FROM <= day < DEAD_UNTIL)
        self._set(self.clock.now() + timedelta(seconds=10))
        await self._admin_acts(day, first_of_day=first_of_day)
        self._set(self.clock.now() + timedelta(seconds=10))
        await self._rounds(number)

    def _regulars(self, day: int) -> list[tuple[str, int]]:
        spender = [(SPENDER, USD // 2)] * (7 if day == SPENDING_DAY else 1)
        pair = [(member, 9 * USD // 10) for member in PAIR] if day == PAIR_DAY else [(PAIR[0], 3 * USD // 10)]
        return spender + pair

    async def _ask(self, planned: Sequence[tuple[str, int]], *, dead: bool) -> None:
        operations: list[Operation[Any]] = []
        for member, nanos in planned:
            model = self.chance.choice(MODELS)
            operations += self._one(member, nanos, model, refused=dead and model.provider == "other")
        await self._apply(*operations)

    def _one(self, member: str, nanos: int, model: Model, *, refused: bool) -> Iterator[Operation[Any]]:
        self.asked += 1
        name, health = f"ask-{self.asked}", self.processes[self.asked % 2].use_cases.asks.health
        moment = int(self.clock.now().timestamp() * 1000)
        yield claim(name, member=member, tag=TAGS[self.asked % len(TAGS)], channel=f"C{self.asked % 3}")
        yield hold(name, 3 * nanos, provider=model.provider, model=model.id, at_ms=moment)
        if refused:
            health.failed(model, ProviderRefusedKey("no key"))
            yield release(name)
        elif self.asked % 50 == 0:
            yield release(name, line(nanos, provider=model.provider))
        else:
            health.succeeded(model, first_word_seconds=1, tokens_per_second=50)
            yield settle(name, line(nanos + self.asked % 2, nanos, provider=model.provider))
        yield delivered(name, member_id=member)

    async def _admin_acts(self, day: int, *, first_of_day: bool) -> None:
        """Budget before it is gone, a slip that is undone at once, and now and then a charge that is given back."""
        if first_of_day and day % 3 == 1:
            await self._apply(reverse(f"ask-{self.asked - 1}"), reverse(f"ask-{self.asked - 2}"))
        if first_of_day and day in (5, 14, 23):
            slip = await self._add_budget(250 * USD)
            self._set(self.clock.now() + timedelta(seconds=5))
            await self._apply(refund(f"{slip}.undo", slip, actor="mbr_m0"))
        wallet = await self.processes[0].ports.asks.reports.wallet("wal")
        if wallet.balance_nanos * 100 < LOW_PERCENT * FULL_NANOS:
            await self._add_budget()

    async def _rounds(self, number: int) -> None:
        """One process after the other, and now and then both at one moment."""
        turn, rest = divmod(number + 1, self.steps_a_round)
        if rest:
            return
        some = self.processes if turn % 8 == 0 else [self.processes[turn % 2]]
        await asyncio.gather(*(process.rounds(self.board) for process in some))
