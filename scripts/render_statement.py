"""Draws a month's statement from made-up books: `python -m scripts.render_statement docs/pictures/books`.

By day and by night at the width of a page, and with `--html` the page itself. See pictures.py.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.month_books import BilledMonth, MonthBooks
from core.people import OPERATOR, Team
from core.periods import Calendar, Period
from core.spending import Movement, SpentOn, WalletMovements
from core.text.statement_html import statement_html
from scripts.pictures import DRAWN, NAMES, draw, note

WIDTH = 820
NIGHT = ("@media (prefers-color-scheme:dark)", "@media all")
"""A picture is drawn by day; by night the page's own colours for it count always."""
_SAFE = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"


def month() -> MonthBooks:
    """November of a team of nobody: every number is made up, and they add up."""
    calendar = Calendar(ZoneInfo("Europe/Berlin"))
    spent = (
        SpentOn("anthropic", "launch", 18_402_117_350),
        SpentOn("openai", "launch", 9_118_004_120),
        SpentOn("openai", "", 6_004_991_275),
        SpentOn("anthropic", "support", 3_311_090_505),
        SpentOn("mistral", "", 412_600_040),
    )
    given_back = (SpentOn("openai", "launch", 120_400_015),)
    opening, came, back = 12_204_118_633, 75_000_000_000, 10_000_000_000
    moved = WalletMovements(
        opening_nanos=opening,
        top_ups=(
            Movement(
                "topup_9f31c2", 50_000_000_000, "mbr_a", "November budget", datetime(2026, 11, 2, 9, 4, tzinfo=UTC)
            ),
            Movement("topup_c07e51", 10_000_000_000, "mbr_b", "typed twice", datetime(2026, 11, 9, 13, 30, tzinfo=UTC)),
            Movement("topup_d18a02", 15_000_000_000, "mbr_b", "launch week", datetime(2026, 11, 18, 8, 12, tzinfo=UTC)),
        ),
        taken_back=(
            Movement(
                "undo_51be77", back, OPERATOR, "typed twice", datetime(2026, 11, 9, 13, 36, tzinfo=UTC), "topup_c07e51"
            ),
        ),
        spent=spent,
        given_back=given_back,
        absorbed_nanos=231_000_075,
        closing_nanos=opening
        + came
        - back
        + sum(each.cost_nanos for each in given_back)
        - sum(each.cost_nanos for each in spent),
    )
    return MonthBooks(
        Team("team", "wal", "Harbour Lights", calendar),
        calendar.span(Period.MONTH, datetime(2026, 11, 15, tzinfo=UTC)),
        datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
        moved,
        names={"mbr_a": "Ada Brandt", "mbr_b": "Ben Okafor"},
        titles={"anthropic": "Anthropic", "openai": "OpenAI", "mistral": "Mistral"},
        bills=(BilledMonth("openai", "2026-11", 15_300_000_000, 15_122_995_395),),
    )


def pages() -> dict[str, str]:
    """The pages by the names of their pictures."""
    by_day = statement_html(month())
    return {"statement": by_day, "statement-dark": by_day.replace(*NIGHT)}


def main(arguments: Sequence[str]) -> int:
    """Draw them; returns the exit code."""
    parser = argparse.ArgumentParser(description="Draw a month's statement from made-up books.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--html", action="store_true", help="write the pages instead of pictures")
    asked = parser.parse_args(arguments)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not chromium and not asked.html:
        print("No Chromium was found. CHROMIUM names one, or --html writes pages for any browser.")
        return 1
    for name, html in pages().items():
        if asked.html:
            (asked.folder / f"{name}.html").write_text(html)
            continue
        # What measures the page is a script, which the page itself forbids.
        draw(chromium, html.replace(_SAFE, ""), asked.folder / f"{name}.png", WIDTH)
        note(asked.folder / DRAWN, name, html)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
