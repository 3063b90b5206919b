"""Every fault of every wire, streaming and not, through the whole ask: it ends, is true, and the books balance."""

import asyncio
from dataclasses import dataclass, replace

import httpx
import pytest

from adapters.llm.catalogue import CatalogueFiles, load_catalogue
from adapters.llm.client import open_client
from adapters.llm.connect import connect
from bot.clock import SystemClock
from core.events import AskEvent, Delta, Finished, Started
from core.models import Model
from core.prices import Usage, cost
from tests.core.asking.house import QUESTION, SETTINGS, Desk, a_desk, a_question, planned
from tests.end_to_end.wires import answer_faults, transport_faults
from tests.end_to_end.wires.case import GOOD, Case, Charge
from tests.end_to_end.wires.speakers import SPEAKERS, WireSpeaker
from tests.fakes import MemoryBooks, a_model
from tests.memory_reports import open_holds
from tests.provider_server import ProviderServer, closed_port

KEY = "sk-secret"
MONEY = 1_000_000_000
AT_ONCE = 12
"""How many cases run beside each other: most of them wait."""
LEAST_FAULTS = 60
ROWS = load_catalogue().providers
STREAMING = {True: "streaming", False: "whole"}


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one case."""

    desk: Desk
    model: Model
    events: list[AskEvent]
    server: ProviderServer
    crashes: list[BaseException]
    case: Case


Outcome = Played | BaseException


@pytest.mark.parametrize("streams", STREAMING, ids=STREAMING.get)
@pytest.mark.parametrize("wire", SPEAKERS, ids=lambda wire: wire.provider)
async def test_whatever_a_provider_does_the_ask_ends_in_time_and_the_books_are_true(
    wire: WireSpeaker, streams: bool, subtests: pytest.Subtests
) -> None:
    cases = cases_of(wire, streams)
    light = {name: case for name, case in cases.items() if not case.heavy}
    heavy = {name: case for name, case in cases.items() if case.heavy}
    played = await play_all(wire, streams, light, at_once=AT_ONCE, late_seconds=10.0)
    played |= await play_all(wire, streams, heavy, at_once=1, late_seconds=10.0)
    await hold_true(played, subtests)
    assert len(played) >= LEAST_FAULTS


@pytest.mark.soak
@pytest.mark.parametrize("streams", STREAMING, ids=STREAMING.get)
@pytest.mark.parametrize("wire", SPEAKERS, ids=lambda wire: wire.provider)
async def test_an_ask_is_over_a_second_after_its_deadline(
    wire: WireSpeaker, streams: bool, subtests: pytest.Subtests
) -> None:
    cases = {name: replace(case, deadline_seconds=2.0) for name, case in cases_of(wire, streams).items()}
    await hold_true(await play_all(wire, streams, cases, at_once=1, late_seconds=1.0), subtests)


def cases_of(wire: WireSpeaker, streams: bool) -> dict[str, Case]:
    """Every fault that there is in this wire, by name."""
    return {
        name: case
        for name, fault in (transport_faults.FAULTS | answer_faults.FAULTS).items()
        if (case := fault(wire, streams)) is not None
    }


async def play_all(
    wire: WireSpeaker, streams: bool, cases: dict[str, Case], *, at_once: int, late_seconds: float
) -> dict[str, Outcome]:
    """Play the cases over one client, some beside each other."""
    beside = asyncio.Semaphore(at_once)
    async with open_client() as client:

        async def one(case: Case) -> Played:
            async with beside:
                return await play(wire, streams, case, client, late_seconds=late_seconds)

        outcomes = await asyncio.gather(*map(one, cases.values()), return_exceptions=True)
    return dict(zip(cases, outcomes, strict=True))


async def hold_true(played: dict[str, Outcome], subtests: pytest.Subtests) -> None:
    """Hold what came of every case against the truth."""
    for name, outcome in played.items():
        with subtests.test(name):
            if isinstance(outcome, BaseException):
                raise outcome
            await assert_true(outcome)


async def play(
    wire: WireSpeaker, streams: bool, case: Case, client: httpx.AsyncClient, *, late_seconds: float
) -> Played:
    """Ask one question of a server that does this; `TimeoutError` when it is not over that long after its deadline."""
    async with ProviderServer() as server:
        base_url = server.base_url
        if case.reply is None:
            base_url = f"http://127.0.0.1:{closed_port()}/v1"
        else:
            server.answer_with(case.reply)
        row = replace(ROWS[wire.provider], quirks=replace(ROWS[wire.provider].quirks, stream=streams))
        clock = SystemClock()
        connected = await connect(
            CatalogueFiles({row.id: row}, {}),
            keys={row.id: KEY},
            base_urls={row.id: base_url},
            client=client,
            clock=clock,
            practice=False,
        )
        model = a_model(provider=wire.provider, cap_field=wire.cap_field, provider_title=row.title)
        settings = replace(SETTINGS, deadline_seconds=case.deadline_seconds)
        memory = MemoryBooks(clock)
        desk = await a_desk(
            connected.providers[row.id], memory=memory, clock=clock, models=(model,), settings=settings, nanos=MONEY
        )
        async with asyncio.timeout(case.deadline_seconds + late_seconds), desk.asks.start(a_question()) as running:
            [task] = desk.asks._running
            events = [event async for event in running]
            [crash] = await asyncio.gather(task, return_exceptions=True)
        return Played(desk, model, events, server, [crash] if crash is not None else [], case)


async def assert_true(played: Played) -> None:
    """It ended without a crash, said what came, charged what was right, and left nothing held."""
    case, desk = played.case, played.desk
    assert played.crashes == []
    started, end = played.events[0], played.events[-1]
    assert isinstance(started, Started)
    assert isinstance(end, Finished)
    text = "".join(event.text for event in played.events if isinstance(event, Delta))
    said = case.text if case.text.strip() else ""  # blanks alone are no answer: another model may give one
    assert text == (case.repeats * (len(text) // len(case.repeats)) if case.repeats else said)
    charged = end.receipt.charged_nanos
    assert charged == await _due(played, text, started.at_most_nanos)
    assert charged <= started.at_most_nanos
    assert bool(charged) is bool(text.strip())
    assert open_holds(desk.books) == []
    assert (desk.wallet.available_nanos, desk.wallet.held_nanos) == (MONEY - charged, 0)
    assert len(played.server.calls) <= 3
    assert all(call.path != "/v1/elsewhere" for call in played.server.calls)
    assert KEY not in end.sentence and QUESTION not in end.sentence


async def _due(played: Played, text: str, hold_nanos: int) -> int:
    """What must have been charged, worked out beside the ask."""
    plan = await planned(QUESTION, played.model, SETTINGS.max_output_tokens)
    if not text.strip() or played.case.charged is Charge.NOTHING:
        return 0
    if played.case.charged is Charge.USAGE:
        return cost(Usage(GOOD.sent, output_tokens=played.case.made), plan.price)
    counted = len(text.encode())  # these desks count bytes
    return min(hold_nanos, cost(Usage(plan.input_expected_tokens, output_tokens=counted), plan.price))
