"""Bars beside each other, for days: the last period's hatched, this one's solid, below them its amount and the day."""

from core.chart import Chart
from core.drawing.amounts import brief
from core.drawing.letters import shown, width
from core.drawing.look import (
    FAINT,
    MARGIN,
    OUTLINE,
    ROOM,
    SMALL,
    WIDTH,
    hatched,
    length,
    solid,
    words,
)

_TALL = 130
_LONGEST_LABEL = 40
_MOST_PAIRS = 16
"""More pairs of bars than these are a blur on a phone, and days of two months do not match anyway."""
_BROADEST = 72
_BETWEEN = 3
"""Pixels between amounts, and between labels."""
_SIZES = (16, 15, 14, 13, 12, 11)
"""Of amounts: the largest in which all have room."""
_LARGEST_ALONE = 15


def fits(chart: Chart) -> bool:
    """Whether its labels are short enough to stand below columns."""
    return all(width(shown(bar.label), SMALL) <= _LONGEST_LABEL for bar in chart.bars)


def has_before(chart: Chart) -> bool:
    """Whether the bars of the period before are drawn, too; what they come to is said in any case."""
    return bool(chart.before) and len(chart.bars) <= _MOST_PAIRS


def columns(chart: Chart, top: int, most: int) -> tuple[str, int]:
    """All of them below `top`, and where they end; the tallest is `most` nano-dollars."""
    slot = ROOM / len(chart.bars)
    texts = [brief(bar.nanos, most) for bar in chart.bars]
    size = next((each for each in _SIZES if max(width(text, each) for text in texts) + _BETWEEN <= slot), 0)
    if not size:
        top += _LARGEST_ALONE + 2
    base = top + _TALL
    drawn = _bars(chart, slot, base, most)
    axis = f'<rect x="{MARGIN}" y="{base}" width="{ROOM}" height="{OUTLINE}" fill="{FAINT}"/>'
    if not size:
        return drawn + axis + _largest(chart, slot, base, most) + _labels(chart, slot, base + 18), base + 18
    amounts = (
        words(text, _middle(place, slot), base + 20, size, bold=True, anchor="middle")
        for place, text in enumerate(texts)
    )
    return drawn + axis + "".join(amounts) + _labels(chart, slot, base + 38), base + 38


def _bars(chart: Chart, slot: float, base: int, most: int) -> str:
    """A bar for each label, and the one before on its left where both have room."""
    across = min(slot * 0.85, _BROADEST)
    left = across * 0.4 if has_before(chart) else 0.0
    drawn = []
    for place, bar in enumerate(chart.bars):
        x = _middle(place, slot) - across / 2
        if left and (before := length(bar.before_nanos, most, _TALL)):
            drawn.append(hatched(x, base - before, left, before))
        if now := length(bar.nanos, most, _TALL):
            drawn.append(solid(x + left, base - now, across - left, now))
    return "".join(drawn)


def _largest(chart: Chart, slot: float, base: int, most: int) -> str:
    """The amount of the largest alone, above it: there is no room for all."""
    place = max(range(len(chart.bars)), key=lambda each: chart.bars[each].nanos)
    text = brief(chart.bars[place].nanos, most)
    x = _inside(_middle(place, slot), width(text, _LARGEST_ALONE))
    return words(text, x, base - _TALL - 5, _LARGEST_ALONE, bold=True, anchor="middle")


def _labels(chart: Chart, slot: float, y: int) -> str:
    """Below every bar, or below every second, third ... where they would touch."""
    texts = [shown(bar.label) for bar in chart.bars]
    widest = max(map(_wide, texts))
    step = next((each for each in range(1, len(texts)) if each * slot >= widest + _BETWEEN), len(texts))
    return "".join(
        words(text, _inside(_middle(place, slot), _wide(text)), y, SMALL, anchor="middle")
        for place, text in enumerate(texts)
        if place % step == 0
    )


def _wide(text: str) -> int:
    return width(text, SMALL)


def _middle(place: int, slot: float) -> float:
    return round(MARGIN + (place + 0.5) * slot, 1)


def _inside(x: float, across: int) -> float:
    """Where text of that width is centred so that none of it is outside of the picture."""
    return max(across / 2 + 2, min(x, WIDTH - across / 2 - 2))
