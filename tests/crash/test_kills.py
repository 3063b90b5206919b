"""Killed at random moments under load, again and again: nothing acknowledged is lost, nothing is paid or told twice."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from core.defaults import HOLD_TTL_SECONDS, SWEEP_SECONDS
from tests.crash.journal import Journal, MarkedBoard
from tests.crash.reckoning import Reckoning, reckon
from tests.crash.worker import ASKERS, Shift, work
from tests.end_to_end.house import a_house
from tests.end_to_end.replicas import replicas
from tests.provider_behaviours import Behaviour, Body, good
from tests.provider_server import ProviderServer

KILLS = [2, pytest.param(100, marks=pytest.mark.soak)]
LIVES_AT_MOST_SECONDS = 0.5
NEXT_SHIFT_MS = (HOLD_TTL_SECONDS + SWEEP_SECONDS) * 1_000
MAX_EVENTS_A_SHIFT = 1_000_000


def slowly(chance: random.Random) -> Behaviour:
    """A good answer after a moment, so that a kill meets an ask at any of its steps."""
    whole = good()

    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        await asyncio.sleep(chance.uniform(0, 0.03))
        return await whole(request, body)

    return answer


@dataclass
class Siege:
    """One database, one journal, and process after process."""

    url: str
    server: ProviderServer
    journal_file: Path
    chance: random.Random
    shifts: int = 0
    overdue: list[int] = field(default_factory=list)

    @property
    def journal(self) -> Journal:
        """What people were told so far."""
        return Journal(self.journal_file)

    @property
    def offset_ms(self) -> int:
        """How far the database's clock was moved on: past every hold and lease of the dead, and one sweep."""
        return self.shifts * NEXT_SHIFT_MS

    def shift(self, *, load: bool = True) -> Shift:
        """The next process. The platform delivers again what was not acknowledged; commands it never does."""
        self.shifts += 1
        lines = self.journal.lines()
        over = {line["event"] for line in lines if line["what"] in ("shown", "already")}
        asked = dict.fromkeys(line["event"] for line in lines if line["what"] == "asking")
        again = tuple(event for event in asked if event.startswith("event") and event not in over)
        first = self.shifts * MAX_EVENTS_A_SHIFT + 1
        return Shift(
            url=self.url, base_url=self.server.base_url, journal=self.journal_file, offset_ms=self.offset_ms,
            again=again, first=first, load=load,
        )  # fmt: skip

    async def kill_one(self) -> None:
        """A process begins, works, and is killed: mostly under load, sometimes while it recovers."""
        async with replicas(partial(work, self.shift())) as [replica]:
            if self.shifts == 1 or self.chance.random() < 0.8:
                self.overdue.append(await replica.told())
            # However slow the machine: the first one has work behind it.
            while not self.journal.all_of("shown"):  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.01)
            await asyncio.sleep(self.chance.uniform(0, LIVES_AT_MOST_SECONDS))
            replica.process.kill()

    async def end_quietly(self) -> Reckoning:
        """The last process asks nothing new and is left alone; then everybody has been told."""
        async with replicas(partial(work, self.shift(load=False))) as [replica]:
            self.overdue.append(await replica.told())
            await replica.result()
        self.shifts += 1
        async with a_house(self.url, self.server, nanos=0) as house:
            house.app.store.driver.clock_offset_ms = self.offset_ms
            await house.app.sweep.run()
            await house.app.use_cases.deliveries.run(MarkedBoard(self.journal))
            calls = [call.body["messages"][-1]["content"].split()[0] for call in self.server.calls]
            return await reckon(house, self.journal, calls)


@pytest.mark.parametrize("kills", KILLS)
async def test_kills_at_random_moments_lose_and_double_nothing(
    database_url: str, server: ProviderServer, tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer_with(slowly(random.Random(kills)))
    siege = Siege(database_url, server, tmp_path / "journal", random.Random(kills))
    async with a_house(database_url, server):
        pass  # the schema and the team's budget are there before the first shift
    calls_before, most_in_a_shift = 0, 0
    for _ in range(kills):
        await siege.kill_one()
        in_this_shift = [call.body["messages"][-1]["content"] for call in server.calls[calls_before:]]
        assert len(in_this_shift) == len(set(in_this_shift)), "an event was sent twice by one process"
        calls_before, most_in_a_shift = len(server.calls), max(most_in_a_shift, len(in_this_shift))
    found = await siege.end_quietly()
    assert found.faults == {}
    assert siege.overdue and set(siege.overdue) == {0}
    assert found.calls_without_a_charge <= ASKERS * kills
    assert most_in_a_shift > 0 and found.answered > 0
    with _shown(kills, capsys):
        print(f"\n{database_url.split(':', maxsplit=1)[0]}: {kills} kills: {found}")  # noqa: T201 - for docs/soak.md


@contextmanager
def _shown(kills: int, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    if kills < 100:
        yield
        return
    with capsys.disabled():
        yield
