"""A chart comes back from its row as it was, or not at all."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.chart import MOST_BARS, Bar, Chart, chart_from, chart_text
from core.money import MAX_TOTAL_NANOS

AMOUNTS = st.integers(-MAX_TOTAL_NANOS, MAX_TOTAL_NANOS)
BARS = st.builds(Bar, st.text(max_size=30), AMOUNTS, AMOUNTS)
CHARTS = st.builds(
    Chart,
    st.text(max_size=60),
    st.text(max_size=30),
    st.text(max_size=30),
    st.lists(BARS, min_size=1, max_size=MOST_BARS).map(tuple),
    st.text(max_size=200),
)
CHART = Chart("Spend by day", "This week", "Last week", (Bar("Mon", 12, 8),), "12 nanos")


@settings(max_examples=30)
@given(CHARTS)
def test_a_chart_comes_back_from_its_row_as_it_was(chart: Chart) -> None:
    assert chart_from(chart_text(chart)) == chart


@pytest.mark.parametrize("number", [0, MOST_BARS + 1])
def test_a_chart_has_a_bar_and_not_too_many(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 62 bars"):
        Chart("Spend by day", "This week", "", (Bar("Mon", 1, 0),) * number, "")


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{}",
        "[]",
        json.dumps({"title": "t", "now": "n", "before": "", "alt": "", "bars": []}),
        chart_text(CHART).replace("12,", "12.5,"),
        chart_text(CHART).replace("12,", '"12",'),
        chart_text(CHART).replace('"label"', '"name"'),
    ],
)
def test_what_is_damaged_is_no_chart(damaged: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        chart_from(damaged)
