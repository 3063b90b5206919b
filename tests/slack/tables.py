"""Checks of tables and charts: table, data_table, data_visualization (docs.slack.dev, 2026)."""

import math
from typing import Any

from tests.slack.faulty import Report
from tests.slack.state import Json

MAX_TABLE_CHARACTERS = 10_000


def words(thing: Any) -> str:
    """Every text of rich text or of a cell, in a row."""
    if isinstance(thing, dict):
        own = thing["text"] if isinstance(thing.get("text"), str) else ""
        return own + "".join(words(value) for name, value in thing.items() if name != "text" or not own)
    return "".join(words(one) for one in thing) if isinstance(thing, list) else ""


def table(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "table", "type", "block_id", "rows", "column_settings")
    if report.count(block.get("rows"), f"{where}.rows", "table rows", 100):
        cells(report, block["rows"], where, "table", header_rich=True)
    settings = block.get("column_settings", [])
    report.count(settings, f"{where}.column_settings", "table columns", 20, minimum=0)
    for one in settings:
        if one:
            report.known(one, f"{where}.column_settings", "table", "align", "is_wrapped")
            report.one_of(one.get("align", "left"), f"{where}.align", "table", "left", "center", "right")


def data_table(report: Report, block: Json, where: str) -> None:
    known = ("type", "block_id", "rows", "caption", "page_size", "row_header_column_index")
    report.known(block, where, "data_table", *known)
    report.length(block.get("caption"), f"{where}.caption", "data_table caption", 2000)
    if not 1 <= block.get("page_size", 5) <= 100:
        report.add("data_table page_size", where, "must be 1 to 100")
    if report.count(block.get("rows"), f"{where}.rows", "data_table rows", 101, minimum=2):
        cells(report, block["rows"], where, "data_table", header_rich=False)


def cells(report: Report, rows: list[Any], where: str, kind: str, *, header_rich: bool) -> None:
    """The rows of one table: as wide as each other, of known cells, at most 10,000 characters in all."""
    total = 0
    for number, row in enumerate(rows):
        place = f"{where}.rows[{number}]"
        if not report.count(row, place, f"{kind} columns", 20):
            continue
        if len(row) != len(rows[0]):
            report.add(f"{kind} width", place, f"{len(row)} cells where the first row has {len(rows[0])}")
        for cell in row:
            total += cell_length(report, cell, place, kind)
            if cell.get("type") == "rich_text" and not number and not header_rich:
                report.add(f"{kind} header", place, "a header cell cannot be rich_text")
    report.characters += total
    if total > MAX_TABLE_CHARACTERS:
        report.add(f"{kind} characters", where, f"{total} characters; {MAX_TABLE_CHARACTERS} are allowed")


def cell_length(report: Report, cell: Json, where: str, kind: str) -> int:
    match cell.get("type"):
        case "raw_text":
            report.known(cell, where, f"{kind} cell", "type", "text")
            report.length(cell.get("text"), where, f"{kind} cell", MAX_TABLE_CHARACTERS)
        case "raw_number":
            report.known(cell, where, f"{kind} cell", "type", "value", "text")
            if isinstance(cell.get("value"), bool) or not isinstance(cell.get("value"), int | float):
                report.add(f"{kind} cell", where, "raw_number needs a number")
        case "rich_text":
            if not cell.get("elements"):
                report.add(f"{kind} cell", where, "rich_text without elements")
        case other:
            report.add(f"{kind} cell", where, f"{other!r} is no kind of cell")
    return len(words(cell)) or len(str(cell.get("value", "")))


def data_visualization(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "data_visualization", "type", "block_id", "title", "chart")
    report.length(block.get("title"), f"{where}.title", "chart title", 50)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        report.add("chart", where, "is missing")
        return
    report.one_of(chart.get("type"), f"{where}.chart.type", "chart", "pie", "bar", "area", "line")
    if chart.get("type") == "pie":
        report.known(chart, where, "chart", "type", "segments")
        if report.count(chart.get("segments"), f"{where}.segments", "chart segments", 6):
            for segment in chart["segments"]:
                point(report, segment, f"{where}.segments", positive=True)
        return
    report.known(chart, where, "chart", "type", "series", "axis_config")
    series_and_axes(report, chart, where)


def series_and_axes(report: Report, chart: Json, where: str) -> None:
    axes = chart.get("axis_config", {})
    report.known(axes, where, "chart axes", "categories", "x_label", "y_label")
    for name in ("x_label", "y_label"):
        if name in axes:
            report.length(axes[name], f"{where}.{name}", "chart axes", 50)
    categories = axes.get("categories")
    if not report.count(categories, f"{where}.categories", "chart categories", 20):
        return
    for one in categories:
        report.length(one, f"{where}.categories", "chart label", 20)
    if not report.count(chart.get("series"), f"{where}.series", "chart series", 6):
        return
    if len({one.get("name") for one in chart["series"]}) < len(chart["series"]):
        report.add("chart series", where, "two series have one name")
    for one in chart["series"]:
        report.length(one.get("name"), f"{where}.series.name", "chart label", 20)
        data = one.get("data", [])
        if [spot.get("label") for spot in data] != categories:
            report.add("chart data", where, "each series needs one point for each category, in order")
        for spot in data:
            point(report, spot, f"{where}.series.data", positive=False)


def point(report: Report, spot: Json, where: str, *, positive: bool) -> None:
    report.known(spot, where, "chart data", "label", "value")
    report.length(spot.get("label"), where, "chart label", 20)
    value = spot.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        report.add("chart data", where, f"{value!r} is no finite number")
    elif positive and value <= 0:
        report.add("chart data", where, "a slice of a pie must be more than nothing")
