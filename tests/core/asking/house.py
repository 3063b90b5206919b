"""A team with money, a model and the ask on top of the in-memory twins: what the tests of the ask stand on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from core.asking.ask import AskPorts
from core.asks import Asks, RunningAsk
from core.call import Call, Chunk, Stop, StopReason, Text, TextPart, UsageReport
from core.estimate import PlannedCall, plan_call
from core.events import AskEvent, Finished
from core.models import AUTO, Model
from core.operations import Enrol, TopUp
from core.people import Member, Place, Team
from core.periods import Calendar
from core.ports import Books, Clock, Provider
from core.prices import Usage, cost
from core.prompt import Prompt
from core.question import AskSettings, Question
from core.routing.rules import Rules
from core.rows import KeptRow, RequestRow, WalletRow
from tests.fakes import (
    ByteCounter,
    FakeClock,
    FixedCatalogue,
    MemoryBooks,
    MemoryPeople,
    NoVectors,
    PlainVault,
    ScriptedProvider,
    a_model,
)
from tests.memory import MemoryPolicies
from tests.memory_reports import MemoryReports

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
MONTH_LIMIT_NANOS = 5_000_000_000
ANNA = Member("anna", TEAM, "Anna", admin=True, welcomed=True)
BEN = Member("ben", TEAM, "Ben", welcomed=True)
CARA = Member("cara", TEAM, "Cara", welcomed=True)
PLACE = Place("test", "one", "general")
QUESTION = "what is a deadlock?"
HANGS_AFTER_SECONDS = 20
LONG = 100_000

SETTINGS = AskSettings(
    deadline_seconds=120,
    hold_ttl_seconds=180,
    hold_wait_seconds=0,
    max_output_tokens=1_000,
    confirm_above_nanos=1_000_000_000,
    max_in_flight=3,
    member_day_absorbed_nanos=500_000_000,
    rules=Rules(num_retries=0),
)

USED = Usage(input_tokens=30, output_tokens=7)
GOOD: tuple[Chunk, ...] = (Text("Two "), Text("wait."), UsageReport(USED), Stop(StopReason.END))


class ManualClock(FakeClock):
    """Time moves only when the test says so; who sleeps is woken by it."""

    def __init__(self) -> None:
        super().__init__()
        self._sleeping: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self._sleeping.append((self.monotonic() + seconds, over))
        await over.wait()

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        for due, over in self._sleeping:
            if due <= self.monotonic():
                over.set()

    async def until(self, done: asyncio.Future[Any], *, step_seconds: float = 0.1) -> None:
        """Let time pass until something is done."""
        for _ in range(LONG):
            if done.done():
                return
            await asyncio.sleep(0)
            self.advance(step_seconds)
        raise AssertionError("it never came")


class MemoryRequests:
    """`core.ports.Requests` on memory books."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def stop_requested(self, ask_id: str) -> bool:
        return any(row.stop_requested for row in self._books.rows(RequestRow) if row.id == ask_id)

    async def kept_question(self, ask_id: str) -> bytes:
        return next((row.question for row in self._books.rows(KeptRow) if row.id == ask_id), b"")


@dataclass
class GatedProvider(NoVectors):
    """Says the first words, then waits until `opened`; `last` may be an error that it raises then."""

    first: Sequence[Chunk] = (Text("First "),)
    last: Sequence[Chunk | Exception] = (Text("last."), UsageReport(USED), Stop(StopReason.END))
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0
    closed: int = 0

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        del call
        self.calls += 1
        try:
            for chunk in self.first:
                yield chunk
            await self.opened.wait()
            for step in self.last:
                if isinstance(step, Exception):
                    raise step
                yield step
        finally:
            self.closed += 1


