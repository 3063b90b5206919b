"""A team's week: its headline, its chart as a picture or in words, and its lines."""

from adapters.slack.views.cards import notice_rows
from adapters.slack.views.shown import Shown, aside, header, lines_shown, picture_of, point, read_out
from core.announcement import Notice


def digest_shown(notice: Notice, picture: str) -> Shown:
    """`picture` is a file that Slack keeps; where there is none, the chart stands there in words.

    The picture stands above the lines: on a phone it is seen with the headline, before anybody reads on. Each line is
    a point, since it is wider than a phone and would run into the next.
    """
    (first, *others), chart = notice.words.split("\n"), notice.chart
    blocks = [header(first)]
    if chart is not None and picture:
        blocks.append(picture_of(picture, chart.alt))
    blocks += lines_shown(map(point, others)).blocks if others else ()
    if chart is not None and not picture:
        blocks.append(aside(chart.alt))
    told = [first, *others, *([chart.alt] if chart is not None else [])]
    return Shown(read_out(told), (*blocks, *notice_rows(notice)))
