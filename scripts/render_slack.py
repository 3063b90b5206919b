"""Draws what the app sent to Slack: `python -m scripts.render_slack docs/pictures [NAME ...]` (see pictures.py).

The JSON is what was sent, block by block (tests/stories/scenes.py); the look comes from here and is close to Slack's,
not its own.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

from scripts.pictures import Json, draw_folder, html_page, picture
from scripts.slack_markdown import as_html

WIDTH = 760
THUMB = """<svg viewBox="0 0 16 16"><path d="M2 7h2.5v7H2zM5.500 7 8.500 1.500c1 0 1.700.8 1.500 1.800L9.600 6H13c.9 \
0 1.500.8 1.300 1.700l-1 4.800c-.2.9-.9 1.500-1.800 1.500h-6z"/></svg>"""
STYLE = Path(__file__).with_name("slack.css")


def page(scene: Json, *styles: Path) -> str:
    """A scene as a web page; `styles` change its look."""
    seen = "".join(view(each["view"]) if "view" in each else message(each) for each in scene["seen"])
    return html_page(seen, STYLE, *styles)


def message(said: Json) -> str:
    """A message with its sender; of the app's, everything that it sent."""
    ours = said["from"] == "Chipin"
    only = '<div class="only">Only visible to you</div>' if said.get("only_you") else ""
    body = as_html(said.get("markdown", "")) + blocks(said.get("blocks", ()))
    body = body or f"<p>{lines(said.get('text', ''))}</p>"
    badge = '<span class="app">APP</span>' if ours else ""
    face = f'<div class="face {"ours" if ours else ""}">{escape(said["from"][0])}</div>'
    head = f'<div class="head"><b>{escape(said["from"])}</b>{badge}<time>10:04</time></div>'
    return f'<article class="message">{face}<div class="body">{only}{head}{body}</div></article>'


def view(shown: Json) -> str:
    """A form in its window, or a Home."""
    inside = blocks(shown["blocks"])
    if shown["type"] == "home":
        tabs = "<nav><b>Home</b><span>Messages</span><span>About</span></nav>"
        return f'<section class="home"><h1>Chipin</h1>{tabs}{inside}</section>'
    close = f'<span class="button">{text(shown.get("close"))}</span>' if shown.get("close") else ""
    submit = f'<span class="button primary">{text(shown.get("submit"))}</span>' if shown.get("submit") else ""
    title = f"<h1>{text(shown['title'])}<i>×</i></h1>"
    return f'<section class="modal">{title}{inside}<footer>{close}{submit}</footer></section>'


def blocks(sent: Sequence[Json]) -> str:
    """All of them. A kind that cannot be drawn is an error: a picture without it would not be true."""
    return "".join(BLOCKS[block["type"]](block) for block in sent)


def text(composed: Json | None) -> str:
    """A text object: plain text as it is, Slack's own markup with its bold, code and links."""
    if composed is None:
        return ""
    if composed["type"] == "plain_text":
        return lines(composed["text"])
    marked = lines(composed["text"], escaped=True)
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", marked)
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", marked)


def lines(words: str, *, escaped: bool = False) -> str:
    """Words with their line breaks."""
    return (words if escaped else escape(words)).replace("\n", "<br>")


# --- blocks ---


def _section(block: Json) -> str:
    fields = "".join(f"<div>{text(each)}</div>" for each in block.get("fields", ()))
    words = f"<div>{text(block.get('text'))}{fields}</div>"
    beside = element(block["accessory"]) if "accessory" in block else ""
    return f'<div class="section">{words}<div class="beside">{beside}</div></div>'


def _context(block: Json) -> str:
    return f'<div class="context">{" ".join(text(each) for each in block["elements"])}</div>'


def _actions(block: Json) -> str:
    return f'<div class="actions">{"".join(map(element, block["elements"]))}</div>'


def _input(block: Json) -> str:
    optional = ' <span class="optional">(optional)</span>' if block.get("optional") else ""
    hint = f'<div class="hint">{text(block["hint"])}</div>' if "hint" in block else ""
    return f'<div class="input"><label>{text(block["label"])}{optional}</label>{element(block["element"])}{hint}</div>'


def _table(block: Json) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in block["rows"])
    return f"<table>{rows}</table>"


def _cell(cell: Json) -> str:
    return rich(cell) if cell.get("type") == "rich_text" else escape(str(cell.get("text", "")))


def rich(block: Json) -> str:
    """Rich text: its words, and code as code."""
    drawn = []
    for part in block["elements"]:
        inside = "".join(
            f"<b>{lines(run['text'])}</b>" if run.get("style", {}).get("bold") else lines(str(run.get("text", "")))
            for run in part["elements"]
            if run["type"] == "text"
        )
        drawn.append(f"<pre>{inside}</pre>" if part["type"] == "rich_text_preformatted" else f"<p>{inside}</p>")
    return "".join(drawn)


BLOCKS: Mapping[str, Callable[[Json], str]] = {
    "section": _section,
    "context": _context,
    "context_actions": _actions,
    "actions": _actions,
    "input": _input,
    "table": _table,
    "rich_text": rich,
    "header": lambda block: f"<h2>{text(block['text'])}</h2>",
    "image": lambda block: picture(block["slack_file"]["id"], block["alt_text"]),
    "divider": lambda _: "<hr>",
    "markdown": lambda block: as_html(block["text"]),
}


# --- elements ---


def element(sent: Json) -> str:
    """Something to press, to choose or to fill in."""
    match sent["type"]:
        case "button":
            return f'<span class="button {sent.get("style", "")}">{text(sent["text"])}</span>'
        case "feedback_buttons":
            return f'<span class="thumb">{THUMB}</span><span class="thumb down">{THUMB}</span>'
        case "plain_text_input":
            high = " high" if sent.get("multiline") else ""
            return f'<div class="field{high}">{text(sent.get("placeholder"))}</div>'
        case "radio_buttons" | "checkboxes":
            chosen = sent.get("initial_option", {}).get("text")
            return "".join(
                f'<div class="radio"><i class="{"on" if each["text"] == chosen else ""}"></i>{text(each["text"])}</div>'
                for each in sent["options"]
            )
        case _:
            return f'<span class="menu">{_chosen(sent)}<i>⌄</i></span>'


def _chosen(menu: Json) -> str:
    if "initial_option" in menu:
        return text(menu["initial_option"]["text"])
    return text(menu.get("placeholder"))


if __name__ == "__main__":
    sys.exit(draw_folder(sys.argv[1:], "Draw what the app sent to Slack.", page, WIDTH))
