"""The platform delivers one question many times: at once, for ten minutes, across a restart. One call, one charge.

That twenty copies come at one instant is tried in test_answers.py, and over two processes in test_replicas.py.
"""

import asyncio
import random
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.clock import SystemClock
from core.events import AlreadyAsked, AskEvent, Delta, Ending, Finished, Started
from core.text import wording
from tests.core.asking.house import hearing, kinds
from tests.databases import short_on_sqlite
from tests.end_to_end.house import House, a_house, catalogue_price, charged
from tests.end_to_end.replicas import Tell, results
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer

MONEY = 1_000_000_000
PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)
COPIES = 20
TEN_MINUTES = 600
EVERY_SECONDS = TEN_MINUTES / (COPIES - 1)
ANSWERED_AFTER_COPIES = 4  # the answer takes more than a minute and a half
RUNNING = wording.already_asked("running", 0)
ANSWERED = wording.already_asked("settled", PRICE)


class ShiftedClock(SystemClock):
    """The real clock, so much ahead."""

    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.ahead_seconds)

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_seconds


def keys_of(copy: int) -> tuple[str, ...]:
    """One message, of which the platform makes a new event each time."""
    return f"event-{copy}", "message-1"


def sentence(events: list[AskEvent]) -> str:
    """What the reader of a copy reads."""
    [told] = events
    assert isinstance(told, AlreadyAsked)
    return told.sentence


async def assert_paid_once(house: House, server: ProviderServer) -> None:
    assert len(server.calls) == 1
    assert (await house.wallet()).available_nanos == MONEY - PRICE
    await house.assert_at_rest()


@short_on_sqlite
async def test_copies_that_come_for_ten_minutes_are_one_call_and_one_charge(
    database_url: str, server: ProviderServer
) -> None:
    """The clocks of the process and of the database move on between them, and the sweep makes its rounds."""
    clock, opened = ShiftedClock(), asyncio.Event()
    server.answer_with(gate(opened))
    async with a_house(database_url, server, clock=clock) as house, hearing(house.start(keys=keys_of(0))) as first:
        assert isinstance(await anext(first), Started)
        told = []
        for copy in range(1, COPIES):
            clock.ahead_seconds += EVERY_SECONDS
            house.app.store.driver.clock_offset_ms = int(clock.ahead_seconds * 1_000)
            if copy == ANSWERED_AFTER_COPIES:
                opened.set()
                assert kinds([event async for event in first])[-1] == "Finished"
            assert (await house.app.sweep.run()).expired == 0
            told.append(sentence(await house.hear(keys=keys_of(copy))))
        assert told == [RUNNING] * (ANSWERED_AFTER_COPIES - 1) + [ANSWERED] * (COPIES - ANSWERED_AFTER_COPIES)
        await assert_paid_once(house, server)


@pytest.mark.soak
async def test_copies_that_really_come_for_ten_minutes_are_one_call_and_one_charge(
    sqlite_url: str, postgres_url: str
) -> None:
    async def ten_minutes(url: str) -> None:
        async with ProviderServer() as server, a_house(url, server) as house:
            told = [await house.hear(keys=keys_of(0))]
            for copy in range(1, COPIES):
                await asyncio.sleep(EVERY_SECONDS)
                told.append(await house.hear(keys=keys_of(copy)))
            assert charged(told[0]) == PRICE
            assert [sentence(events) for events in told[1:]] == [ANSWERED] * (COPIES - 1)
            await assert_paid_once(house, server)

    await asyncio.gather(ten_minutes(sqlite_url), ten_minutes(postgres_url))


# --- across a restart -------------------------------------------------------------------------------------------------


async def hear_copies(url: str, base_url: str, nanos: int, copies: range, tell: Tell) -> list[str]:
    """A process hears some of the copies, all at once. What came of each."""
    del tell
    async with a_house(url, base_url, nanos=nanos) as house:
        asks = await asyncio.gather(*(house.hear(keys=keys_of(copy)) for copy in copies))
        return sorted(kinds([events[-1] for events in asks]))


async def test_copies_before_and_after_a_restart_are_one_call_and_one_charge(
    database_url: str, server: ProviderServer
) -> None:
    """Each process is a real one, and the second begins when the first is gone."""
    [before] = await results(partial(hear_copies, database_url, server.base_url, MONEY, range(10)))
    [after] = await results(partial(hear_copies, database_url, server.base_url, 0, range(10, COPIES)))
    assert before == ["AlreadyAsked"] * 9 + ["Finished"]
    assert after == ["AlreadyAsked"] * 10
    async with a_house(database_url, server, nanos=0) as house:
        await assert_paid_once(house, server)


