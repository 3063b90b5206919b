"""Draws the digest as phones show it: `python -m scripts.render_digest docs/pictures/digest [NAME ...]`.

week.json in that folder is what was posted of simulated weeks (tests/stories/digest_week.py), ../digest.json and
../discord/digest.json are what was sent of it. chart.png is drawn as the app draws it; the others show it as the chats
look, 375 pixels wide and half as large again, in the light and in the dark. How they become pictures: pictures.py.
"""

import sys
from collections.abc import Iterator
from json import dumps, loads
from pathlib import Path

from adapters.charts.rasterise import png
from core.chart import chart_from
from core.drawing.picture import svg
from scripts import render_discord, render_slack
from scripts.pictures import DRAWN, draw_pages, html_page, note, picture

WIDTH = 562
HERE = Path(__file__).parent
PHONE, SLACK_DARK, DISCORD_LIGHT = (HERE / f"{name}.css" for name in ("phone", "slack_dark", "discord_light"))
WEEK, CHART = "week.json", "chart"


def chart_of(folder: Path) -> str:
    """The chart that was posted, as the SVG that becomes chart.png."""
    return svg(chart_from(dumps(loads((folder / WEEK).read_text())["chart"])))


def draw_chart(folder: Path) -> None:
    """Draw what is sent."""
    drawn = chart_of(folder)
    (folder / f"{CHART}.png").write_bytes(png(drawn))
    note(folder / DRAWN, CHART, drawn)


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """The chart alone and the digest in each chat, by what the picture is called."""
    alone = picture(f"{CHART}.png", "")
    slack, discord = (loads((folder.parent / name).read_text()) for name in ("digest.json", "discord/digest.json"))
    yield "chart-light", html_page(alone, render_slack.STYLE, PHONE)
    yield "chart-dark", html_page(alone, render_discord.STYLE, PHONE)
    yield "slack-light", render_slack.page(slack, PHONE)
    yield "slack-dark", render_slack.page(slack, PHONE, SLACK_DARK)
    yield "discord-light", render_discord.page(discord, PHONE, DISCORD_LIGHT)
    yield "discord-dark", render_discord.page(discord, PHONE)


def main(arguments: list[str]) -> int:
    """Draw the chart that is sent, and then what shows it; returns the exit code."""
    for folder in [Path(each) for each in arguments if (Path(each) / WEEK).exists()]:
        draw_chart(folder)
    return draw_pages(arguments, "Draw the digest as phones show it.", pages, WIDTH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
