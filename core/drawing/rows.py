"""Bars under each other, for long names: the name and its amount, then this period's bar, then the last one's."""

from core.chart import Bar, Chart
from core.drawing.amounts import brief
from core.drawing.letters import cut, shown, width
from core.drawing.look import FAINT, MARGIN, ROOM, SMALL, WIDTH, hatched, length, solid, words

_MOST = 6
"""So many are still read on a phone; what the others come to is said in a line below."""
_AMOUNT = 15
_HIGH = 50
_REST = 24


def rows(chart: Chart, top: int, most: int) -> tuple[str, int]:
    """All of them below `top`, as they come, and where they end; the longest is `most` nano-dollars."""
    end = top + min(len(chart.bars), _MOST) * _HIGH - 8
    drawn = [_row(chart, bar, top + place * _HIGH, most) for place, bar in enumerate(chart.bars[:_MOST])]
    if rest := chart.bars[_MOST:]:
        more = f"and {len(rest)} more: {brief(sum(bar.nanos for bar in rest), most)}"
        end += _REST
        drawn.append(words(more, MARGIN, end, SMALL, ink=FAINT))
    return "".join(drawn), end


def _row(chart: Chart, bar: Bar, top: int, most: int) -> str:
    shown_amount = brief(bar.nanos, most)
    name = cut(shown(bar.label), SMALL, ROOM - width(shown_amount, _AMOUNT) - 8)
    drawn = [
        words(name, MARGIN, top + 13, SMALL),
        words(shown_amount, WIDTH - MARGIN, top + 13, _AMOUNT, bold=True, anchor="end"),
    ]
    if now := length(bar.nanos, most, ROOM):
        drawn.append(solid(MARGIN, top + 19, now, 12))
    if before := length(bar.before_nanos, most, ROOM) if chart.before else 0:
        drawn.append(hatched(MARGIN, top + 31, before, 8))
    return "".join(drawn)
