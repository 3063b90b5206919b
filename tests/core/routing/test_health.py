"""Who is left alone for a while, and how it comes back."""

from datetime import timedelta

import pytest

from core.errors import (
    ProviderBroken,
    ProviderBusy,
    ProviderFailed,
    ProviderOutOfFunds,
    ProviderRefusedKey,
    ProviderRejectedCall,
    ProviderUnreachable,
)
from core.routing.health import (
    LATELY_SECONDS,
    MAX_COOLDOWN_SECONDS,
    PROBE_LOOK_SECONDS,
    PROBE_SECONDS,
    Health,
)
from core.routing.rules import Rules
from tests.fakes import START, FakeClock, a_model

RULES = Rules(allowed_fails=3, cooldown_time_seconds=60)
ONE = a_model(id="one", provider="acme")
TWO = a_model(id="two", provider="acme")
OTHER = a_model(id="other", provider="other")
BROKEN = ProviderBroken("It broke.")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def health(clock: FakeClock) -> Health:
    return Health(RULES, clock)


def fail(health: Health, times: int = 1, failure: ProviderFailed = BROKEN) -> None:
    for _ in range(times):
        health.failed(ONE, failure)


def succeed(health: Health, first_word_seconds: float = 1.0, tokens_per_second: float = 50.0) -> None:
    health.succeeded(ONE, first_word_seconds=first_word_seconds, tokens_per_second=tokens_per_second)


def test_allowed_fails_in_a_row_take_a_model_out_for_the_cooldown_and_no_other_one(
    health: Health, clock: FakeClock
) -> None:
    fail(health, 2)
    assert health.may_try(ONE)
    fail(health)
    assert not health.may_try(ONE)
    assert health.may_try(TWO) and health.may_try(OTHER)
    assert health.ready_in_seconds(ONE) == 60
    clock.advance(59.9)
    assert not health.may_try(ONE)
    clock.advance(0.1)
    assert health.may_try(ONE)


def test_an_answer_in_between_begins_the_count_anew(health: Health) -> None:
    fail(health, 2)
    succeed(health)
    fail(health, 2)
    assert health.may_try(ONE)


