"""PostgreSQL is restarted while Chipin runs: the same process goes on, and nobody pays for it."""

import asyncio
from typing import Any

import pytest

from core.asking import insist
from core.events import Delta, Refused
from tests.core.asking.house import heard, kinds
from tests.end_to_end.house import a_house
from tests.provider_behaviours import bills_the_cap, gate
from tests.provider_server import ProviderServer
from tests.troubles.asking import (
    ask_until_answered,
    assert_told_and_true,
    until,
    until_at_rest,
    until_started,
)
from tests.troubles.postgres import ServerProcess

MANY: dict[str, Any] = {"max_in_flight": 1_000}
AWAY_SECONDS = [0, pytest.param(10, marks=pytest.mark.soak)]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_answers_that_stream_are_settled_when_it_is_back(
    postgres: ServerProcess, server: ProviderServer, mode: str
) -> None:
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(postgres.url, server, **MANY) as house:
        reading = await until_started(house, 3)
        await asyncio.to_thread(postgres.stop, mode)
        refused = await heard(house.start())
        opened.set()
        await asyncio.to_thread(postgres.start)
        asks = [refused, *await asyncio.gather(*reading), *await ask_until_answered(house)]
        assert kinds(refused) == ["Refused"]
        assert [kinds(events)[-1] for events in asks[1:4]] == ["Finished"] * 3
        await assert_told_and_true(house, server, asks)


@pytest.mark.parametrize("away_seconds", AWAY_SECONDS)
async def test_asks_of_every_stage_come_to_a_true_end(
    postgres: ServerProcess, server: ProviderServer, away_seconds: float
) -> None:
    """Money for two at a time: some wait in line, some hold, some stream, some settle; it goes away in the middle."""
    server.answer_with(bills_the_cap())
    async with a_house(postgres.url, server, nanos=0, hold_wait_seconds=5, **MANY) as house:
        plan = await house.plan()
        await house.top_up(6 * plan.at_most_nanos)
        asking = [asyncio.create_task(heard(house.start())) for _ in range(16)]
        await until(lambda: len(server.calls) >= 2)
        await postgres.restart("immediate", away_seconds=away_seconds)
        asks = [*await asyncio.gather(*asking)]
        await assert_told_and_true(house, server, asks)
        assert len(await house.rows("SELECT id FROM hold WHERE state = 'settled'")) >= 2
        await house.top_up(plan.at_most_nanos)
        assert kinds(await heard(house.start()))[-1] == "Finished"


async def test_whoever_reads_is_let_go_when_it_stays_away_and_the_answer_is_booked_later(
    postgres: ServerProcess, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insist, "TELL_AFTER_SECONDS", 0.1)
    server.answer_with(gate(opened := asyncio.Event()))
    async with a_house(postgres.url, server) as house:
        [reading] = await until_started(house, 1)
        await asyncio.to_thread(postgres.stop)
        opened.set()
        events = await reading
        assert Delta("First. Last.") in events or Delta("Last.") in events
        assert events[-1] == Refused(
            "The database cannot be reached at the moment. Whether this answer was booked is not known yet; "
            "if it was not, nothing is charged. /balance shows it."
        )
        await asyncio.to_thread(postgres.start)
        await until_at_rest(house)
        assert [row["state"] for row in await house.rows("SELECT state FROM hold")] == ["settled"]
        await assert_told_and_true(house, server, [events])


async def test_a_process_that_has_to_end_does_not_wait_for_it(postgres: ServerProcess, server: ProviderServer) -> None:
    """The hold stays; the sweep of the next process gives it back."""
    server.answer_with(gate(asyncio.Event()))
    async with a_house(postgres.url, server) as house:
        [reading] = await until_started(house, 1)
        await asyncio.to_thread(postgres.stop)
        await house.asks.close(0.5)
        end = (await reading)[-1]
        assert isinstance(end, Refused) and "not known yet" in end.sentence
    await asyncio.to_thread(postgres.start)
    async with a_house(postgres.url, server, nanos=0) as house:
        assert await house.open_holds() == 1
        house.app.store.driver.clock_offset_ms = 600_000
        assert (await house.app.sweep.run()).expired == 1
        await house.assert_at_rest()
