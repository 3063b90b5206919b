"""What an ask is told when money or room is missing: it waits, it shrinks, or it is refused with a next step."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core import asks as asks_module
from core.events import Finished, Refused, Shortfall, Started, Waiting
from core.people import Asker, Standing
from core.policy import EVERYONE, Setting, member_target, own_target
from core.rows import RequestRow
from tests.bookkeeping import month_limit, rule
from tests.core.asking.house import (
    BEN,
    GOOD,
    SETTINGS,
    Desk,
    GatedProvider,
    ManualClock,
    a_desk,
    heard,
    hearing,
    kinds,
)
from tests.fakes import ScriptedProvider, a_model, a_price

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
            "The team wallet is empty, and this ask needs 0.12 cents. "
            "/request asks the admins for more. An admin can add budget with /topup 25. Not charged."
        )
    ]
    desk = await a_desk(nanos=CENT // 20)
    [refused] = await desk.hear()
    assert isinstance(refused, Refused)
    assert "has 0.05 cents left, and this ask needs 0.12 cents" in refused.sentence


async def test_a_monthly_limit_is_told_with_the_numbers_and_when_it_resets() -> None:
    desk = await a_desk()
    await desk.books.apply(month_limit("poor", CENT // 20, "ben"))
    [refused] = await desk.hear(member=BEN)
    assert refused == Refused(
        "Your monthly limit leaves too little: nothing of 0.05 cents used, and this ask needs 0.12 cents. "
        "Set for you by Anna on 21 November. It starts anew on 1 December; /request asks the admins for more. "
        "Not charged."
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


@pytest.mark.parametrize("most", ["MAX_MEMBER_ASKS", "MAX_RUNNING_ASKS"])
async def test_a_copy_of_a_question_that_runs_is_none_too_many(most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform delivers it again: whoever asked once is not told that they ask too much."""
    monkeypatch.setattr(asks_module, most, 1)
    desk = await a_desk(GatedProvider())
    async with hearing(desk.start(keys=("event", "message"))) as first:
        assert isinstance(await anext(first), Started)
        assert kinds(await desk.hear(keys=("another event", "message"))) == ["AlreadyAsked"]
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


