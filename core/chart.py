"""A chart as a value: bars of this period beside those of the one before. core/drawing draws it."""

import json
from dataclasses import asdict, dataclass

MOST_BARS = 62
"""The days of two months."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and what it was the period before, in nano-dollars. `TypeError` for what is not whole."""

    label: str
    nanos: int
    before_nanos: int

    def __post_init__(self) -> None:
        if type(self.nanos) is not int or type(self.before_nanos) is not int:
            raise TypeError("A bar is as long as a whole number of nano-dollars.")


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right, 1 to 62 of them (`ValueError`).

    `alt` says in a sentence or two what is to be seen. `now` and `before` name the bars: "This week", "Last week";
    without a `before` nothing is compared.
    """

    title: str
    now: str
    before: str
    bars: tuple[Bar, ...]
    alt: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.bars) <= MOST_BARS:
            raise ValueError(f"A chart has 1 to {MOST_BARS} bars, not {len(self.bars)}.")


def chart_text(chart: Chart) -> str:
    """As a row keeps it."""
    return json.dumps(asdict(chart), ensure_ascii=False, separators=(",", ":"))


def chart_from(text: str) -> Chart:
    """What a row keeps; `ValueError`, `TypeError` or `KeyError` when it is damaged."""
    kept = json.loads(text)
    return Chart(**{**kept, "bars": tuple(Bar(**bar) for bar in kept["bars"])})
