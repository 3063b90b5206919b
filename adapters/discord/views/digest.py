"""A team's week: its headline, its chart as a picture or in words, and its lines."""

from adapters.discord.views.cards import notice_rows
from adapters.discord.views.shown import GALLERY, Json, Shown, aside, card, lines_shown, point, readable, words
from core.announcement import Notice

PICTURE_NAME = "chart.png"
MAX_ALT_CHARS = 1_024
"""Of an item of a media gallery, and of an attachment (components/reference; resources/message)."""


def digest_shown(notice: Notice, *, picture: bool) -> Shown:
    """With the picture that goes along as `PICTURE_NAME`; without one the chart stands there in words.

    The picture stands above the lines: on a phone it is seen with the headline, before anybody reads on. Each line is
    a point, since it is wider than a phone and would run into the next.
    """
    first, *others = notice.words.split("\n")
    above, under = list[Json](), list[Json]()
    if notice.chart is not None and picture:
        above.append(_picture(notice.chart.alt))
    elif notice.chart is not None:
        under.append(aside(notice.chart.alt))
    under += notice_rows(notice)
    lines = lines_shown(map(point, others), *under, room=_ROOM).components if others else tuple(under)
    return Shown((card(words(f"### {readable(first)}"), *above, *lines),))


_ROOM = 3_000
"""For the lines and what stands under them: the headline has the rest, however long it is."""


def _picture(alt: str) -> Json:
    return {
        "type": GALLERY,
        "items": [{"media": {"url": f"attachment://{PICTURE_NAME}"}, "description": alt[:MAX_ALT_CHARS]}],
    }
