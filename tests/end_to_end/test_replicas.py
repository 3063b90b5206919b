"""Two processes on one PostgreSQL: they start at once, share one wallet, and reach each other's asks."""

import asyncio
from functools import partial

from core.events import AskEvent, Delta, Ending, Finished, Refused, Started, Waiting
from tests.bookkeeping import claim, hold, in_flight
from tests.core.asking.house import hearing, kinds
from tests.end_to_end.house import a_house, catalogue_price, charged
from tests.end_to_end.replicas import Tell, replicas, results
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer

PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)


async def start_and_ask(url: str, base_url: str, tell: Tell) -> tuple[bool, int]:
    """A process starts, puts a dollar in and answers one question. Whether it migrated, and what the answer cost."""
    del tell
    async with a_house(url, base_url) as house:
        return house.app.store.migrated, charged(await house.hear())


async def ask_copies(url: str, base_url: str, copies: int, tell: Tell) -> list[str]:
    """The platform delivers one question again and again."""
    del tell
    async with a_house(url, base_url, nanos=0) as house:
        asks = await asyncio.gather(*(house.hear(keys=("event-1", f"copy-{n}")) for n in range(copies)))
        return kinds([events[-1] for events in asks])


async def sweep(url: str, base_url: str, tell: Tell) -> int:
    """One round of the sweep. How many holds it gave back."""
    del tell
    async with a_house(url, base_url, nanos=0) as house:
        return (await house.app.sweep.run()).expired


async def ask_and_tell(url: str, base_url: str, tell: Tell) -> list[AskEvent]:
    """Ask, and tell each event as it comes."""
    async with a_house(url, base_url, nanos=0, hold_wait_seconds=20) as house:
        running = house.start()
        events = []
        async with hearing(running) as coming:
            async for event in coming:
                tell((running.ask_id, event))
                events.append(event)
        return events


async def test_two_processes_start_at_one_instant_on_an_empty_database(
    empty_postgres_url: str, server: ProviderServer
) -> None:
    job = partial(start_and_ask, empty_postgres_url, server.base_url)
    started = await results(job, job)
    assert sorted(migrated for migrated, _ in started) == [False, True]
    assert [cost for _, cost in started] == [PRICE, PRICE]
    async with a_house(empty_postgres_url, server, nanos=0) as house:
        assert (await house.wallet()).available_nanos == 2 * (1_000_000_000 - PRICE)
        assert [len(await house.rows(f"SELECT id FROM {table}")) for table in ("team", "wallet", "member")] == [1, 1, 1]
        await house.assert_at_rest()


async def test_twenty_copies_over_two_processes_are_one_call_and_one_charge(
    postgres_url: str, server: ProviderServer
) -> None:
    async with a_house(postgres_url, server) as house:
        job = partial(ask_copies, postgres_url, server.base_url, 10)
        one, two = await results(job, job)
        assert sorted(one + two) == ["AlreadyAsked"] * 19 + ["Finished"]
        assert (await house.wallet()).available_nanos == 1_000_000_000 - PRICE
        await house.assert_at_rest()
    assert len(server.calls) == 1


async def test_two_sweeps_at_one_instant_give_everything_back_once(postgres_url: str, server: ProviderServer) -> None:
    async with a_house(postgres_url, server) as house:
        anna, books = house.anna, house.app.store.books
        wallet_id, one_more = anna.team.wallet_id, in_flight(20, anna.id)
        for ask in (f"dead-{number}" for number in range(20)):
            await books.apply(claim(ask, member=anna.id, team_id=anna.team.id, wallet_id=wallet_id))
            await books.apply(hold(ask, 1_000, one_more, ttl_seconds=0, wallet_id=wallet_id))
        assert (await house.wallet()).held_nanos == 20_000
        job = partial(sweep, postgres_url, server.base_url)
        assert sum(await results(job, job)) == 20
        assert (await house.wallet()).available_nanos == 1_000_000_000
        await house.assert_at_rest()


async def test_a_stop_reaches_an_ask_that_streams_in_another_process(postgres_url: str, server: ProviderServer) -> None:
    server.answer_with(gate(asyncio.Event()))
    async with a_house(postgres_url, server) as house:
        async with replicas(partial(ask_and_tell, postgres_url, server.base_url)) as (there,):
            ask_id, started = await there.told()
            assert isinstance(started, Started)
            _, words = await there.told()
            assert words == Delta("First. ")
            assert await house.asks.stop(ask_id, house.anna)
            _, end = await there.told()
        assert isinstance(end, Finished) and end.ending is Ending.STOPPED
        await house.assert_at_rest()
        assert (await house.wallet()).available_nanos == 1_000_000_000 - end.receipt.charged_nanos


async def test_a_stop_reaches_an_ask_that_waits_for_money_in_another_process(
    postgres_url: str, server: ProviderServer
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with a_house(postgres_url, server, nanos=0) as house:
        await house.top_up((await house.plan()).at_most_nanos)
        async with hearing(house.start()) as holding:
            assert isinstance(await anext(holding), Started)
            async with replicas(partial(ask_and_tell, postgres_url, server.base_url)) as (there,):
                ask_id, waiting = await there.told()
                assert waiting == Waiting(1)
                assert await house.asks.stop(ask_id, house.anna)
                assert await there.told() == (ask_id, Refused("Stopped. Not charged."))
            opened.set()
            assert isinstance([event async for event in holding][-1], Finished)
        await house.assert_at_rest()
    assert len(server.calls) == 1


async def test_money_that_one_process_gives_back_is_found_by_the_other(
    postgres_url: str, server: ProviderServer
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with a_house(postgres_url, server, nanos=0) as house:
        await house.top_up((await house.plan()).at_most_nanos + PRICE)
        async with hearing(house.start()) as holding:
            assert isinstance(await anext(holding), Started)
            async with replicas(partial(ask_and_tell, postgres_url, server.base_url)) as (there,):
                _, waiting = await there.told()
                assert waiting == Waiting(1)
                opened.set()
                assert isinstance([event async for event in holding][-1], Finished)
                _, started = await there.told()
                assert isinstance(started, Started) and not started.note
                assert [type((await there.told())[1]) for _ in range(2)] == [Delta, Finished]
        await house.assert_at_rest()
