"""One question, several models: who answers when some do not, and what it costs then."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.call import Stop, StopReason, Text, UsageReport
from core.errors import (
    ModelGone,
    ProviderBroken,
    ProviderBusy,
    ProviderOutOfFunds,
    ProviderRefusedKey,
    ProviderRejectedCall,
    ProviderUnreachable,
    TooLongForModel,
)
from core.events import AskEvent, Delta, Ending, Finished, Started, SwitchedModel
from core.prices import cost
from core.routing.rules import MAX_UPSTREAM_TRIES, Rules
from core.rows import HoldRow, LineRow
from tests.core.asking.companies import DOWN, USED, Company, a_desk_with, saying
from tests.core.asking.house import SETTINGS, Desk, ManualClock, finished, kinds
from tests.memory_reports import open_holds

EVERYDAY = "Explain how our team should plan the release of the new billing service next month, step by step, please."
"""A question that needs tier 2."""


def text_of(events: Sequence[AskEvent]) -> str:
    """What the reader has read of the answer."""
    return "".join(event.text for event in events if isinstance(event, Delta))


def calls(*companies: Company) -> int:
    """How often all of them were asked."""
    return sum(len(company.calls) for company in companies)


def charged_as(company: Company) -> int:
    """What the usual answer costs there."""
    return cost(USED, company.model.prices[0])


def cheaper_than_held(desk: Desk, events: Sequence[AskEvent]) -> bool:
    """Whether the charge stayed within the last "at most" that was told, and the hold."""
    told = [event.at_most_nanos for event in events if isinstance(event, Started | SwitchedModel)]
    receipt = finished(events).receipt
    [held] = desk.books.rows(HoldRow)
    return receipt.charged_nanos <= told[-1] and receipt.charged_nanos <= held.amount_nanos


async def test_the_next_model_answers_when_the_first_is_dead() -> None:
    dead, well = Company("Alpha", [DOWN], "1"), Company("Beta", [saying("Two wait.")], "2")
    desk = await a_desk_with(dead, well)
    events = await desk.hear(EVERYDAY)
    assert kinds(events)[-1] == "Finished"
    assert text_of(events) == "Two wait."
    switched = next(event for event in events if isinstance(event, SwitchedModel))
    assert (switched.from_title, switched.to_title, switched.because) == ("Alpha Model", "Beta Model", "did not answer")
    end = finished(events)
    assert (end.ending, end.sentence, end.receipt.model_title) == (Ending.ANSWERED, "", "Beta Model")
    assert end.receipt.charged_nanos == charged_as(well) == 1_000_000_000 - desk.wallet.available_nanos
    assert end.receipt.why.endswith("Alpha Model gave no good answer")
    [held], [request] = desk.books.rows(HoldRow), desk.requests
    assert (held.provider, held.model) == ("beta", "beta-model") == (request.provider, request.model)
    assert cheaper_than_held(desk, events)


async def test_the_same_model_is_asked_again_before_its_first_word() -> None:
    shaky, other = Company("Alpha", [DOWN, saying("Well.")], "1"), Company("Beta", [saying("No.")], "2")
    desk = await a_desk_with(shaky, other)
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), calls(shaky), calls(other)) == ("Well.", 2, 0)
    assert "SwitchedModel" not in kinds(events)


async def test_num_retries_zero_goes_to_the_next_model_at_once() -> None:
    shaky, other = Company("Alpha", [DOWN, saying("Well.")], "1"), Company("Beta", [saying("Yes.")], "2")
    desk = await a_desk_with(shaky, other, rules=Rules(num_retries=0))
    assert text_of(await desk.hear(EVERYDAY)) == "Yes."
    assert (calls(shaky), calls(other)) == (1, 1)


async def test_an_answer_that_breaks_after_its_first_word_is_settled_and_not_begun_anew() -> None:
    breaking = Company("Alpha", [(Text("Two "), ProviderUnreachable("It broke off."))], "1")
    other = Company("Beta", [saying("Never.")], "2")
    desk = await a_desk_with(breaking, other)
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), finished(events).ending, calls(other)) == ("Two ", Ending.BROKEN, 0)
    assert finished(events).receipt.charged_nanos > 0


async def test_every_model_failing_gives_the_money_back_and_says_who_and_since_when() -> None:
    companies = [Company(name, [DOWN], "1") for name in ("Alpha", "Beta", "Gamma")]
    desk = await a_desk_with(*companies, rules=Rules(num_retries=0))
    end = finished(await desk.hear(EVERYDAY))
    assert end.ending is Ending.FAILED
    assert end.sentence == (
        "No provider is answering at the moment: Alpha since 12:00, Beta since 12:00, Gamma since 12:00 (UTC). "
        "Not charged."
    )
    assert end.again == f"{end.receipt.ask_id}.1"
    assert (open_holds(desk.books), desk.wallet.available_nanos) == ([], 1_000_000_000)


async def test_of_one_provider_that_has_long_been_away_it_is_said_since_when() -> None:
    desk = await a_desk_with(Company("Alpha", [DOWN]), rules=Rules(allowed_fails=9))
    first = finished(await desk.hear(EVERYDAY))
    assert isinstance(desk.ports.clock, ManualClock)
    desk.ports.clock.advance(60)
    second = finished(await desk.hear(EVERYDAY, keys=("later",)))
    assert first.sentence == "It has a problem of its own. Not charged."
    assert second.sentence == (
        "It has a problem of its own. It has not answered since 21 November, 12:00 (UTC). Not charged."
    )


async def test_an_answer_that_broke_off_is_no_word_on_who_failed_before_it() -> None:
    broken = Company("Beta", [(Text("Two transactions"), ProviderBroken("Beta broke off."))], "2")
    desk = await a_desk_with(Company("Alpha", [DOWN]), broken)
    end = finished(await desk.hear(EVERYDAY))
    assert end.ending is Ending.BROKEN
    assert end.sentence.startswith("Beta broke off. Charged about ")


async def test_no_ask_calls_providers_more_than_three_times() -> None:
    companies = [Company(name, [DOWN], "1") for name in ("Alpha", "Beta", "Gamma", "Delta", "Omega")]
    desk = await a_desk_with(*companies, rules=Rules(num_retries=5, max_fallbacks=9))
    await desk.hear(EVERYDAY)
    assert calls(*companies) == MAX_UPSTREAM_TRIES == 3


@pytest.mark.parametrize(
    "failure", [ProviderRefusedKey("No key."), ProviderOutOfFunds("No funds."), ProviderRejectedCall("Rejected.")]
)
async def test_what_trying_again_cannot_mend_goes_to_another_model(failure: Exception) -> None:
    first, second = Company("Alpha", [(failure,)], "1"), Company("Beta", [saying("Yes.")], "2")
    desk = await a_desk_with(first, second)
    assert text_of(await desk.hear(EVERYDAY)) == "Yes."
    assert (calls(first), calls(second)) == (1, 1)


async def test_a_model_that_is_gone_is_taken_out_of_the_catalogue() -> None:
    gone, other = Company("Alpha", [(ModelGone("Gone."),)], "1"), Company("Beta", [saying("Yes.")], "2")
    desk = await a_desk_with(gone, other)
    await desk.hear(EVERYDAY)
    assert [model.id for model in desk.ports.catalogue.models] == ["beta-model"]


async def test_a_question_that_is_too_long_goes_to_a_model_with_more_room_only() -> None:
    small = Company("Alpha", [(TooLongForModel("Too long."),)], "1", fields={"context_window_tokens": 8_000})
    equal = Company("Beta", [saying("No.")], "2", fields={"context_window_tokens": 8_000})
    large = Company("Gamma", [saying("Read.")], "3", fields={"context_window_tokens": 100_000})
    desk = await a_desk_with(small, equal, large)
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), calls(equal)) == ("Read.", 0)
    assert "cannot read that much" in [event.because for event in events if isinstance(event, SwitchedModel)]


async def test_what_one_model_declines_another_may_answer() -> None:
    strict = Company("Alpha", [(UsageReport(USED), Stop(StopReason.DECLINED, "I would rather not."))], "1")
    other = Company("Beta", [saying("Sure.")], "2")
    desk = await a_desk_with(strict, other)
    end = finished(events := await desk.hear(EVERYDAY))
    assert (text_of(events), end.receipt.charged_nanos) == ("Sure.", charged_as(other))
    # What the first took for declining is the operator's.
    assert [(line.charged_nanos, line.absorbed_nanos) for line in end.receipt.lines] == [
        (0, charged_as(strict)),
        (charged_as(other), 0),
    ]


# --- money on the way ----------------------------------------------------------------------------------------------


async def test_a_dear_fallback_is_held_for_and_the_reader_is_told_its_at_most() -> None:
    cheap, dear = Company("Alpha", [DOWN], "0.01"), Company("Beta", [saying("Dear.")], "10")
    desk = await a_desk_with(cheap, dear)
    events = await desk.hear(EVERYDAY)
    first = next(event for event in events if isinstance(event, Started))
    switched = next(event for event in events if isinstance(event, SwitchedModel))
    [held] = desk.books.rows(HoldRow)
    assert first.at_most_nanos * 100 < switched.at_most_nanos == held.amount_nanos
    assert cheaper_than_held(desk, events)


async def test_a_fallback_above_what_is_not_asked_about_is_skipped() -> None:
    cheap, dear = Company("Alpha", [DOWN], "0.01"), Company("Beta", [saying("Dear.")], "10")
    middle = Company("Gamma", [saying("Fair.")], "1")
    desk = await a_desk_with(
        cheap, dear, middle, settings=replace(SETTINGS, confirm_above_nanos=10_000_000), rules=Rules(max_fallbacks=5)
    )
    events = await desk.hear(EVERYDAY)
    assert (text_of(events), calls(dear)) == ("Fair.", 0)


async def test_a_fallback_that_the_wallet_has_no_money_for_is_skipped_and_nothing_is_charged() -> None:
    cheap, dear = Company("Alpha", [DOWN], "0.01"), Company("Beta", [saying("Dear.")], "10")
    desk = await a_desk_with(cheap, dear, nanos=1_000_000)
    end = finished(await desk.hear(EVERYDAY))
    assert (end.ending, calls(dear), desk.wallet.available_nanos) == (Ending.FAILED, 0, 1_000_000)


async def test_a_press_on_a_price_is_never_passed_by_a_fallback() -> None:
    cheap, dear = Company("Alpha", [DOWN], "1"), Company("Beta", [saying("Dear.")], "2")
    desk = await a_desk_with(cheap, dear)
    [quoted] = await desk.hear(EVERYDAY, keys=("price",), quote_only=True)
    pressed = await desk.hear("", keys=("press",), resumes=quoted.press, model="alpha-model")  # type: ignore[union-attr]
    assert (finished(pressed).ending, calls(dear)) == (Ending.FAILED, 0)


# --- a weak first answer -------------------------------------------------------------------------------------------


async def test_a_weak_answer_is_given_to_a_better_model_before_anybody_reads_it() -> None:
    weak = Company("Alpha", [saying("I'm not sure about that, sorry.")], "1", tier=2)
    strong = Company("Beta", [saying("Here is how.")], "5", tier=3)
    desk = await a_desk_with(weak, strong)
    events = await desk.hear(EVERYDAY)
    end = finished(events)
    assert text_of(events) == "Here is how."
    assert [(line.step, line.model, line.charged_nanos) for line in end.receipt.lines] == [
        ("first try", "alpha-model", charged_as(weak)),
        ("answer", "beta-model", charged_as(strong)),
    ]
    assert end.receipt.charged_nanos == charged_as(weak) + charged_as(strong)
    assert cheaper_than_held(desk, events)
    assert [row.step for row in desk.books.rows(LineRow)] == ["first try", "answer"]
    assert [event.because for event in events if isinstance(event, SwitchedModel)] == ["was not sure"]


async def test_a_weak_answer_is_shown_after_all_when_the_better_model_fails() -> None:
    weak = Company("Alpha", [saying("I'm not sure.")], "1", tier=2)
    strong = Company("Beta", [DOWN], "5", tier=3)
    desk = await a_desk_with(weak, strong)
    end = finished(events := await desk.hear(EVERYDAY))
    assert (text_of(events), end.ending, end.receipt.charged_nanos) == (
        "I'm not sure.",
        Ending.ANSWERED,
        charged_as(weak),
    )
    assert end.receipt.model_title == "Alpha Model"


@pytest.mark.parametrize(
    ("question", "answer", "rules"),
    [
        ("hi", "I'm not sure.", Rules()),
        (EVERYDAY, "I'm not sure. " + "But this is what I know of it. " * 12, Rules()),
        (EVERYDAY, "Here is how.", Rules()),
        (EVERYDAY, "I'm not sure.", Rules(escalate=False)),
    ],
    ids=["a trifle", "a long answer", "a good answer", "switched off"],
)
async def test_no_better_model_is_asked_without_need(question: str, answer: str, rules: Rules) -> None:
    weak = Company("Alpha", [saying(answer)], "1", tier=2)
    strong = Company("Beta", [saying("Never.")], "5", tier=3)
    desk = await a_desk_with(weak, strong, rules=rules)
    assert text_of(await desk.hear(question)) == answer
    assert calls(strong) == 0


async def test_a_weak_answer_stays_when_there_is_no_money_for_a_better_one() -> None:
    weak = Company("Alpha", [saying("I'm not sure.")], "0.01", tier=2)
    strong = Company("Beta", [saying("Never.")], "50", tier=3)
    desk = await a_desk_with(weak, strong, nanos=100_000_000)
    assert text_of(await desk.hear(EVERYDAY)) == "I'm not sure."
    assert (calls(strong), open_holds(desk.books)) == (0, [])


# --- whatever happens ----------------------------------------------------------------------------------------------

TURNS = st.sampled_from(
    [
        saying("Fine."),
        saying("I'm not sure."),
        DOWN,
        (ProviderBusy("Busy."),),
        (ProviderBusy("Busy.", retry_after_seconds=40),),
        (ProviderRefusedKey("No key."),),
        (ProviderRejectedCall("Rejected."),),
        (ProviderBroken("Broken.", may_have_billed=True),),
        (UsageReport(USED), Stop(StopReason.DECLINED, "No.")),
        (UsageReport(USED), Stop(StopReason.END)),
        (Text("Half "), ProviderUnreachable("Off.")),
        (Text(" "), ProviderUnreachable("Off.")),
        (Text("Cut"), UsageReport(USED), Stop(StopReason.CAP)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    turns=st.lists(st.lists(TURNS, min_size=1, max_size=3), min_size=1, max_size=4),
    retries=st.integers(0, 2),
    nanos=st.sampled_from([1_000_000, 20_000_000, 1_000_000_000]),
)
async def test_whatever_providers_do_the_books_and_the_reader_agree(
    turns: list[list[object]], retries: int, nanos: int
) -> None:
    companies = [
        Company(f"C{number}", script, str(number + 1), tier=2 + number % 2)  # type: ignore[arg-type]
        for number, script in enumerate(turns)
    ]
    desk = await a_desk_with(*companies, rules=Rules(num_retries=retries), nanos=nanos)
    events = await desk.hear(EVERYDAY)
    assert calls(*companies) <= MAX_UPSTREAM_TRIES
    assert open_holds(desk.books) == []
    if not isinstance(events[-1], Finished):
        assert desk.wallet.available_nanos == nanos
        return
    receipt = events[-1].receipt
    assert receipt.charged_nanos == nanos - desk.wallet.available_nanos
    assert cheaper_than_held(desk, events)
    if not text_of(events).strip():
        assert receipt.charged_nanos == 0
    elif events[-1].ending is Ending.ANSWERED:
        assert text_of(events).strip() in ("Fine.", "I'm not sure.")
