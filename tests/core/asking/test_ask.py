"""One question to one answer: what its reader is told at each ending, and what is left in the books."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.call import Stop, StopReason, Text, UsageReport
from core.columns import changed
from core.errors import ProviderBusy, ProviderUnreachable
from core.events import AlreadyAsked, Ending, Finished, NeedsConfirmation, Refused, Started
from core.models import PRACTICE
from core.operations import RequestState
from core.policy import Setting, own_target
from core.quota import Scope
from core.rows import CounterRow, HoldRow
from tests.bookkeeping import erase, rule
from tests.core.asking.house import (
    ANNA,
    BEN,
    GOOD,
    MONTH_LIMIT_NANOS,
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
    until,
)
from tests.fakes import ScriptedProvider, a_model, a_price
from tests.memory_reports import open_holds

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
    assert receipt.month_left_nanos == MONTH_LIMIT_NANOS - receipt.charged_nanos
    assert (receipt.estimated, receipt.practice, receipt.model_title) == (False, False, "Test Model")
    assert receipt.why == "short question, the only model that is good enough"


async def test_nothing_that_was_granted_is_left_beyond_ones_own_limit() -> None:
    desk = await a_desk()
    await desk.hear()
    (month,) = (row for row in desk.books.rows(CounterRow) if row.scope == Scope.MEMBER_MONTH)
    desk.books.has(changed(month, granted=MONTH_LIMIT_NANOS))
    receipt = finished(await desk.hear()).receipt
    assert receipt.month_left_nanos == 2 * MONTH_LIMIT_NANOS - 2 * receipt.charged_nanos
    own = MONTH_LIMIT_NANOS // 5
    await desk.books.apply(rule("own", own_target("anna"), Setting.MONTH, str(own), actor="anna"))
    receipt = finished(await desk.hear()).receipt
    assert receipt.month_left_nanos == own - 3 * receipt.charged_nanos


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
    assert [row.answer for row in desk.kept] == [b""]


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
    [of_ben] = await desk.hear(member=BEN, resumes=asked.press, keys=("press-of-ben",))
    assert isinstance(of_ben, Refused) and of_ben.sentence.endswith("Not charged.")
    end = finished(await desk.hear(resumes=asked.press, keys=("press-1",)))
    assert end.receipt.ask_id == asked.ask_id
    [again] = await desk.hear(resumes=asked.press, keys=("press-2",))
    [redelivered] = await desk.hear(keys=("press-1",))
    [first_again] = await desk.hear(keys=("first",))
    assert [type(event) for event in (again, redelivered, first_again)] == [AlreadyAsked] * 3
    assert len(provider.calls) == 1


async def test_a_confirmation_runs_the_question_that_was_shown_whatever_words_come_with_the_press() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_dear_desk(provider=provider)
    [asked] = await desk.hear("what is a lock?", keys=("first",))
    assert isinstance(asked, NeedsConfirmation)
    finished(await desk.hear("another question, much longer", resumes=asked.press, keys=("press",)))
    assert provider.calls[0].messages[-1].text == "what is a lock?"


async def test_a_press_that_names_a_model_nobody_offers_is_refused_and_costs_nothing() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_dear_desk(provider=provider)
    [asked] = await desk.hear(keys=("first",))
    assert isinstance(asked, NeedsConfirmation)
    [refused] = await desk.hear(resumes=asked.press, model="nonsense", keys=("press",))
    assert isinstance(refused, Refused) and refused.sentence.endswith("Not charged.")
    assert provider.calls == []


async def test_a_price_above_the_one_that_was_agreed_to_is_shown_again() -> None:
    provider = ScriptedProvider(GOOD)
    cheap = await a_dear_desk(provider=provider)
    [asked] = await cheap.hear(keys=("first",))
    assert isinstance(asked, NeedsConfirmation)
    dearer = a_model(prices=(a_price(output_usd=Decimal(5)),))
    desk = await a_dear_desk(provider=provider, memory=cheap.books, models=(dearer,), nanos=0)
    [again] = await desk.hear(resumes=asked.press, keys=("press-1",))
    assert isinstance(again, NeedsConfirmation) and again.at_most_nanos > asked.at_most_nanos
    assert provider.calls == []
    assert finished(await desk.hear(resumes=again.press, keys=("press-2",))).receipt.ask_id == asked.ask_id


async def test_a_question_that_was_erased_before_the_press_is_not_asked() -> None:
    provider = ScriptedProvider(GOOD)
    clock = ManualClock()
    desk = await a_dear_desk(provider=provider, clock=clock)
    [asked] = await desk.hear(keys=("first",))
    assert isinstance(asked, NeedsConfirmation)
    clock.advance(86_400)
    await desk.books.apply(erase(asked.ask_id))
    [gone] = await desk.hear(resumes=asked.press, keys=("press",))
    assert isinstance(gone, Refused) and "ask it again. Not charged." in gone.sentence
    assert provider.calls == []


async def test_an_ask_at_the_threshold_is_not_asked_about() -> None:
    desk = await a_desk()
    plan = await desk.plan()
    desk = await a_desk(settings=replace(SETTINGS, confirm_above_nanos=plan.at_most_nanos))
    assert finished(await desk.hear()).ending is Ending.ANSWERED


# --- readers ------------------------------------------------------------------------------------------------------


async def test_a_reader_that_comes_late_sees_it_all() -> None:
    desk = await a_desk()
    running = desk.start()
    await until(lambda: desk.requests and desk.requests[0].state == RequestState.SETTLED)
    assert kinds(await heard(running)) == ["Started", "Delta", "Finished"]


async def test_the_answer_is_kept_sealed_until_it_is_delivered() -> None:
    desk = await a_desk()
    running = desk.start()
    await heard(running)
    [kept] = desk.kept
    assert (kept.question, kept.answer) == (b"sealed:" + QUESTION.encode(), b"sealed:Two wait.")
    await running.delivered()
    [kept] = desk.kept
    assert (kept.question, kept.answer) == (b"sealed:" + QUESTION.encode(), b"")


def test_a_question_is_all_of_its_parts() -> None:
    assert a_question().text == QUESTION
