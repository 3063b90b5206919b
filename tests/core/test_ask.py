"""One question to one answer: what its reader is told at each ending, and what is left in the books."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core import asks as asks_module
from core.call import Stop, StopReason, Text, UsageReport
from core.errors import BooksUnavailable, ProviderBusy, ProviderUnreachable
from core.events import (
    AlreadyAsked,
    Ending,
    Finished,
    NeedsConfirmation,
    Refused,
    Started,
    Waiting,
)
from core.ledger.holding import HoldState
from core.models import PRACTICE
from core.operations import Operation, RequestState, Settle
from core.people import Member
from core.rows import CounterRow, HoldRow
from tests.core.asking import (
    ANNA,
    BEN,
    GOOD,
    QUESTION,
    SETTINGS,
    TEAM,
    USED,
    Desk,
    GatedProvider,
    ManualClock,
    a_desk,
    a_question,
    exact,
    finished,
    heard,
    hearing,
    kinds,
    open_holds,
    until,
)
from tests.fakes import MemoryBooks, ScriptedProvider, a_model

CENT = 10_000_000


# --- the endings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "order", "ending", "sentence"),
    [
        (GOOD, ["Started", "Delta", "Finished"], Ending.ANSWERED, ""),
        (
            [Text("Two "), UsageReport(USED), Stop(StopReason.CAP)],
            ["Started", "Delta", "Finished"],
            Ending.CUT,
            "length limit",
        ),
        (
            [Text("Two "), ProviderUnreachable("It broke off.")],
            ["Started", "Delta", "Finished"],
            Ending.BROKEN,
            "It broke off. Charged about",
        ),
        ([ProviderBusy("Too busy.")], ["Started", "Finished"], Ending.FAILED, "Too busy. Not charged."),
        (
            [UsageReport(USED), Stop(StopReason.END)],
            ["Started", "Finished"],
            Ending.EMPTY,
            "The model answered nothing. Not charged.",
        ),
        (
            [UsageReport(USED), Stop(StopReason.DECLINED, "I would rather not.")],
            ["Started", "Finished"],
            Ending.DECLINED,
            "declined to answer this. Not charged. It said: I would rather not.",
        ),
    ],
)
async def test_each_ending_is_told_in_order(script: Any, order: list[str], ending: Ending, sentence: str) -> None:
    desk = await a_desk(ScriptedProvider(script))
    events = await desk.hear()
    assert kinds(events) == order
    end = finished(events)
    assert end.ending is ending
    assert sentence in end.sentence
    assert bool(end.sentence) is bool(sentence)
    assert open_holds(desk.books) == []
    assert end.receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos == desk.requests[0].cost_nanos


async def test_an_answer_costs_its_usage_and_the_receipt_says_the_rest() -> None:
    desk = await a_desk()
    receipt = finished(await desk.hear()).receipt
    assert receipt.charged_nanos == exact(USED, await desk.plan())
    assert receipt.wallet_available_nanos == desk.wallet.available_nanos
    assert receipt.month_left_nanos == TEAM.member_month_limit_nanos - receipt.charged_nanos
    assert (receipt.estimated, receipt.practice, receipt.model_title) == (False, False, "Test Model")
    assert receipt.why == "the cheapest connected model that is good enough for everyday questions"


async def test_what_a_provider_takes_for_no_answer_is_the_operators() -> None:
    desk = await a_desk(ScriptedProvider([UsageReport(USED), Stop(StopReason.END)]))
    receipt = finished(await desk.hear()).receipt
    cost = exact(USED, await desk.plan())
    assert [(line.charged_nanos, line.absorbed_nanos) for line in receipt.lines] == [(0, cost)]
    assert desk.wallet.available_nanos == 1_000_000_000
    absorbed = [row.used for row in desk.books.rows(CounterRow) if "absorbed" in row.scope]
    assert absorbed == [cost]


async def test_a_member_whose_asks_end_in_nothing_all_day_has_to_wait() -> None:
    settings = replace(SETTINGS, member_day_absorbed_nanos=exact(USED, await (await a_desk()).plan()) - 1)
    provider = ScriptedProvider([UsageReport(USED), Stop(StopReason.END)])
    desk = await a_desk(provider, settings=settings)
    await desk.hear()
    [refused] = await desk.hear()
    assert isinstance(refused, Refused)
    assert "You can ask again tomorrow. Not charged." in refused.sentence
    assert len(provider.calls) == 1


async def test_an_answer_that_passes_its_deadline_is_ended() -> None:
    desk = await a_desk(GatedProvider(), settings=replace(SETTINGS, deadline_seconds=0.02))
    end = finished(await desk.hear())
    assert end.ending is Ending.TIMED_OUT
    assert end.receipt.estimated
    assert end.sentence.startswith("The answer took too long and was ended. Charged about")


async def test_a_defect_is_told_and_charged_for_what_came_only() -> None:
    desk = await a_desk(ScriptedProvider([Text("Two "), KeyError("a defect")]))
    running = desk.start()
    task = next(iter(desk.asks._running))
    end = finished(await heard(running))
    assert (end.ending, "went wrong inside Chipin" in end.sentence) == (Ending.BROKEN, True)
    assert open_holds(desk.books) == []
    assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], KeyError)


async def test_a_question_for_a_model_that_is_not_there_leaves_no_trace_of_what_was_typed() -> None:
    desk = await a_desk()
    [refused] = await desk.hear(model="my secret\0\ud800")
    assert isinstance(refused, Refused)
    assert "test-model. Not charged." in refused.sentence
    assert (desk.requests[0].state, desk.requests[0].why) == (RequestState.REFUSED, "UnknownModel")


@pytest.mark.parametrize("text", ["", "   ", "x" * 400_001, "x" * 200_000])
async def test_what_cannot_be_asked_is_not_sent(text: str) -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    [refused] = await desk.hear(text)
    assert isinstance(refused, Refused)
    assert refused.sentence.endswith("Not charged.")
    assert (provider.calls, desk.books.rows(HoldRow)) == ([], [])
    assert [(row.question, row.answer) for row in desk.kept] == [(b"", b"")]


async def test_practice_answers_demo_teams_and_nobody_else() -> None:
    practice = a_model(id=PRACTICE, provider=PRACTICE)
    desk = await a_desk(models=(practice,))
    [refused] = await desk.hear()
    assert isinstance(refused, Refused)
    assert "No provider is connected yet" in refused.sentence
    demo = replace(ANNA, team=replace(TEAM, demo=True))
    assert finished(await desk.hear(member=demo)).receipt.practice


# --- twice --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [("event-1",), ("message-1",), ("message-1", "event-2")])
async def test_a_redelivery_by_any_key_is_shown_what_became_of_the_first(again: tuple[str, ...]) -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    first = finished(await desk.hear(keys=("event-1", "message-1")))
    [second] = await desk.hear(keys=again)
    assert isinstance(second, AlreadyAsked)
    assert second.ask_id == first.receipt.ask_id
    assert "answered already" in second.sentence and "Not charged again." in second.sentence
    assert len(provider.calls) == 1


async def test_a_redelivery_meanwhile_is_told_that_it_runs() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start(keys=("event-1",))) as events:
        assert isinstance(await anext(events), Started)
        assert await desk.hear(keys=("event-1",)) == [
            AlreadyAsked(desk.requests[0].id, "This is being answered already.")
        ]
        provider.opened.set()
        assert isinstance([event async for event in events][-1], Finished)
    assert provider.calls == 1


async def test_a_question_whose_process_died_is_answered_when_it_comes_again() -> None:
    desk = await a_desk()
    events = desk.start(keys=("event-1",))
    next(iter(desk.asks._running)).cancel()  # before its first step: nothing of it is done
    assert await heard(events) == [Refused("This was interrupted. Not charged. Try again in a minute.")]
    assert finished(await desk.hear(keys=("event-1",))).ending is Ending.ANSWERED


# --- confirmation -------------------------------------------------------------------------------------------------


async def a_dear_desk(**fields: Any) -> Desk:
    return await a_desk(settings=replace(SETTINGS, confirm_above_nanos=1_000), **fields)


async def test_a_dear_ask_says_its_price_first_and_holds_nothing() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_dear_desk(provider=provider)
    plan = await desk.plan()
    [asked] = await desk.hear()
    assert isinstance(asked, NeedsConfirmation)
    assert (asked.about_nanos, asked.at_most_nanos) == (plan.about_nanos, plan.at_most_nanos)
    assert "about 0.15 cents" in asked.sentence and "at most 0.42 cents" in asked.sentence
    assert (provider.calls, desk.books.rows(HoldRow)) == ([], [])


async def test_only_the_asker_can_confirm_and_only_once() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_dear_desk(provider=provider)
    [asked] = await desk.hear(keys=("first",))
    assert isinstance(asked, NeedsConfirmation)
    [of_ben] = await desk.hear(member=BEN, confirms=asked.ask_id, keys=("press-of-ben",))
    assert isinstance(of_ben, Refused) and of_ben.sentence.endswith("Not charged.")
    end = finished(await desk.hear(confirms=asked.ask_id, keys=("press-1",)))
    assert end.receipt.ask_id == asked.ask_id
    [again] = await desk.hear(confirms=asked.ask_id, keys=("press-2",))
    [redelivered] = await desk.hear(keys=("press-1",))
    [first_again] = await desk.hear(keys=("first",))
    assert [type(event) for event in (again, redelivered, first_again)] == [AlreadyAsked] * 3
    assert len(provider.calls) == 1


async def test_an_ask_at_the_threshold_is_not_asked_about() -> None:
    desk = await a_desk()
    plan = await desk.plan()
    desk = await a_desk(settings=replace(SETTINGS, confirm_above_nanos=plan.at_most_nanos))
    assert finished(await desk.hear()).ending is Ending.ANSWERED


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
        await clock.until(coming)
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
    poor = replace(BEN, month_limit_nanos=CENT // 20)
    desk = await a_desk()
    [refused] = await desk.hear(member=poor)
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


# --- stop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "may"),
    [
        (BEN, True),  # the asker
        (ANNA, True),  # an admin
        (replace(ANNA, id="cara", admin=False), False),
        (Member("dan", replace(TEAM, id="other", wallet_id="elsewhere"), "Dan", admin=True), False),
    ],
)
async def test_the_asker_and_admins_can_stop_an_answer(member: Member, may: bool) -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    running = desk.start(member=BEN)
    async with hearing(running) as events:
        assert isinstance(await anext(events), Started)
        await anext(events)
        assert await desk.asks.stop(running.ask_id, member) is may
        if not may:
            provider.opened.set()
        end = [event async for event in events][-1]
    assert isinstance(end, Finished)
    assert end.ending is (Ending.STOPPED if may else Ending.ANSWERED)
    assert await desk.asks.stop(running.ask_id, member) is False  # it is over


async def test_a_stop_ends_everything_of_mine_and_nothing_of_others() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as mine, hearing(desk.start(member=BEN)) as of_ben:
        await anext(mine)
        await anext(of_ben)
        assert desk.asks.stop_mine(ANNA) == 1
        assert [event async for event in mine][-1].ending is Ending.STOPPED  # type: ignore[union-attr]
        provider.opened.set()
        assert [event async for event in of_ben][-1].ending is Ending.ANSWERED  # type: ignore[union-attr]


async def test_a_stop_that_only_the_database_knows_ends_it_too() -> None:
    clock, provider = ManualClock(), GatedProvider()
    desk = await a_desk(provider, clock=clock)
    elsewhere = asks_module.Asks(desk.ports, desk.settings)
    running = desk.start()
    async with hearing(running) as events:
        await anext(events)
        assert await elsewhere.stop(running.ask_id, ANNA)
        rest = asyncio.ensure_future(heard(running))
        await clock.until(rest)
    assert finished(rest.result()).ending is Ending.STOPPED


async def test_a_stop_before_the_first_word_charges_nothing() -> None:
    provider = GatedProvider(first=())
    desk = await a_desk(provider)
    running = desk.start()
    async with hearing(running) as events:
        await anext(events)
        await until(lambda: provider.calls)
        running.stop()
        [end] = [event async for event in events]
    assert isinstance(end, Finished)
    assert (end.sentence, end.receipt.charged_nanos) == ("Stopped. Not charged.", 0)
    assert end.receipt.lines[0].absorbed_nanos > 0  # the question was sent


async def test_a_stop_before_the_call_is_no_call() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    running = desk.start()
    running.stop()
    assert await heard(running) == [Refused("Stopped. Not charged.")]
    assert (provider.calls, desk.books.rows(HoldRow)) == ([], [])


async def test_closing_settles_what_came() -> None:
    provider = GatedProvider()
    desk = await a_desk(provider)
    async with hearing(desk.start()) as events:
        await anext(events)
        await anext(events)
        await desk.asks.close(1)
        [end] = [event async for event in events]
    assert isinstance(end, Finished)
    assert (end.ending, end.receipt.estimated) == (Ending.STOPPED, True)
    assert 0 < end.receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos
    assert (open_holds(desk.books), provider.closed) == ([], 1)


# --- a database that goes away ------------------------------------------------------------------------------------


class FlakyBooks:
    """Books that cannot be reached for the first `failures` settlements; `after` the commit or before it."""

    def __init__(self, inner: MemoryBooks, failures: int, *, after: bool) -> None:
        self._inner = inner
        self._failures = failures
        self._after = after

    async def apply(self, operation: Operation[Any]) -> Any:
        if isinstance(operation, Settle) and self._failures:
            self._failures -= 1
            if self._after:
                await self._inner.apply(operation)
            raise BooksUnavailable("The database cannot be reached.")
        return await self._inner.apply(operation)


async def hear_flaky(failures: int, *, after: bool) -> tuple[Desk, list[Any]]:
    clock = ManualClock()
    memory = MemoryBooks(clock)
    desk = await a_desk(clock=clock, memory=memory, books=FlakyBooks(memory, failures, after=after))
    hearing_it = asyncio.ensure_future(desk.hear())
    await clock.until(hearing_it)
    return desk, hearing_it.result()


@pytest.mark.parametrize("after", [False, True])
async def test_a_settlement_waits_for_the_database_and_is_done_once(after: bool) -> None:
    desk, events = await hear_flaky(3, after=after)
    cost = exact(USED, await desk.plan())
    assert finished(events).receipt.charged_nanos == cost == 1_000_000_000 - desk.wallet.available_nanos
    assert open_holds(desk.books) == []


async def test_a_settlement_that_cannot_be_booked_is_not_called_free_or_charged() -> None:
    desk, events = await hear_flaky(99, after=False)
    assert kinds(events) == ["Started", "Delta", "Refused"]
    assert isinstance(events[-1], Refused)
    assert "Whether this answer was booked is not known yet" in events[-1].sentence
    assert [row.state for row in desk.books.rows(HoldRow)] == [HoldState.OPEN]  # the sweep gives it back


async def test_nothing_is_sent_when_the_database_is_away_from_the_start() -> None:
    class Gone:
        async def apply(self, operation: Operation[Any]) -> Any:
            raise BooksUnavailable("The database cannot be reached.")

    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider, books=Gone())
    assert await desk.hear() == [Refused("The database cannot be reached. Not charged. Try again in a minute.")]
    assert provider.calls == []


# --- readers ------------------------------------------------------------------------------------------------------


async def test_a_reader_that_comes_late_sees_it_all() -> None:
    desk = await a_desk()
    running = desk.start()
    await until(lambda: desk.requests and desk.requests[0].state == RequestState.SETTLED)
    assert kinds(await heard(running)) == ["Started", "Delta", "Finished"]


async def test_the_question_is_kept_sealed_until_it_is_delivered() -> None:
    desk = await a_desk()
    end = finished(await desk.hear())
    [kept] = desk.kept
    assert (kept.question, kept.answer) == (b"sealed:" + QUESTION.encode(), b"sealed:Two wait.")
    await desk.asks.delivered(end.receipt.ask_id, ANNA)
    [kept] = desk.kept
    assert (kept.question, kept.answer) == (b"", b"")


def test_a_question_is_all_of_its_parts() -> None:
    assert a_question().text == QUESTION
