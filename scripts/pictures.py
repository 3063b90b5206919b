"""Draws pages as pictures: the part of scripts/render_*.py that is the same whatever chat is drawn.

Every NAME.json of a folder becomes NAME.png through a Chromium (CHROMIUM names it where it is called otherwise). With
`--html` the pages are written beside it instead.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from json import loads
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
DRAWN = "drawn.txt"
"""In the folder of the pictures: from which page each was drawn."""
SENT = Path(__file__).parents[1] / "docs/pictures/digest"
"""Where pictures lie that the app itself draws and sends."""
LOOK_OF_SENT = "display: block; width: min(100%, 360px); margin: 8px 0 4px; border-radius: 8px"
HIGH = 600
MEASURE = """<script>
document.title = Math.ceil(document.querySelector("main").getBoundingClientRect().bottom)
</script>"""
"""Says how high the page is."""
NAMES = ("chromium", "chromium-browser", "google-chrome")


def html_page(inside: str, *styles: Path) -> str:
    """What was drawn, in the look of these style sheets: what a later one says holds."""
    style = "".join(each.read_text() for each in styles)
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><title></title><body><main>{inside}</main></body>"


def picture(name: str, alt: str) -> str:
    """A picture that was sent, as it lies in docs/pictures/digest/; with it in the page, an old one is noticed."""
    drawn = b64encode((SENT / name).read_bytes()).decode()
    return f'<img style="{LOOK_OF_SENT}" alt="{escape(alt)}" src="data:image/png;base64,{drawn}">'


def draw(chromium: str, html: str, picture: Path, width: int) -> None:
    """Draw a page of that many pixels across; the picture ends where the page does."""
    with tempfile.TemporaryDirectory() as folder:
        source, drawn = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(html + MEASURE)
        said = _run(chromium, folder, width, HIGH, "--dump-dom", source.as_uri())
        needed = int(re.findall(r"<title>(\d+)</title>", said)[0])
        _run(chromium, folder, width, needed, f"--screenshot={drawn}", source.as_uri())
        shutil.copy(drawn, picture)


def _run(chromium: str, folder: str, width: int, high: int, *words: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own page, by the browser that the caller named)
        [
            chromium,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--hide-scrollbars", f"--user-data-dir={folder}/profile", f"--window-size={width},{high}"),
            *words,
        ],
        check=True,
        capture_output=True,
        timeout=120,
        text=True,
    )
    return done.stdout


def note(drawn: Path, name: str, html: str) -> None:
    """Write down which page a picture was drawn from, so that an old picture is noticed."""
    known = dict(line.split() for line in drawn.read_text().splitlines()) if drawn.exists() else {}
    known[name] = digest(html)
    drawn.write_text("".join(f"{each} {known[each]}\n" for each in sorted(known)))


def digest(html: str) -> str:
    """What tells one page from another."""
    return sha256(html.encode()).hexdigest()


def draw_folder(arguments: Sequence[str], what: str, page: Callable[[Json], str], width: int) -> int:
    """Do what was asked for on the command line, for every NAME.json of a folder; returns the exit code."""

    def pages(folder: Path) -> Iterator[tuple[str, str]]:
        for file in sorted(folder.glob("*.json")):
            yield file.stem, page(loads(file.read_text()))

    return draw_pages(arguments, what, pages, width)


def draw_pages(
    arguments: Sequence[str], what: str, pages: Callable[[Path], Iterable[tuple[str, str]]], width: int
) -> int:
    """Do what was asked for on the command line, for every page of a folder, by name; returns the exit code."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--html", action="store_true", help="write the pages instead of pictures")
    asked = parser.parse_args(arguments)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not chromium and not asked.html:
        print("No Chromium was found. CHROMIUM names one, or --html writes pages for any browser.")
        return 1
    for name, html in pages(asked.folder):
        if asked.names and name not in asked.names:
            continue
        drawn = asked.folder / f"{name}.png"
        if asked.html:
            drawn.with_suffix(".html").write_text(html)
        else:
            draw(chromium, html, drawn, width)
            note(asked.folder / DRAWN, name, html)
            print(f"{drawn.name}: {drawn.stat().st_size // 1024} KiB")
    return 0