def test_after_the_cooldown_one_at_a_time_may_probe(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(60)
    assert [health.may_try(ONE) for _ in range(3)] == [True, False, False]


def test_looking_takes_no_probe(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(60)
    assert [health.ready_in_seconds(ONE) for _ in range(3)] == [0, 0, 0]
    assert health.may_try(ONE)
    assert health.ready_in_seconds(ONE) == PROBE_SECONDS


def test_whoever_waits_for_a_probe_looks_again_soon(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    assert health.wait_seconds(ONE) == 60
    clock.advance(60)
    assert health.wait_seconds(ONE) == 0
    assert health.may_try(ONE)
    assert health.wait_seconds(ONE) == PROBE_LOOK_SECONDS


def test_a_probe_that_succeeds_lets_everybody_in(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(60)
    assert health.may_try(ONE)
    succeed(health)
    assert all(health.may_try(ONE) for _ in range(5))
    fail(health, 2)
    assert health.may_try(ONE)


def test_a_probe_that_fails_takes_it_out_again_for_the_same_time(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    for _ in range(3):
        clock.advance(60)
        assert health.may_try(ONE)
        fail(health)
        assert health.ready_in_seconds(ONE) == 60


def test_a_probe_without_a_verdict_makes_room_for_the_next(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(60)
    assert health.may_try(ONE)
    health.given_up(ONE)
    assert health.may_try(ONE)
    fail(health, failure=ProviderRejectedCall("Not this call."))
    assert health.may_try(ONE)


def test_a_probe_that_never_ends_frees_itself(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(60)
    assert health.may_try(ONE)
    clock.advance(PROBE_SECONDS)
    assert health.may_try(ONE)


def test_calls_that_were_already_running_make_no_cooldown_longer(health: Health, clock: FakeClock) -> None:
    fail(health, 3)
    clock.advance(30)
    fail(health, 5)
    assert health.ready_in_seconds(ONE) == 30


@pytest.mark.parametrize(("wished", "seconds"), [(7, 7), (600, 600), (86_400, MAX_COOLDOWN_SECONDS)])
def test_retry_after_is_honoured_at_once_up_to_an_hour(
    health: Health, clock: FakeClock, wished: int, seconds: int
) -> None:
    fail(health, failure=ProviderBusy("Later.", retry_after_seconds=wished))
    assert health.ready_in_seconds(ONE) == seconds
    clock.advance(seconds)
    assert health.may_try(ONE)


def test_retry_after_never_shortens_what_is_left(health: Health) -> None:
    fail(health, failure=ProviderBusy("Later.", retry_after_seconds=600))
    fail(health, failure=ProviderBusy("Later.", retry_after_seconds=5))
    assert health.ready_in_seconds(ONE) == 600


@pytest.mark.parametrize("failure", [ProviderRefusedKey("The key."), ProviderOutOfFunds("The account.")])
def test_what_is_wrong_with_the_account_takes_out_the_provider_at_once(
    health: Health, clock: FakeClock, failure: ProviderFailed
) -> None:
    fail(health, failure=failure)
    assert not health.may_try(ONE) and not health.may_try(TWO)
    assert health.may_try(OTHER)
    clock.advance(60)
    assert health.may_try(TWO)
    assert not health.may_try(ONE), "the provider has one probe, not one for each model"
    health.failed(TWO, failure)
    assert health.ready_in_seconds(ONE) == 60
    clock.advance(60)
    succeed(health)
    assert health.may_try(ONE) and health.may_try(TWO)


def test_a_call_that_was_wrong_says_nothing_about_health(health: Health) -> None:
    fail(health, 10, ProviderRejectedCall("No such model."))
    assert health.may_try(ONE)
    assert health.down_since("acme") is None


def test_since_when_a_provider_is_silent(health: Health, clock: FakeClock) -> None:
    assert health.down_since("acme") is None
    fail(health, 1, ProviderUnreachable("Gone."))
    clock.advance(60)
    health.failed(TWO, BROKEN)
    assert health.down_since("acme") == START
    assert health.silent_since(TWO) == START + timedelta(seconds=60)
    assert health.down_since("other") is None
    succeed(health)
    assert health.down_since("acme") is None
    assert health.silent_since(TWO) is not None, "the other model has not answered yet"


def test_measurements_follow_the_latest_answers(health: Health) -> None:
    assert (health.first_word_seconds(ONE), health.tokens_per_second(ONE)) == (None, None)
    succeed(health, 1.0, 100.0)
    assert (health.first_word_seconds(ONE), health.tokens_per_second(ONE)) == (1.0, 100.0)
    for _ in range(30):
        succeed(health, 3.0, 20.0)
    assert health.first_word_seconds(ONE) == pytest.approx(3.0, abs=0.01)
    assert health.tokens_per_second(ONE) == pytest.approx(20.0, abs=0.2)
    assert health.first_word_seconds(TWO) is None


def test_a_cooldown_of_nothing_takes_nobody_out(clock: FakeClock) -> None:
    health = Health(Rules(cooldown_time_seconds=0, allowed_fails=1), clock)
    fail(health, 5)
    assert health.may_try(ONE) and health.may_try(ONE)


def test_who_answered_lately_may_be_tried_as_the_last_resort(health: Health, clock: FakeClock) -> None:
    succeed(health)
    fail(health, 3)
    clock.advance(LATELY_SECONDS)
    assert health.ready_in_seconds(ONE) > 0, "a plan takes whoever is well before it"
    assert health.unreliable(ONE) and all(health.may_try(ONE) for _ in range(5))
    assert not health.unreliable(TWO), "that one has never answered"
    clock.advance(1)
    assert not health.unreliable(ONE) and not health.may_try(ONE)


@pytest.mark.parametrize("failure", [ProviderBusy("Later.", retry_after_seconds=9), ProviderRefusedKey("The key.")])
def test_who_said_how_long_to_wait_or_refused_the_key_is_no_last_resort(
    health: Health, failure: ProviderFailed
) -> None:
    succeed(health)
    fail(health, failure=failure)
    assert not health.unreliable(ONE)
    fail(health, 3)
    assert not health.unreliable(ONE) and not health.may_try(ONE)
