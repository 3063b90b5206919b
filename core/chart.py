"""A chart as a value: bars of this period beside those of the one before."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and what it was the period before, in nano-dollars."""

    label: str
    nanos: int
    before_nanos: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right. `alt` says in a sentence or two what is to be seen; `now` and `before` name the bars."""

    title: str
    now: str
    before: str
    bars: tuple[Bar, ...]
    alt: str


def chart_text(chart: Chart) -> str:
    """As a row keeps it."""
    return json.dumps(asdict(chart), ensure_ascii=False, separators=(",", ":"))


def chart_from(text: str) -> Chart:
    """What a row keeps; `ValueError`, `TypeError` or `KeyError` when it is damaged."""
    kept = json.loads(text)
    return Chart(**{**kept, "bars": tuple(Bar(**bar) for bar in kept["bars"])})
