"""What did not work is tried again: after as long as the other side says, else ever later; not for ever."""

import pytest

from core.patience import FIRST_PAUSE_SECONDS, Patience
from tests.fakes import FakeClock

FAILED = ConnectionError("lost")


async def test_pauses_double_up_to_the_longest() -> None:
    patience = Patience(FakeClock(), longest_pause_seconds=3.0)
    assert [patience.seconds_before_next(FAILED) for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]


async def test_what_the_other_side_says_is_waited_and_makes_no_pause_longer() -> None:
    clock = FakeClock()
    patience = Patience(clock, 60.0, longest_pause_seconds=5.0)
    await patience.wait(FAILED, 7.0)
    assert clock.monotonic() == 7.0
    assert patience.seconds_before_next(FAILED) == FIRST_PAUSE_SECONDS


@pytest.mark.parametrize(("said_seconds", "is_over"), [(10.0, False), (10.1, True)])
async def test_it_is_over_where_the_next_try_would_come_too_late(said_seconds: float, is_over: bool) -> None:
    clock = FakeClock()
    patience = Patience(clock, 10.0, longest_pause_seconds=5.0)
    if is_over:
        with pytest.raises(ConnectionError) as raised:
            await patience.wait(FAILED, said_seconds)
        assert (raised.value, clock.monotonic()) == (FAILED, 0.0)
    else:
        await patience.wait(FAILED, said_seconds)
        assert clock.monotonic() == said_seconds
