"""The pictures in docs/digest.md show what the digest says of simulated weeks, as it is drawn now."""

import json

from core.money import format_usd
from scripts.pictures import DRAWN, digest
from scripts.render_digest import CHART, chart_of, pages
from tests.stories import digest_week
from tests.stories.pages import ROOT
from tests.stories.pictures import MOST_BYTES, OF_DIGEST


async def test_the_week_is_what_is_posted_of_it_now() -> None:
    assert digest_week.as_kept(await digest_week.the_week()) == json.loads(digest_week.KEPT.read_text())


def test_the_page_has_the_same_week_in_words() -> None:
    page = (ROOT / "docs/digest.md").read_text()
    kept = json.loads(digest_week.KEPT.read_text())
    assert f"<!-- digest -->\n```text\n{digest_week.in_words(kept)}\n```\n" in page
    shown = f"{format_usd(sum(bar['nanos'] for bar in kept['chart']['bars']))} in large letters"
    assert shown in page


def test_every_picture_was_drawn_from_what_is_sent_now() -> None:
    drawn = dict(line.split() for line in (OF_DIGEST / DRAWN).read_text().splitlines())
    now = {CHART: chart_of(OF_DIGEST), **dict(pages(OF_DIGEST))}
    assert drawn == {name: digest(page) for name, page in now.items()}
    assert all((OF_DIGEST / f"{name}.png").stat().st_size <= MOST_BYTES for name in now)
