"""A chart becomes a picture in a process of its own, or not in time: then its words are told."""

import asyncio
import os
from pathlib import Path

import pytest

from adapters.charts.drawing import MOST_BYTES, ChartDrawing
from adapters.charts.rasterise import png
from core.drawing.picture import svg
from core.errors import NotDrawn
from core.ports import Drawing
from tests.core.drawing.test_picture import HARD
from tests.waiting import until

WEEK = HARD["a week"]


async def test_a_chart_becomes_the_picture_of_it() -> None:
    drawing: Drawing = ChartDrawing()
    assert await drawing.draw(WEEK) == png(svg(WEEK))


@pytest.mark.parametrize(
    "command",
    [
        ("false",),
        ("true",),
        ("cat",),
        ("head", "-c", str(MOST_BYTES + 1), "/dev/zero"),
        ("/nowhere/python",),
    ],
    ids=" ".join,
)
async def test_whatever_goes_wrong_it_is_not_drawn(command: tuple[str, ...]) -> None:
    with pytest.raises(NotDrawn):
        await ChartDrawing(command).draw(WEEK)


async def test_what_takes_too_long_is_not_drawn() -> None:
    with pytest.raises(NotDrawn, match=r"longer than 0\.05 seconds"):
        await ChartDrawing(("sleep", "60"), seconds=0.05).draw(WEEK)


async def test_whoever_stops_waiting_leaves_no_process_behind(tmp_path: Path) -> None:
    started = tmp_path / "started"
    command = ("sh", "-c", f"echo $$ > {started}.new; mv {started}.new {started}; exec sleep 60")
    drawing = asyncio.create_task(ChartDrawing(command).draw(WEEK))
    await until(started.exists)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


async def test_pictures_are_drawn_one_at_a_time(tmp_path: Path) -> None:
    drawing = ChartDrawing(
        ("sh", "-c", f"mkdir {tmp_path}/busy && cat > /dev/null && rmdir {tmp_path}/busy && echo no")
    )
    found = await asyncio.gather(*(drawing.draw(WEEK) for _ in range(3)), return_exceptions=True)
    assert [str(each) for each in found] == [
        "What was drawn of the chart is no picture that can be sent (3 bytes)."
    ] * 3
