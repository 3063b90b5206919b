"""Killed at the moments that matter: each question is answered and charged once, or not charged and said."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from core.announcement import Announcement
from core.events import Delta
from core.ledger.holding import HoldState
from core.rows import HoldRow, KeptRow, RequestRow
from tests.bookkeeping import rows_of
from tests.crash.journal import Journal, MarkedBoard
from tests.crash.reckoning import ANSWER
from tests.databases import short_on_sqlite
from tests.end_to_end.dead_process import die_with_a_hold, later
from tests.end_to_end.house import House, a_house, catalogue_price
from tests.end_to_end.replicas import Job, replicas
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer

PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)
MONEY = 1_000_000_000
DAY_SECONDS = 86_400
KEY = "event-1"
Tell = Callable[[Any], None]


async def killed_at(job: Job, moment: Callable[[Any], object]) -> None:
    """Run the job in a process of its own, and kill it when it tells that it is there."""
    async with replicas(job) as [replica]:
        while not moment(await replica.told()):
            continue
        replica.process.kill()


async def ask(url: str, base_url: str, tell: Tell) -> None:
    """A reader that has taken in every event, and hangs before it shows the first of them."""
    async with a_house(url, base_url, nanos=0) as house:
        async for event in house.start(keys=(KEY,)):
            tell(type(event).__name__)
        await asyncio.Event().wait()


async def ask_and_show(url: str, base_url: str, journal: Path, tell: Tell) -> None:
    """A reader that has shown everything, and hangs before it says so."""
    async with a_house(url, base_url, nanos=0) as house:
        running, text = house.start(keys=(KEY,)), ""
        async for event in running:
            text += event.text if isinstance(event, Delta) else ""
        Journal(journal).note("shown", ask=running.ask_id, text=text)
        tell("shown")
        await asyncio.Event().wait()


class HangingBoard(MarkedBoard):
    """Posts, and hangs before it can say so."""

    def __init__(self, journal: Journal, tell: Tell) -> None:
        super().__init__(journal)
        self._tell = tell

    async def announce(self, announcement: Announcement) -> bool:
        await super().announce(announcement)
        self._tell("posted")
        await asyncio.Event().wait()
        return True


async def announce(url: str, base_url: str, journal: Path, seconds: int, tell: Tell) -> None:
    """A process that recovers, and hangs between posting and writing it down."""
    async with a_house(url, base_url, nanos=0) as house:
        later(house, seconds=seconds)
        await house.app.sweep.run()
        await house.app.use_cases.deliveries.run(HangingBoard(Journal(journal), tell))


async def recovered(house: House, journal: Path, *, seconds: int) -> list[dict[str, Any]]:
    """A round of the schedule so long after; everything that was told until then."""
    later(house, seconds=seconds)
    await house.app.sweep.run()
    await house.app.use_cases.deliveries.run(MarkedBoard(Journal(journal)))
    return [line for line in Journal(journal).lines() if line["what"] in ("told", "shown")]


async def assert_interrupted_and_said(url: str, server: ProviderServer, journal: Path) -> None:
    async with a_house(url, server, nanos=0) as house:
        [told] = await recovered(house, journal, seconds=1)
        assert "was interrupted before it was answered. Not charged." in told["heading"]
        assert len(await recovered(house, journal, seconds=DAY_SECONDS)) == 1
        assert (await house.wallet()).available_nanos == MONEY
        await house.assert_at_rest()


@short_on_sqlite
async def test_killed_between_claim_and_hold_it_is_interrupted_and_said(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    async with a_house(database_url, server, nanos=0) as house:
        everything = (await house.plan()).at_most_nanos
        await house.top_up(everything)
        await die_with_a_hold(house, "somebody else's")
    # It waits for the money that the dead holds: claimed, and nothing held.
    await killed_at(partial(ask, database_url, server.base_url), lambda told: told == "Waiting")
    async with a_house(database_url, server, nanos=0) as house:
        assert [row.state for row in await rows_of(house.app.store, RequestRow)] == ["running"] * 2
        assert len(await rows_of(house.app.store, HoldRow)) == 1
        told = await recovered(house, tmp_path / "journal", seconds=60)
        assert len(told) == 2 and all("was interrupted" in line["heading"] for line in told)
        assert (await house.wallet()).available_nanos == everything
        await house.assert_at_rest()
    assert server.calls == []


async def test_killed_while_it_streams_it_is_interrupted_said_and_not_charged(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    server.answer_with(gate(asyncio.Event()))
    async with a_house(database_url, server):
        pass
    await killed_at(partial(ask, database_url, server.base_url), lambda told: told == "Delta")
    await assert_interrupted_and_said(database_url, server, tmp_path / "journal")
    assert len(server.calls) == 1  # which nobody is charged for: the hold that was taken for it expired
    async with a_house(database_url, server, nanos=0) as house:
        [held] = await rows_of(house.app.store, HoldRow)
        assert (held.state, held.provider, held.transfer_id) == (HoldState.EXPIRED, "openai", "")


async def test_killed_between_charge_and_answer_the_answer_comes_late_and_once(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    async with a_house(database_url, server):
        pass
    await killed_at(partial(ask, database_url, server.base_url), lambda told: told == "Finished")
    async with a_house(database_url, server, nanos=0) as house:
        [told] = await recovered(house, tmp_path / "journal", seconds=1)
        assert told["answer"] == ANSWER
        assert len(await recovered(house, tmp_path / "journal", seconds=2 * DAY_SECONDS)) == 1
        assert (await house.wallet()).available_nanos == MONEY - PRICE
        await house.assert_at_rest()
    assert len(server.calls) == 1


@short_on_sqlite
async def test_killed_between_charge_and_answer_the_charge_is_given_back_after_a_day(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    async with a_house(database_url, server):
        pass
    await killed_at(partial(ask, database_url, server.base_url), lambda told: told == "Finished")
    async with a_house(database_url, server, nanos=0) as house:
        [told] = await recovered(house, tmp_path / "journal", seconds=DAY_SECONDS)
        assert (told["answer"], "nobody saw the answer within a day" in told["heading"]) == ("", True)
        assert (await house.wallet()).available_nanos == MONEY
        await house.assert_at_rest()


@short_on_sqlite
async def test_killed_between_answer_and_confirmation_it_is_not_told_again(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    async with a_house(database_url, server):
        pass
    job = partial(ask_and_show, database_url, server.base_url, journal)
    await killed_at(job, lambda told: told == "shown")
    async with a_house(database_url, server, nanos=0) as house:
        [told] = await recovered(house, journal, seconds=1)
        assert (told["what"], told["text"]) == ("shown", ANSWER)
        assert [kept.answer for kept in await rows_of(house.app.store, KeptRow)] == [b""]
        assert len(await recovered(house, journal, seconds=2 * DAY_SECONDS)) == 1
        assert (await house.wallet()).available_nanos == MONEY - PRICE
        await house.assert_at_rest()


@short_on_sqlite
async def test_killed_between_a_late_answer_and_its_confirmation_it_is_not_posted_again(
    database_url: str, server: ProviderServer, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    async with a_house(database_url, server):
        pass
    await killed_at(partial(ask, database_url, server.base_url), lambda told: told == "Finished")
    job = partial(announce, database_url, server.base_url, journal, 1)
    await killed_at(job, lambda told: told == "posted")
    async with a_house(database_url, server, nanos=0) as house:
        [told] = await recovered(house, journal, seconds=120)
        assert told["answer"] == ANSWER
        [request] = await rows_of(house.app.store, RequestRow)
        assert request.delivered_at_ms and request.delivery_tries == 2
        await house.assert_at_rest()
