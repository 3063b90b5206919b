"""Bars are in proportion, never longer than there is room, and never without their amount."""

import pytest

from core.chart import Bar, Chart
from core.money import MAX_TOTAL_NANOS, NANOS_PER_USD
from core.text.bars import WIDTH, bar, chart_lines

USD = NANOS_PER_USD


@pytest.mark.parametrize(
    ("nanos", "most", "drawn"),
    [
        (8, 8, "████"),
        (4, 8, "██"),
        (5, 8, "██▌"),
        (1, 32, "▏"),
        (1, MAX_TOTAL_NANOS, "▏"),
        (MAX_TOTAL_NANOS, MAX_TOTAL_NANOS, "████"),
        (9, 8, "████"),
        (0, 8, ""),
        (0, 0, ""),
        (-5, 8, ""),
        (5, 0, ""),
    ],
)
def test_a_bar_is_in_proportion_and_never_too_long(nanos: int, most: int, drawn: str) -> None:
    assert bar(nanos, most, 4) == drawn


def test_more_never_has_the_shorter_bar() -> None:
    sizes = [len(bar(each, 1_000)) * 8 + "▏▎▍▌▋▊▉█".index(bar(each, 1_000)[-1]) for each in range(1, 1_001)]
    assert sizes == sorted(sizes)
    assert len(bar(1_000, 1_000)) == WIDTH


def test_labels_and_amounts_stand_in_columns_however_wide_letters_are() -> None:
    bars = (Bar("Mon 16", 12_400_000_000, 0), Bar("Tue", 0, 0), Bar("日本", 6_200_000_000, 0), Bar("Thu", 3_000_000, 0))
    assert list(chart_lines(Chart("Spend", "Now", "", bars, ""), 8)) == [
        "Spend",
        "              Now",
        "Mon 16     $12.40  ████████",
        "Tue         $0.00",
        "日本        $6.20  ████",
        "Thu     0.3 cents  ▏",
    ]


def test_a_long_label_is_one_short_line() -> None:
    bars = (Bar("a very long name of a model\nin two lines", USD, 0),)
    *_, line = chart_lines(Chart("Spend", "Now", "", bars, ""), 4)
    assert line == "a very long name of a m…  $1.00  ████"


def test_a_chart_in_lines_has_both_amounts_of_each_bar() -> None:
    bars = (Bar("Mon", 12_400_000_000, 980_000_000), Bar("Tue", 0, 3_000_000))
    assert list(chart_lines(Chart("Spend by day", "This week", "Last week", bars, ""), 4)) == [
        "Spend by day",
        "     This week  Last week",
        "Mon     $12.40      $0.98  ████",
        "Tue      $0.00  0.3 cents",
    ]


def test_a_chart_that_compares_nothing_has_one_amount_for_each_bar() -> None:
    chart = Chart("Spend by day", "This week", "", (Bar("Mon", USD, 0),), "")
    assert list(chart_lines(chart, 4)) == ["Spend by day", "     This week", "Mon      $1.00  ████"]
