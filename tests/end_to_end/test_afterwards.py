"""What is left behind: text that is kept sealed and then erased, and holds whose process is gone."""

import asyncio
import sqlite3
from pathlib import Path

from bot.schedule import scheduled
from core.defaults import KEEP_FOR_BUTTONS_MS
from core.events import AlreadyAsked, Delta, Finished, Started
from tests.core.asking.house import heard, hearing
from tests.databases import short_on_sqlite
from tests.end_to_end.dead_process import die_with_a_hold, later
from tests.end_to_end.house import a_house, catalogue_price
from tests.provider_behaviours import gate, good
from tests.provider_server import ProviderServer

MONEY = 1_000_000_000
PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)
SECRET_QUESTION = "does Wilhelmina know about the merger with Quuxwell?"
SECRET_ANSWER = ("Nobody told ", "Wilhelmina about ", "Quuxwell.")
TELLING = (b"Wilhelmina", b"Quuxwell", b"merger")


def bytes_on_disk(database_url: str) -> bytes:
    """Everything that the database's files hold, after a checkpoint."""
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return bytes_as_they_are(database_url)


def bytes_as_they_are(database_url: str) -> bytes:
    """Everything that the database's files hold."""
    file = Path(database_url.removeprefix("sqlite:///"))
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


async def test_text_is_on_disk_sealed_until_it_may_not_be_wanted_any_more_and_then_not_at_all(
    sqlite_url: str, server: ProviderServer
) -> None:
    server.answer_with(good(SECRET_ANSWER))
    async with a_house(sqlite_url, server) as house:
        running = house.start(SECRET_QUESTION)
        await heard(running)
        [kept] = await house.rows("SELECT question, answer FROM kept")
        before = await asyncio.to_thread(bytes_on_disk, sqlite_url)
        assert kept["question"] in before and kept["answer"] in before
        assert not any(word in before for word in TELLING)
        await running.delivered()
        delivered = await asyncio.to_thread(bytes_on_disk, sqlite_url)
        assert kept["question"] in delivered and kept["answer"] not in delivered
        house.app.store.driver.clock_offset_ms = KEEP_FOR_BUTTONS_MS + 1_000
        await house.app.sweep.run()
        after = await asyncio.to_thread(bytes_on_disk, sqlite_url)
        assert not any(text in after for text in (kept["question"], kept["answer"], *TELLING))
        # not even a piece of the sealed text, as a page that was used again would leave it
        assert not any(bytes(kept["answer"])[at : at + 24] in after for at in range(16, len(kept["answer"]) - 24, 8))


async def test_a_refused_question_is_sealed_while_it_may_be_tried_again(
    sqlite_url: str, server: ProviderServer
) -> None:
    async with a_house(sqlite_url, server, nanos=0) as house:
        for model in ("auto", SECRET_QUESTION):
            running = house.start(SECRET_QUESTION, model=model)
            await heard(running)
            await running.delivered()
        assert [len(row["question"]) > 0 for row in await house.rows("SELECT question FROM kept")] == [True] * 2
        on_disk = await asyncio.to_thread(bytes_on_disk, sqlite_url)
        assert not any(word in on_disk for word in TELLING)
        house.app.store.driver.clock_offset_ms = KEEP_FOR_BUTTONS_MS + 1_000
        await house.app.sweep.run()
        assert {(row["question"], row["answer"]) for row in await house.rows("SELECT * FROM kept")} == {(b"", b"")}


async def test_text_that_nobody_came_for_is_erased_after_a_day(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        await house.hear(SECRET_QUESTION)
        await house.app.sweep.run()
        assert [len(row["answer"]) > 0 for row in await house.rows("SELECT answer FROM kept")] == [True]
        house.app.store.driver.clock_offset_ms = 24 * 3600 * 1000 + 1_000
        await house.app.sweep.run()
        assert [(row["question"], row["answer"]) for row in await house.rows("SELECT * FROM kept")] == [(b"", b"")]


# --- holds whose process is gone ----------------------------------------------------------------------------------


async def test_delivered_text_is_gone_from_the_disk_after_a_round_of_the_schedule(
    sqlite_url: str, server: ProviderServer
) -> None:
    async with a_house(sqlite_url, server) as house:
        running = house.start(SECRET_QUESTION)
        await heard(running)
        [kept] = await house.rows("SELECT answer FROM kept")
        await running.delivered()
        assert kept["answer"] in await asyncio.to_thread(bytes_as_they_are, sqlite_url)
        async with scheduled(house.app):
            assert kept["answer"] not in await asyncio.to_thread(bytes_as_they_are, sqlite_url)


async def test_a_hold_whose_process_is_gone_is_given_back_after_its_time(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server) as house:
        await die_with_a_hold(house, "event-1")
    async with a_house(database_url, server, nanos=0) as house:
        later(house, seconds=-10)
        assert (await house.app.sweep.run()).expired == 0
        assert [event.sentence for event in await house.hear(keys=("event-1",)) if isinstance(event, AlreadyAsked)] == [
            "This is being answered already."
        ]
        assert await house.open_holds() == 1
        later(house, seconds=1)
        assert (await house.app.sweep.run()).expired == 1
        assert (await house.app.sweep.run()).expired == 0
        assert (await house.wallet()).available_nanos == MONEY
        await house.assert_at_rest()
    assert server.calls == []


@short_on_sqlite
async def test_a_redelivery_that_comes_before_the_sweep_is_answered(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        await die_with_a_hold(house, "event-1")
        later(house, seconds=1)
        end = (await house.hear(keys=("event-1",)))[-1]
        assert isinstance(end, Finished) and end.receipt.charged_nanos == PRICE
        assert (await house.app.sweep.run()).expired == 1
        assert (await house.wallet()).available_nanos == MONEY - PRICE
        await house.assert_at_rest()
    assert len(server.calls) == 1


@short_on_sqlite
async def test_an_answer_that_ends_after_its_hold_was_given_back_charges_nothing(
    database_url: str, server: ProviderServer
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with a_house(database_url, server) as house:
        async with hearing(house.start()) as events:
            assert isinstance(await anext(events), Started)
            assert isinstance(await anext(events), Delta)
            later(house, seconds=1)
            assert (await house.app.sweep.run()).expired == 1
            opened.set()
            end = [event async for event in events][-1]
        assert isinstance(end, Finished)
        assert (end.receipt.charged_nanos, end.receipt.lines[0].absorbed_nanos) == (0, PRICE)
        assert (await house.wallet()).available_nanos == MONEY
        report = await house.assert_at_rest()
        assert [notice.rule for notice in report.notices] == ["settled-late"]


@short_on_sqlite
async def test_an_ask_that_fails_after_its_hold_was_given_back_is_told_so(
    database_url: str, server: ProviderServer
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened, before=()))
    async with a_house(database_url, server) as house:
        running = house.start()
        async with hearing(running) as events:
            assert isinstance(await anext(events), Started)
            later(house, seconds=1)
            assert (await house.app.sweep.run()).expired == 1
            running.stop()
            [end] = [event async for event in events]
        assert getattr(end, "sentence", "").endswith("Not charged.")
        assert (await house.wallet()).available_nanos == MONEY
        await house.assert_at_rest()
