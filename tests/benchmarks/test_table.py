"""How results are shown: a target beside its number, and whether it was reached."""

from benchmarks.measure import in_turn, percentile
from benchmarks.table import NUMBERS, Table, at_least, at_most, number, page_with

TABLE = Table(
    title="Speed", heading=("callers", "asks/s"), rows=(("1", "450"), ("128", "2,240")), notes=("One wallet.",)
)


def test_a_target_says_whether_it_was_reached() -> None:
    assert at_least(8, 8) == "8.00x (target >= 8x: reached)"
    assert at_least(7.99, 8) == "7.99x (target >= 8x: not reached)"
    assert at_most(150, 150, " MB") == "150 MB (target <= 150 MB: reached)"
    assert at_most(2.01, 2, " s") == "2.01 s (target <= 2 s: not reached)"


def test_a_number_has_three_figures() -> None:
    assert [number(value) for value in (0, 0.874, 9.5, 41.23, 123.4, 12_345)] == [
        "0", "0.87", "9.50", "41.2", "123", "12,300"
    ]  # fmt: skip


def test_columns_stand_below_each_other() -> None:
    assert TABLE.as_text().splitlines() == [
        "Speed",
        "  callers  asks/s",
        "  1        450",
        "  128      2,240",
        "  One wallet.",
    ]


def test_markdown_is_a_table() -> None:
    assert TABLE.as_markdown().splitlines() == [
        "### Speed",
        "",
        "| callers | asks/s |",
        "| --- | --- |",
        "| 1 | 450 |",
        "| 128 | 2,240 |",
        "",
        "- One wallet.",
    ]


def test_new_numbers_take_the_place_of_old_ones_and_leave_the_words_above() -> None:
    page = page_with("# Performance\n\nHow it is measured.\n", "Measured on one machine.", [TABLE])
    assert page.startswith(
        f"# Performance\n\nHow it is measured.\n\n{NUMBERS}\n\nMeasured on one machine.\n\n### Speed"
    )
    again = page_with(page, "Measured on another.", [])
    assert again == f"# Performance\n\nHow it is measured.\n\n{NUMBERS}\n\nMeasured on another.\n"
    assert page_with("", "Measured on another.", []) == f"{NUMBERS}\n\nMeasured on another.\n"


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)) == (50, 99, 100)
    assert percentile([7.0], 0.99) == 7


async def test_versions_are_measured_turn_and_turn_about() -> None:
    order: list[str] = []

    async def run(name: str, seconds: float) -> float:
        order.append(name)
        return seconds * len(order)

    found = await in_turn({"a": lambda: run("a", 1), "b": lambda: run("b", 10)}, rounds=3)
    assert order == ["a", "b"] * 3
    assert found == {"a": 3, "b": 40}