async def test_over_a_limit_a_model_that_still_fits_is_offered_and_a_press_asks_it() -> None:
    cheap = a_price(input_usd=Decimal("0.01"), output_usd=Decimal("0.02"), reasoning_usd=Decimal("0.02"))
    dear, small = a_model(id="dear"), a_model(id="small", title="Small", tier=1, prices=(cheap,))
    desk = await a_desk(models=(dear, small))
    await desk.books.apply(month_limit("poor", CENT // 20, "ben"))
    [refused] = await desk.hear(member=BEN, model="dear")
    assert isinstance(refused, Refused)
    assert refused.cheaper is not None
    assert refused.cheaper.model_id == small.id
    assert refused.cheaper.at_most_nanos <= CENT // 20
    assert refused.sentence.endswith("Small still fits: under 0.001 cents, at most 0.023 cents.")
    pressed = {"resumes": refused.again, "model": refused.cheaper.model_id}
    events = await desk.hear("", member=BEN, pressed_nanos=refused.cheaper.at_most_nanos, **pressed)
    assert isinstance(events[-1], Finished)
    assert events[-1].receipt.model_title == small.title


async def test_a_model_still_fits_only_where_every_limit_and_the_wallet_have_room_for_it() -> None:
    cheap = a_price(input_usd=Decimal("0.01"), output_usd=Decimal("0.02"), reasoning_usd=Decimal("0.02"))
    dear, small = a_model(id="dear"), a_model(id="small", title="Small", tier=1, prices=(cheap,))
    for setting, nanos, offered in ((Setting.WEEK, CENT // 40, True), (Setting.MONTH, CENT // 100, False)):
        desk = await a_desk(models=(dear, small))
        await desk.books.apply(rule("day", member_target("ben"), Setting.DAY, str(CENT // 20)))
        await desk.books.apply(rule("other", member_target("ben"), setting, str(nanos)))
        [refused] = await desk.hear(member=BEN, model="dear")
        assert isinstance(refused, Refused) and refused.shortfall is not None
        assert refused.shortfall.counter_id.startswith("member_day:")
        assert (refused.cheaper is not None) is offered
    poor = await a_desk(models=(dear, small), nanos=CENT // 100)
    await poor.books.apply(rule("day", member_target("ben"), Setting.DAY, str(CENT // 20)))
    [refused] = await poor.hear(member=BEN, model="dear")
    assert isinstance(refused, Refused) and refused.cheaper is None


async def test_what_is_missing_names_the_counter_its_end_and_the_question_that_waits() -> None:
    desk = await a_desk()
    await desk.books.apply(month_limit("poor", CENT // 20, "ben"))
    [refused] = await desk.hear(member=BEN)
    assert isinstance(refused, Refused)
    assert refused.shortfall == Shortfall(
        "member_month:ben:2026-11", "2026-11", datetime(2026, 12, 1, tzinfo=UTC), 732_750, refused.again
    )


async def test_what_the_last_question_lacked_is_known_until_the_next_one() -> None:
    desk = await a_desk()
    await desk.books.apply(month_limit("poor", CENT // 20, "ben"))
    [refused] = await desk.hear(member=BEN)
    assert isinstance(refused, Refused)
    assert desk.asks.lacked(BEN) == refused.shortfall
    await desk.hear()  # somebody else's
    assert desk.asks.lacked(BEN) == refused.shortfall
    await desk.books.apply(month_limit("rich", CENT, "ben"))
    await desk.hear(member=BEN)
    assert desk.asks.lacked(BEN) is None


async def test_what_a_member_set_for_themselves_is_not_asked_of_the_admins() -> None:
    desk = await a_desk()
    await desk.books.apply(rule("own", own_target("ben"), Setting.MONTH, "1", actor="ben"))
    [refused] = await desk.hear(member=BEN)
    assert isinstance(refused, Refused)
    assert "You set it yourself" in refused.sentence
    assert refused.shortfall is None


async def test_no_ask_passes_the_most_that_one_may_cost() -> None:
    desk = await a_desk()
    await desk.books.apply(rule("ceiling", EVERYONE, Setting.ASK, str(CENT // 5)))
    events = await desk.hear()
    assert isinstance(events[0], Started)
    assert events[0].at_most_nanos <= CENT // 5
    assert "a short answer only" in events[0].note
    await desk.books.apply(rule("lower", EVERYONE, Setting.ASK, "10"))
    [refused] = await desk.hear()
    assert isinstance(refused, Refused)
    assert "the most for one ask here. An admin can change that with /admin policy." in refused.sentence


async def test_who_refused_is_not_written_into_the_books_by_name() -> None:
    desk = await a_desk()
    await desk.books.apply(month_limit("poor", 1, "ben"))
    await desk.hear(member=BEN)
    [asked] = desk.books.rows(RequestRow)
    assert asked.why == "limit member_month"


async def test_who_may_not_ask_is_told_so_before_anything_is_planned_or_priced() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    guest = replace(BEN, asker=Asker(standing=Standing.GUEST))
    for quote_only in (False, True):
        [refused] = await desk.hear(member=guest, keys=(f"key {quote_only}",), quote_only=quote_only)
        assert isinstance(refused, Refused)
        assert "Guests may not ask here until an admin lets them" in refused.sentence
    await desk.books.apply(rule("let-in", "guests", Setting.MAY_ASK, "allow"))
    assert isinstance((await desk.hear(member=guest))[-1], Finished)


async def test_who_has_left_is_told_that_although_no_rule_lets_them_ask_either() -> None:
    desk = await a_desk()
    gone = replace(BEN, gone=True, asker=Asker(standing=Standing.GUEST, gone=True))
    [refused] = await desk.hear(member=gone)
    assert isinstance(refused, Refused)
    assert "This account has left, says its platform" in refused.sentence and "Not charged." in refused.sentence
    [asked] = desk.books.rows(RequestRow)
    assert asked.why == "suspended"


async def test_a_model_that_the_team_does_not_allow_is_not_asked_by_any_way() -> None:
    desk = await a_desk(models=(a_model(id="mine", title="Mine", provider="acme"), a_model(id="other", title="Other")))
    await desk.books.apply(rule("only", EVERYONE, Setting.MODELS, "acme"))
    assert (await desk.hear())[-1].receipt.model_title == "Mine"  # type: ignore[union-attr]
    [refused] = await desk.hear(model="other")
    assert isinstance(refused, Refused)
    assert "You can ask: auto, mine. An admin can change that with /admin policy." in refused.sentence
