"""A team's week: its headline, its lines, and its chart as a picture or in words."""

from adapters.slack.views.cards import notice_rows
from adapters.slack.views.shown import Shown, aside, header, lines_shown, picture_of, read_out
from core.announcement import Notice


def digest_shown(notice: Notice, picture: str) -> Shown:
    """`picture` is a file that Slack keeps; where there is none, the chart stands there in words."""
    lines, chart = notice.words.split("\n"), notice.chart
    blocks = [header(lines[0]), *(lines_shown(lines[1:]).blocks if lines[1:] else ())]
    if chart is not None:
        blocks.append(picture_of(picture, chart.alt) if picture else aside(chart.alt))
    told = [*lines, *([chart.alt] if chart is not None else [])]
    return Shown(read_out(told), (*blocks, *notice_rows(notice)))