@short_on_sqlite
async def test_a_restart_in_the_middle_of_an_answer_does_not_begin_another(
    database_url: str, server: ProviderServer
) -> None:
    server.answer_with(gate(asyncio.Event()))
    async with a_house(database_url, server) as house:
        running = house.start(keys=keys_of(0))
        async with hearing(running) as events:
            assert isinstance(await anext(events), Started)
            assert isinstance(await anext(events), Delta)
            await house.asks.close(30)
            end = [event async for event in events][-1]
    assert isinstance(end, Finished) and end.ending is Ending.STOPPED
    cost = end.receipt.charged_nanos
    async with a_house(database_url, server, nanos=0) as house:
        for copy in range(1, COPIES):
            assert sentence(await house.hear(keys=keys_of(copy))) == wording.already_asked("settled", cost)
        assert (await house.wallet()).available_nanos == MONEY - cost
        await house.assert_at_rest()
    assert len(server.calls) == 1


# --- keys -------------------------------------------------------------------------------------------------------------


SAME = [
    (("event-1", "message-1"), ("event-1", "message-1")),
    (("event-1", "message-1"), ("event-2", "message-1")),
    (("event-1", "message-1"), ("event-1", "message-2")),
    (("event-1", "message-1"), ("message-1",)),
    (("event-1", "message-1"), ("message-1", "event-1")),
]
OTHERS = [
    (("event-1", "message-1"), ("event-2", "message-2")),
    (("event-1", "message-1"), ("event-11", "message-11")),
    (("event-1", "message-1"), ("event-1message-1",)),
]


@pytest.mark.parametrize(("pairs", "again"), [(SAME, "AlreadyAsked"), (OTHERS, "Finished")], ids=["same", "others"])
@short_on_sqlite
async def test_keys_that_share_a_part_are_one_question_and_others_are_two(
    database_url: str, server: ProviderServer, pairs: list[tuple[tuple[str, ...], tuple[str, ...]]], again: str
) -> None:
    async with a_house(database_url, server) as house:
        for number, pair in enumerate(pairs):
            ends = [(await house.hear(keys=tuple(f"{number}/{key}" for key in keys)))[-1] for keys in pair]
            assert kinds(ends) == ["Finished", again], pair
        calls = len(pairs) * (1 if again == "AlreadyAsked" else 2)
        assert (await house.wallet()).available_nanos == MONEY - calls * PRICE
    assert len(server.calls) == calls


@pytest.mark.parametrize("deliveries", [40, pytest.param(1_000, marks=pytest.mark.soak)])
async def test_whatever_is_delivered_is_asked_once_for_each_question_that_shares_no_key(
    database_url: str, server: ProviderServer, deliveries: int
) -> None:
    dice, questions = random.Random(deliveries), 0
    asked: dict[str, int] = {}
    async with a_house(database_url, server) as house:
        for _ in range(deliveries):
            keys = tuple(f"key-{dice.randrange(deliveries)}" for _ in range(dice.randint(1, 3)))
            known = next((asked[key] for key in keys if key in asked), None)
            questions += known is None
            asked |= {key: known or questions for key in keys if key not in asked}
            assert kinds((await house.hear(keys=keys))[-1:]) == ["AlreadyAsked" if known else "Finished"]
        assert (await house.wallet()).available_nanos == MONEY - questions * PRICE
        await house.assert_at_rest()
    assert len(server.calls) == questions


@pytest.mark.parametrize("messages", [3, pytest.param(40, marks=pytest.mark.soak)])
@short_on_sqlite
async def test_twenty_copies_of_each_of_many_questions_mixed_at_one_instant(
    database_url: str, server: ProviderServer, messages: int
) -> None:
    copies = [(message, copy) for message in range(messages) for copy in range(COPIES)]
    random.Random(messages).shuffle(copies)
    async with a_house(database_url, server) as house:
        askers = [await house.member(f"asker-{message}") for message in range(messages)]
        asks = await asyncio.gather(
            *(
                house.hear(member=askers[message], keys=(f"event-{message}-{copy}", f"message-{message}"))
                for message, copy in copies
            )
        )
        ends = kinds([events[-1] for events in asks])
        assert sorted(ends) == ["AlreadyAsked"] * (messages * (COPIES - 1)) + ["Finished"] * messages
        assert (await house.wallet()).available_nanos == MONEY - messages * PRICE
        await house.assert_at_rest()
    assert len(server.calls) == messages
