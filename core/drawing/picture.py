"""A chart as one picture, as wide as a phone: what it is about, this period and the last as numbers, their bars."""

from collections.abc import Callable
from html import escape

from core.chart import Chart
from core.drawing.amounts import brief
from core.drawing.columns import columns, fits, has_before
from core.drawing.letters import cut, fitting, shown, width
from core.drawing.look import (
    FAINT,
    FONT,
    INK,
    LARGE,
    LARGEST,
    MARGIN,
    PAPER,
    ROOM,
    SMALL,
    TITLE,
    WIDTH,
    hatched,
    solid,
    words,
)
from core.drawing.rows import rows
from core.money import NANOS_PER_CENT, format_usd

_SWATCH = 14
_NAMES_AT = MARGIN + _SWATCH + 8
_NAME_ROOM = 130
_BELOW = 14
_Bar = Callable[[float, float, float, float], str]


def svg(chart: Chart) -> str:
    """The picture, in pixels of a phone; nothing of what people wrote is anything but letters in it."""
    beside = fits(chart)
    with_before = has_before(chart) if beside else bool(chart.before)
    most = max(max(bar.nanos, bar.before_nanos if with_before else 0) for bar in chart.bars)
    drawn = [words(cut(shown(chart.title), TITLE, ROOM), MARGIN, 28, TITLE, ink=FAINT)]
    drawn.append(_number(chart.now, sum(bar.nanos for bar in chart.bars), 66, LARGEST, solid))
    top = 88
    if chart.before:
        total = sum(bar.before_nanos for bar in chart.bars)
        drawn.append(_number(chart.before, total, 92, LARGE, hatched if with_before else _nothing))
        top = 110
    body, end = columns(chart, top, most) if beside else rows(chart, top, most)
    return _page("".join(drawn) + body, end + _BELOW, chart.alt)


def _page(drawn: str, high: int, alt: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}" viewBox="0 0 {WIDTH} {high}" '
        f'font-family="{FONT}"><title>{escape(shown(alt))}</title>'
        f'<rect width="{WIDTH}" height="{high}" fill="{PAPER}"/>{drawn}</svg>'
    )


def _number(name: str, nanos: int, y: int, size: int, bar: _Bar) -> str:
    """What a period comes to and whose that is, behind a bar that looks like its bars."""
    total = format_usd(nanos) if nanos <= 0 or nanos >= NANOS_PER_CENT else brief(nanos, nanos)
    whose = cut(shown(name[:1].upper() + name[1:]), TITLE, _NAME_ROOM)
    size = fitting(total, size, WIDTH - MARGIN - _NAMES_AT - width(whose, TITLE) - 8, SMALL)
    tall = size * 3 // 4
    return (
        bar(MARGIN, y - tall, _SWATCH, tall)
        + f'<text x="{_NAMES_AT}" y="{y}" font-size="{size}" font-weight="700" fill="{INK}">{escape(total)}'
        f'<tspan dx="8" font-size="{TITLE}" font-weight="500">{escape(whose)}</tspan></text>'
    )


def _nothing(*_place: float) -> str:
    """Stands where bars that are not drawn would be explained."""
    return ""
