"""Who makes a picture of a chart."""

from typing import Protocol

from core.chart import Chart


class Drawing(Protocol):
    """Makes pictures on this machine: nothing of them leaves it but to the chat that shows them."""

    async def draw(self, chart: Chart) -> bytes:
        """The chart as a PNG, drawn beside other work. Raises `NotDrawn`, whatever went wrong: words say the same."""
