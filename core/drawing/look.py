"""How pictures look: colours, sizes in pixels of a phone, and the elements they are made of."""

from html import escape

WIDTH = 320
"""As a phone shows it. A PNG has several times as many pixels, so that letters stay sharp."""
MARGIN = 12
ROOM = WIDTH - 2 * MARGIN

FONT = "Inter"
"""As the shipped files call themselves (adapters/charts/fonts/)."""
PAPER = "#ffffff"
INK = "#1d1c1d"
FAINT = "#56585c"
"""For what is not this period's: still more than 4.5 times as dark as the paper (a test measures it)."""
NOW = "#1f4d3a"
"""Chipin's green, as in the manifest of its Slack app."""

SMALL, TITLE, LARGE, LARGEST = 14, 15, 18, 30
"""Letters: names; titles; the period before; this period."""
OUTLINE = 1.5
_HATCH = 6
"""Pixels from one line to the next."""


def words(text: str, x: float, y: float, size: int, *, bold: bool = False, ink: str = INK, anchor: str = "") -> str:
    """A line of text that begins at x; `anchor` "middle" or "end": x is there instead."""
    at = f' text-anchor="{anchor}"' if anchor else ""
    weight = 700 if bold else 500
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="{ink}"{at}>{escape(text)}</text>'


def solid(x: float, y: float, across: float, high: float) -> str:
    """This period."""
    return f'<rect x="{x:g}" y="{y:g}" width="{across:g}" height="{high:g}" fill="{NOW}"/>'


def hatched(x: float, y: float, across: float, high: float) -> str:
    """The period before: an outline as large as the bar, hatched, which is told from solid without any colour.

    Its lines are drawn one by one: SVG's own patterns take three times as long.
    """
    half = OUTLINE / 2
    wide, tall = max(across - OUTLINE, 0.5), max(high - OUTLINE, 0.5)
    left, bottom = x + half, y + half + tall
    lines = "".join(
        f"M{left + max(0.0, at):.1f} {bottom + min(0.0, at):.1f}"
        f"L{left + min(wide, at + tall):.1f} {bottom - min(tall, wide - at):.1f}"
        for at in (place - tall for place in range(_HATCH, int(wide + tall) + 1, _HATCH))
    )
    return (
        f'<rect x="{left:g}" y="{y + half:g}" width="{wide:g}" height="{tall:g}" fill="none" stroke="{FAINT}" '
        f'stroke-width="{OUTLINE}"/><path d="{lines}" stroke="{FAINT}" stroke-width="1.200"/>'
    )


def length(nanos: int, most_nanos: int, pixels: int) -> int:
    """How long a bar is, at most `pixels`: in proportion, and what is not nothing is two pixels at least."""
    if nanos <= 0 or most_nanos <= 0:
        return 0
    return max(2, nanos * pixels // most_nanos)
