"""What a provider's account allows in a minute is not passed."""

import random

import pytest

from core.routing.rates import WINDOW_SECONDS, Rates
from core.routing.rules import ProviderRate, Rules
from tests.fakes import FakeClock


def rates_of(clock: FakeClock, requests: int | None = None, tokens: int | None = None) -> Rates:
    return Rates(Rules(rates={"acme": ProviderRate(requests, tokens)}), clock)


def test_requests_of_a_minute_run_out_and_come_back_one_by_one() -> None:
    clock = FakeClock()
    rates = rates_of(clock, requests=2)
    rates.take("acme", 10)
    clock.advance(20)
    assert rates.wait_seconds("acme", 10) == 0
    rates.take("acme", 10)
    assert rates.wait_seconds("acme", 10) == 40
    clock.advance(40)
    assert rates.wait_seconds("acme", 10) == 0
    rates.take("acme", 10)
    assert rates.wait_seconds("acme", 10) == 20


def test_tokens_wait_until_enough_have_left_the_minute() -> None:
    clock = FakeClock()
    rates = rates_of(clock, tokens=100)
    for _ in range(4):
        rates.take("acme", 25)
        clock.advance(10)
    assert rates.wait_seconds("acme", 25) == 20
    assert rates.wait_seconds("acme", 50) == 30
    assert rates.wait_seconds("acme", 100) == 50


def test_a_call_above_the_whole_limit_goes_when_it_is_alone() -> None:
    clock = FakeClock()
    rates = rates_of(clock, tokens=100)
    assert rates.wait_seconds("acme", 5_000) == 0
    rates.take("acme", 1)
    assert rates.wait_seconds("acme", 5_000) == WINDOW_SECONDS


def test_who_has_no_limit_never_waits() -> None:
    rates = rates_of(FakeClock(), requests=1)
    for _ in range(5):
        rates.take("other", 1_000_000)
    assert rates.wait_seconds("other", 1_000_000) == 0


@pytest.mark.parametrize("seed", range(5))
def test_whoever_waits_as_told_never_passes_either_limit_in_any_minute(seed: int) -> None:
    drawn, clock = random.Random(seed), FakeClock()
    rates = rates_of(clock, requests=7, tokens=500)
    calls: list[tuple[float, int]] = []
    for _ in range(200):
        clock.advance(drawn.choice([0, 0, 1, 9]))
        tokens = drawn.randint(1, 200)
        clock.advance(rates.wait_seconds("acme", tokens))
        assert rates.wait_seconds("acme", tokens) == 0
        rates.take("acme", tokens)
        calls.append((clock.monotonic(), tokens))
    for at, _ in calls:
        minute = [tokens for other, tokens in calls if at - WINDOW_SECONDS < other <= at]
        assert len(minute) <= 7 and sum(minute) <= 500
