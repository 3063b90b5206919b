"""Who is passed over for a while, who is asked all the same, and what is said when nobody answers."""

import random

import pytest

from core.errors import NobodyAnswers, ProviderBroken, ProviderBusy, ProviderRefusedKey, ProviderUnreachable
from core.routing.health import LATELY_SECONDS
from core.routing.rules import Route, Rules
from tests.core.routing.planning import ALL, GENIUS, PLAIN, SHORT, SMALL, SMART, SOLID, TINY, Desk, asked, ids


async def test_who_cools_down_is_passed_over_without_a_word() -> None:
    desk = Desk(ALL, Rules(allowed_fails=1))
    desk.health.failed(TINY, ProviderUnreachable("Gone."))
    assert ids((await desk.plan(SHORT)).hops)[0] == "small"
    desk.clock.advance(60)
    assert ids((await desk.plan(SHORT)).hops)[0] == "tiny"


async def test_when_nobody_answers_it_is_said_who_since_when_and_when_to_come_back() -> None:
    desk = Desk((TINY, PLAIN, SMALL), Rules(allowed_fails=1))
    desk.health.failed(TINY, ProviderBusy("Later.", retry_after_seconds=600))
    desk.clock.advance(180)
    for model in (PLAIN, SMALL):
        desk.health.failed(model, ProviderBusy("Later.", retry_after_seconds=300))
    with pytest.raises(NobodyAnswers) as caught:
        await desk.plan(SHORT)
    assert str(caught.value) == ("Acme has not answered since 12:00, Other since 12:03 (UTC). Try again in 5 minutes.")
    assert caught.value.ready_in_seconds == 300


async def test_providers_that_fail_now_and_then_are_never_all_out_at_once() -> None:
    """Three in a row fail by chance: of 300 asks with three tries each no more stay unanswered than chance has it."""
    desk, drawn, answered = Desk((TINY, SOLID, GENIUS), Rules(allowed_fails=3)), random.Random(1), 0
    for _ in range(300):
        for hop in (await desk.plan(SHORT)).hops:
            model = hop.call.model
            if not desk.health.may_try(model):
                continue
            if drawn.random() < 0.7:
                desk.health.succeeded(model, first_word_seconds=0.1, tokens_per_second=50)
                answered += 1
                break
            desk.health.failed(model, ProviderBroken("It broke."))
        desk.clock.advance(0.01)
    assert answered >= 300 * (1 - 0.3**3) - 10


async def test_providers_that_are_all_gone_are_asked_no_longer_than_they_answered_lately() -> None:
    desk, refused = Desk((TINY, SOLID), Rules(allowed_fails=3)), 0
    for model in (TINY, SOLID):
        desk.health.succeeded(model, first_word_seconds=0.1, tokens_per_second=50)
    for _ in range(50):
        desk.clock.advance(1)
        try:
            for hop in (await desk.plan(SHORT)).hops:
                assert desk.health.may_try(hop.call.model)
                desk.health.failed(hop.call.model, ProviderUnreachable("Gone."))
        except NobodyAnswers:
            refused += 1
    assert refused == 50 - LATELY_SECONDS


async def test_who_is_unreliable_stands_last_and_never_before_one_that_is_well() -> None:
    desk = Desk((TINY, SMALL, SMART), Rules(allowed_fails=1))
    desk.health.succeeded(TINY, first_word_seconds=0.1, tokens_per_second=50)
    desk.health.failed(TINY, ProviderUnreachable("Gone."))
    assert ids((await desk.plan(SHORT)).hops) == ["small", "smart", "tiny"]
    assert ids((await desk.plan(asked(SHORT, "tiny"))).hops) == ["tiny"], "nobody else costs as little"
    assert ids((await desk.plan(asked(SHORT, "small"))).hops) == ["small", "tiny"]
    assert ids(await desk.alternatives(SHORT)) == ["small", "smart"]


@pytest.mark.parametrize("asked_for", ["auto", "house", "tiny"])
async def test_the_last_resort_is_one_that_answered_lately(asked_for: str) -> None:
    desk = Desk((TINY,), Rules(allowed_fails=1, routes=(Route("house", ("tiny",)),)))
    desk.health.succeeded(TINY, first_word_seconds=0.1, tokens_per_second=50)
    desk.health.failed(TINY, ProviderUnreachable("Gone."))
    assert ids((await desk.plan(asked(SHORT, asked_for))).hops) == ["tiny"]
    assert desk.health.may_try(TINY)


async def test_a_refused_key_is_said_since_waiting_alone_does_not_mend_it() -> None:
    desk = Desk((PLAIN,))
    desk.health.failed(PLAIN, ProviderRefusedKey("The key was refused. Whoever runs the bot has to look at it."))
    with pytest.raises(NobodyAnswers) as caught:
        await desk.plan(SHORT)
    assert str(caught.value) == (
        "Acme has not answered since 12:00 (UTC). The key was refused. Whoever runs the bot has to look at it. "
        "Try again in a minute."
    )
    desk.health.succeeded(PLAIN, first_word_seconds=0.1, tokens_per_second=50)
    assert desk.health.refusal_of(PLAIN.provider) == ""