@dataclass
class Desk:
    """Everything an ask needs, in memory."""

    books: MemoryBooks
    asks: Asks
    ports: AskPorts
    settings: AskSettings

    def start(self, text: str = QUESTION, **fields: Any) -> RunningAsk:
        """Begin an ask."""
        return self.asks.start(a_question(text, **fields))

    async def hear(self, text: str = QUESTION, **fields: Any) -> list[AskEvent]:
        """Ask and take every event."""
        return await heard(self.start(text, **fields))

    @property
    def wallet(self) -> WalletRow:
        """The team's wallet."""
        return self.books.rows(WalletRow)[0]

    @property
    def requests(self) -> list[RequestRow]:
        """Every request, oldest first."""
        return self.books.rows(RequestRow)

    @property
    def kept(self) -> list[KeptRow]:
        """What is kept of texts."""
        return self.books.rows(KeptRow)

    async def plan(self, text: str = QUESTION) -> PlannedCall:
        """What the cheapest model would be asked."""
        return await planned(text, self.ports.catalogue.models[0], self.settings.max_output_tokens)


async def a_desk(
    provider: Provider | None = None,
    *,
    nanos: int = 1_000_000_000,
    clock: Clock | None = None,
    models: tuple[Model, ...] | None = None,
    settings: AskSettings = SETTINGS,
    books: Books | None = None,
    memory: MemoryBooks | None = None,
    **ports: Any,
) -> Desk:
    """A desk whose wallet holds `nanos`. `books` may stand in front of the `memory` that it writes to."""
    clock = clock or ManualClock()
    memory = memory or MemoryBooks(clock)
    for member in (ANNA, BEN, CARA):
        await memory.apply(enrolled(member))
    if nanos:
        await memory.apply(TopUp(id="first", wallet_id="wal", team_id="team", amount_nanos=nanos, actor="anna"))
    models = (a_model(),) if models is None else models
    known: dict[str, Any] = {
        "books": books or memory,
        "requests": MemoryRequests(memory),
        "reports": MemoryReports(memory),
        "policies": MemoryPolicies(memory),
        "people": MemoryPeople(memory),
        "catalogue": FixedCatalogue(models, {model.provider: provider or ScriptedProvider(GOOD) for model in models}),
        "counter": ByteCounter(),
        "vault": PlainVault(),
        "clock": clock,
    }
    made = AskPorts(**(known | ports))
    return Desk(memory, Asks(made, settings), made, settings)


def enrolled(member: Member) -> Enrol:
    """A member of the team as an operation."""
    return Enrol(
        id=f"enrol-{member.id}",
        wallet_id=TEAM.wallet_id,
        team_id=TEAM.id,
        member_id=member.id,
        workspace="test:one",
        identity=f"test:one/{member.id}",
        display_name=member.display_name,
        admin=member.admin,
        team_name=TEAM.name,
        zone="UTC",
        demo=False,
        member_month_limit_nanos=MONTH_LIMIT_NANOS,
    )


def a_question(text: str = QUESTION, **fields: Any) -> Question:
    """A question of Anna's."""
    known: dict[str, Any] = {"member": ANNA, "place": PLACE, "parts": (TextPart(text),), "keys": (), "model": AUTO}
    return Question(**(known | fields))


async def planned(text: str, model: Model, max_output_tokens: int = 1_000) -> PlannedCall:
    """What would be sent, counted in bytes."""
    question, today = a_question(text), FakeClock().now().date()
    return await plan_call(Prompt(question, ByteCounter()), model, today=today, max_output_tokens=max_output_tokens)


async def until(condition: Callable[[], object]) -> None:
    """Let others run until it holds."""
    for _ in range(LONG):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")


async def heard(running: RunningAsk) -> list[AskEvent]:
    """Every event of an ask."""
    async with asyncio.timeout(HANGS_AFTER_SECONDS), running:
        return [event async for event in running]


@asynccontextmanager
async def hearing(running: RunningAsk) -> AsyncIterator[AsyncIterator[AskEvent]]:
    """The events of an ask one by one; whatever happens to the test, its generator is closed."""
    async with asyncio.timeout(HANGS_AFTER_SECONDS), running:
        yield aiter(running)


def kinds(events: Sequence[AskEvent]) -> list[str]:
    """The names of events, for comparing orders."""
    return [type(event).__name__ for event in events]


def finished(events: Sequence[AskEvent]) -> Finished:
    """The last event, which must be the end of an answer."""
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1]


def exact(usage: Usage, plan: PlannedCall) -> int:
    """What a usage costs."""
    return cost(usage, plan.price)
