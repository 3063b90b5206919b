"""Models that are away for a moment: who is waited for, how long, and what the reader is told."""

from dataclasses import replace

import pytest

from core.errors import ProviderBusy, ProviderRejectedCall
from core.events import Ending, Pausing, Refused, SwitchedModel
from core.routing.rules import ProviderRate, Rules
from tests.core.asking.companies import DOWN, Company, a_desk_with, saying
from tests.core.asking.house import SETTINGS, finished, hearing, kinds
from tests.core.asking.test_falling_back import EVERYDAY, calls, cheaper_than_held, text_of


async def test_a_long_retry_after_is_not_waited_for_while_another_model_may_answer() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=30),), saying("Late.")], "1")
    other = Company("Beta", [saying("Now.")], "2")
    desk = await a_desk_with(busy, other)
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), "Pausing" in kinds(events), desk.ports.clock.monotonic() < 30) == ("Now.", False, True)


async def test_the_only_model_is_waited_for_as_long_as_it_asks_and_the_reader_is_told() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=30),), saying("Late.")], "1")
    desk = await a_desk_with(busy)
    events = await desk.hear(EVERYDAY)
    assert text_of(events) == "Late."
    assert [event.sentence for event in events if isinstance(event, Pausing)] == [
        "Alpha is busy; trying again in 30 seconds."
    ]


async def test_a_retry_after_past_the_deadline_is_never_slept() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy for long.", retry_after_seconds=119),), saying("Late.")], "1")
    desk = await a_desk_with(busy)
    end = finished(await desk.hear(EVERYDAY))
    assert (end.sentence, calls(busy)) == ("Busy for long. Not charged.", 1)
    assert desk.ports.clock.monotonic() < 100


async def test_while_everybody_is_away_for_a_moment_a_question_waits_and_says_so() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=10),), saying("Back.")], "1")
    desk = await a_desk_with(busy, rules=Rules(num_retries=0))
    await desk.hear(EVERYDAY, keys=("first",))
    events = await desk.hear(EVERYDAY, keys=("second",))
    assert kinds(events) == ["Pausing", "Started", "Delta", "Finished"]
    assert [event.sentence for event in events if isinstance(event, Pausing)] == [
        "Every provider is busy; looking again in 10 seconds."
    ]
    assert (text_of(events), calls(busy)) == ("Back.", 2)


@pytest.mark.parametrize(("away", "deadline"), [(16, 120), (10, 9)], ids=["patience", "deadline"])
async def test_nobody_waits_for_long_before_anything_is_asked(away: int, deadline: float) -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=away),), saying("Back.")], "1")
    desk = await a_desk_with(busy, rules=Rules(num_retries=0), settings=replace(SETTINGS, deadline_seconds=deadline))
    await desk.hear(EVERYDAY, keys=("first",))
    began = desk.ports.clock.monotonic()
    [refused] = await desk.hear(EVERYDAY, keys=("second",))
    assert isinstance(refused, Refused)
    assert refused.sentence.endswith("Try again in a minute. Not charged.")
    assert (refused.again != "", calls(busy), desk.ports.clock.monotonic() - began < 1) == (True, 1, True)


async def test_a_question_that_waits_for_somebody_to_come_back_can_be_stopped() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=10),), saying("Back.")], "1")
    desk = await a_desk_with(busy, rules=Rules(num_retries=0))
    await desk.hear(EVERYDAY, keys=("first",))
    async with hearing(running := desk.start(EVERYDAY, keys=("second",))) as events:
        assert isinstance(await anext(events), Pausing)
        running.stop()
        assert [event async for event in events] == [Refused("Stopped. Not charged.")]
    assert (calls(busy), desk.requests[-1].state) == (1, "refused")


async def test_who_was_away_at_their_turn_is_asked_with_the_tries_that_are_left() -> None:
    away = Company("Alpha", [DOWN, saying("Back.")], "1")
    strict = Company("Beta", [(ProviderRejectedCall("Rejected."),)], "2")
    desk = await a_desk_with(away, strict, rules=Rules(allowed_fails=1, cooldown_time_seconds=3))
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), calls(away), calls(strict)) == ("Back.", 2, 1)
    assert [event.to_title for event in events if isinstance(event, SwitchedModel)] == ["Beta Model", "Alpha Model"]
    assert cheaper_than_held(desk, events)


async def test_who_answered_lately_stands_in_although_it_failed_since() -> None:
    shaky = Company("Alpha", [saying("Fine."), DOWN, saying("Well.")], "1")
    strict = Company("Beta", [(ProviderRejectedCall("Rejected."),)], "2")
    desk = await a_desk_with(shaky, strict, rules=Rules(allowed_fails=1, num_retries=0))
    said = [text_of(await desk.hear(EVERYDAY, keys=(str(number),))) for number in range(3)]
    assert (said, calls(strict)) == (["Fine.", "", "Well."], 2)


async def test_a_provider_at_its_rate_is_passed_over_for_another() -> None:
    first, second = Company("Alpha", [saying("A")], "1"), Company("Beta", [saying("B")], "2")
    desk = await a_desk_with(first, second, rules=Rules(rates={"alpha": ProviderRate(requests_per_minute=1)}))
    said = [text_of(await desk.hear(EVERYDAY, keys=(str(number),))) for number in range(2)]
    assert said == ["A", "B"]


async def test_the_only_provider_at_its_rate_is_waited_for_within_the_deadline() -> None:
    only = Company("Alpha", [saying("A")], "1")
    desk = await a_desk_with(only, rules=Rules(rates={"alpha": ProviderRate(requests_per_minute=1)}))
    await desk.hear(EVERYDAY, keys=("first",))
    events = await desk.hear(EVERYDAY, keys=("second",))
    assert (text_of(events), 59 < desk.ports.clock.monotonic() < 62) == ("A", True)


async def test_a_provider_whose_rate_leaves_no_room_before_the_deadline_is_not_asked() -> None:
    only = Company("Alpha", [saying("A")], "1")
    rules = Rules(rates={"alpha": ProviderRate(requests_per_minute=1)})
    desk = await a_desk_with(only, rules=rules, settings=replace(SETTINGS, deadline_seconds=30))
    await desk.hear(EVERYDAY, keys=("first",))
    end = finished(await desk.hear(EVERYDAY, keys=("second",)))
    assert end.sentence.startswith("Alpha is being asked as often as its account allows.")
    assert end.sentence.endswith("Not charged.")
    assert calls(only) == 1


async def test_a_stop_between_two_calls_ends_as_stopped_and_not_as_what_was_wrong_before() -> None:
    busy = Company("Alpha", [(ProviderBusy("Busy.", retry_after_seconds=30),), saying("Late.")], "1")
    desk = await a_desk_with(busy)
    running = desk.start(EVERYDAY)
    async with hearing(running) as events:
        while not isinstance(await anext(events), Pausing):
            pass
        running.stop()
        *_, end = [event async for event in events]
    assert finished([end]).ending is Ending.STOPPED
    assert (calls(busy), desk.wallet.available_nanos, desk.wallet.held_nanos) == (1, 1_000_000_000, 0)
