"""Makes PNGs of charts beside other work: in a process of its own, one at a time."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.chart import Chart
from core.drawing.picture import svg
from core.errors import NotDrawn

RASTERISE = (sys.executable, "-I", str(Path(__file__).with_name("rasterise.py")))
"""-I: with nothing of whatever folder or environment the bot was started in."""
SECONDS = 20.0
"""A hundred times what it takes on a machine with nothing else to do."""
MOST_BYTES = 500_000
"""Five times the largest that there is. Slack and Discord take twenty times as much."""
_PNG = b"\x89PNG\r\n\x1a\n"


class ChartDrawing:
    """A picture of a chart, or `NotDrawn` within `seconds`; a process that takes longer is ended."""

    def __init__(self, command: Sequence[str] = RASTERISE, seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds
        self._one_at_a_time = asyncio.Lock()

    async def draw(self, chart: Chart) -> bytes:
        """The chart as a PNG. Raises `NotDrawn`, whatever went wrong."""
        picture = svg(chart).encode()
        try:
            async with asyncio.timeout(self._seconds), self._one_at_a_time:
                drawn = await _said(self._command, picture)
        except TimeoutError as error:
            raise NotDrawn(f"Drawing the chart took longer than {self._seconds:g} seconds.") from error
        except OSError as error:
            raise NotDrawn(f"The chart could not be drawn: {error}.") from error
        if not drawn.startswith(_PNG) or len(drawn) > MOST_BYTES:
            raise NotDrawn(f"What was drawn of the chart is no picture that can be sent ({len(drawn)} bytes).")
        return drawn


async def _said(command: Sequence[str], given: bytes) -> bytes:
    """What a process answers to what it is given; nothing when it failed. It is gone when this returns or raises."""
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere)
    try:
        answer, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return b"" if process.returncode else answer
