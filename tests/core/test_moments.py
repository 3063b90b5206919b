"""Moments as the books keep them are exact: a week's border is on no other millisecond after a round trip."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.moments import from_ms, to_ms


@given(st.integers(min_value=0, max_value=10**14))
def test_every_millisecond_comes_back_as_itself(at_ms: int) -> None:
    assert to_ms(from_ms(at_ms)) == at_ms


def test_a_millisecond_has_not_begun_a_microsecond_before_it() -> None:
    moment = datetime(2026, 11, 30, 8, 0, 0, 1_000, tzinfo=UTC)
    assert to_ms(moment) - to_ms(moment - timedelta(microseconds=1)) == 1
