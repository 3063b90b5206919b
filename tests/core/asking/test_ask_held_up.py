"""What an ask is told when money or room is missing: it waits, it shrinks, or it is refused with a next step."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core import asks as asks_module
from core.events import Finished, Refused, Started, Waiting
from tests.bookkeeping import month_limit
from tests.core.asking.house import (
    BEN,
    SETTINGS,
    Desk,
    GatedProvider,
    ManualClock,
    a_desk,
    heard,
    hearing,
    kinds,
)

CENT = 10_000_000


# --- money that others hold ---------------------------------------------------------------------------------------


async def a_full_desk(share: float, wait_seconds: float = 20) -> tuple[Desk, GatedProvider, ManualClock]:
    """A desk with money for `share` asks, a provider that waits, and waiting for money switched on."""
    clock, provider = ManualClock(), GatedProvider()
    at_most = (await (await a_desk()).plan()).at_most_nanos
    settings = replace(SETTINGS, hold_wait_seconds=wait_seconds)
    desk = await a_desk(provider, nanos=int(at_most * share), clock=clock, settings=settings)
    return desk, provider, clock


async def test_an_ask_waits_for_held_money_and_is_served() -> None:
    desk, provider, clock = await a_full_desk(1.5)
    async with hearing(desk.start()) as first, hearing(desk.start(member=BEN)) as second:
        assert isinstance(await anext(first), Started)
        assert await anext(second) == Waiting(1)
        provider.opened.set()
        assert isinstance([event async for event in first][-1], Finished)
        clock.advance(1)
        rest = [event async for event in second]
    assert kinds(rest) == ["Started", "Delta", "Finished"]
    assert isinstance(rest[0], Started) and not rest[0].note


async def test_an_ask_that_waited_in_vain_takes_what_fits_and_says_so() -> None:
    desk, provider, clock = await a_full_desk(1.5)
    async with hearing(desk.start()) as first, hearing(desk.start(member=BEN)) as second:
        assert isinstance(await anext(first), Started)
        assert await anext(second) == Waiting(1)
        coming = asyncio.ensure_future(anext(second))
        await clock.until(coming)
        started = coming.result()
        assert isinstance(started, Started)
        assert "money left for a short answer only" in started.note
        assert started.at_most_nanos == desk.wallet.held_nanos - (await desk.plan()).at_most_nanos
        provider.opened.set()
        await desk.asks.close(1)


async def test_an_ask_that_waited_in_vain_for_all_of_it_is_refused() -> None:
    desk, provider, clock = await a_full_desk(1)
    async with hearing(desk.start()) as first, hearing(desk.start(member=BEN)) as second:
        assert isinstance(await anext(first), Started)
        assert await anext(second) == Waiting(1)
        coming = asyncio.ensure_future(anext(second))
        await clock.until(coming)
        refused = coming.result()
        assert isinstance(refused, Refused)
        assert "held by 1 running ask" in refused.sentence and refused.sentence.endswith("Not charged.")
        provider.opened.set()
        await desk.asks.close(1)
    assert provider.calls == 1


async def test_waiting_is_a_part_of_the_deadline() -> None:
    desk, provider, clock = await a_full_desk(1, wait_seconds=600)
    async with hearing(desk.start()) as first, hearing(desk.start(member=BEN)) as second:
        assert isinstance(await anext(first), Started)
        assert await anext(second) == Waiting(1)
        coming = asyncio.ensure_future(anext(second))
        await clock.until(coming, step_seconds=0.01)
        assert isinstance(coming.result(), Refused)
        assert clock.monotonic() < SETTINGS.deadline_seconds + 1
        await desk.asks.close(1)
    assert provider.calls == 1


async def test_an_ask_that_is_stopped_while_it_waits_never_calls() -> None:
    desk, provider, clock = await a_full_desk(1)
    async with hearing(desk.start()) as first, hearing(waiting := desk.start(member=BEN)) as second:
        assert isinstance(await anext(first), Started)
        assert await anext(second) == Waiting(1)
        waiting.stop()
        coming = asyncio.ensure_future(anext(second))
        await clock.until(coming)
        assert coming.result() == Refused("Stopped. Not charged.")
        await desk.asks.close(1)
    assert provider.calls == 1


# --- refusals -----------------------------------------------------------------------------------------------------


async def test_an_empty_wallet_is_told_with_the_numbers_and_what_to_do() -> None:
    desk = await a_desk(nanos=0)
    assert await desk.hear() == [
        Refused(
            "The team wallet is empty: there is nothing left, and this ask needs 0.12 cents. "
            "An admin can add budget with /topup 25. Not charged."
        )
    ]
    desk = await a_desk(nanos=CENT // 20)
    [refused] = await desk.hear()
    assert isinstance(refused, Refused)
    assert "there is 0.05 cents left, and this ask needs 0.12 cents" in refused.sentence


async def test_a_monthly_limit_is_told_with_the_numbers_and_when_it_resets() -> None:
    desk = await a_desk()
    await desk.books.apply(month_limit("poor", CENT // 20, "ben"))
    [refused] = await desk.hear(member=BEN)
    assert refused == Refused(
        "Your monthly limit is reached: nothing of $0.00 used, and this ask needs 0.12 cents. "
        "It starts anew on 1 December; an admin can raise it with /limit. Not charged."
    )


async def test_too_many_at_one_time_are_told_with_the_next_step() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider, settings=replace(SETTINGS, max_in_flight=1))
    async with hearing(desk.start()) as first:
        assert isinstance(await anext(first), Started)
        assert await desk.hear() == [
            Refused(
                "You have 1 ask running, and 1 is the most at one time. "
                "Wait for one to end, or end it with /stop. Not charged."
            )
        ]
        assert kinds(await asyncio.wait_for(_another(desk, provider), 5))[-1] == "Finished"  # of Ben's, who has none
    await desk.asks.close(1)


async def _another(desk: Desk, provider: GatedProvider) -> list[Any]:
    running = desk.start(member=BEN)
    provider.opened.set()
    return await heard(running)


async def test_nobody_fills_the_house_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks_module, "MAX_MEMBER_ASKS", 1)
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as first:
        assert isinstance(await anext(first), Started)
        [refused] = await desk.hear()
        assert refused == Refused(
            "You have 1 ask running or waiting. Ask again when some of them have ended. Not charged."
        )
        assert kinds(await asyncio.wait_for(_another(desk, provider), 5))[-1] == "Finished"  # of Ben's
    await desk.asks.close(1)


async def test_no_more_asks_than_the_process_can_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks_module, "MAX_RUNNING_ASKS", 1)
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as first:
        assert isinstance(await anext(first), Started)
        [refused] = await desk.hear()
        assert isinstance(refused, Refused)
        assert "as many questions as it can" in refused.sentence and "Not charged." in refused.sentence
        await desk.asks.close(1)
    [refused] = await desk.hear()
    assert isinstance(refused, Refused) and "shutting down" in refused.sentence
