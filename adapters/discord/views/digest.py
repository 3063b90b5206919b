"""A team's week: its headline, its lines, and its chart as a picture or in words."""

from adapters.discord.views.cards import notice_rows
from adapters.discord.views.shown import GALLERY, Json, Shown, aside, card, lines_shown, readable, words
from core.announcement import Notice

PICTURE_NAME = "chart.png"
MAX_ALT_CHARS = 1_024
"""Of an item of a media gallery, and of an attachment (components/reference; resources/message)."""


def digest_shown(notice: Notice, *, picture: bool) -> Shown:
    """With the picture that goes along as `PICTURE_NAME`; without one the chart stands there in words."""
    first, *others = notice.words.split("\n")
    under = list[Json]()
    if notice.chart is not None:
        under.append(_picture(notice.chart.alt) if picture else aside(notice.chart.alt))
    under += notice_rows(notice)
    headline = words(f"### {readable(first)}")
    lines = lines_shown(others, *under, room=_ROOM).components if others else tuple(under)
    return Shown((card(headline, *lines),))


_ROOM = 3_000
"""For the lines and what stands under them: the headline has the rest, however long it is."""


def _picture(alt: str) -> Json:
    return {
        "type": GALLERY,
        "items": [{"media": {"url": f"attachment://{PICTURE_NAME}"}, "description": alt[:MAX_ALT_CHARS]}],
    }
