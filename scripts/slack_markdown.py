"""The Markdown of answers as HTML, as far as pictures of them need it: what Slack itself draws, and nothing live."""

import re
from collections.abc import Iterator
from html import escape

_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_ITEM = re.compile(r"^(?:(\d+)\.|[-*]) (.*)$")


def as_html(markdown: str) -> str:
    """Paragraphs, lists, quotes, tables, and code in its fences."""
    return "".join(_drawn(group) for group in _groups(markdown))


def _groups(markdown: str) -> Iterator[list[str]]:
    """Lines that belong together: a fence with what is in it, or what stands between empty lines."""
    group: list[str] = []
    in_code = False
    for line in markdown.split("\n"):
        fence = line.startswith("```")
        if (fence and not in_code) or (not line.strip() and not in_code):
            if group:
                yield group
            group = [line] if fence else []
        else:
            group.append(line)
        if fence:
            in_code = not in_code
            if not in_code:
                yield group
                group = []
    if group:
        yield group


def _drawn(group: list[str]) -> str:
    if group[0].startswith("```"):
        return f"<pre>{escape(chr(10).join(line for line in group[1:] if not line.startswith('```')))}</pre>"
    if all(_ROW.match(line) for line in group):
        head, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in group]
        drawn = "".join(f"<tr>{''.join(f'<td>{words(cell)}</td>' for cell in row)}</tr>" for row in rows)
        return f"<table><tr>{''.join(f'<th>{words(cell)}</th>' for cell in head)}</tr>{drawn}</table>"
    items = [_ITEM.match(line) for line in group]
    if all(items):
        ordered = group[0][0].isdigit()
        inside = "".join(f"<li>{words(item[2])}</li>" for item in items if item)
        return f"<ol>{inside}</ol>" if ordered else f"<ul>{inside}</ul>"
    drawn = ""
    for line in group:
        quoted = line.startswith("> ")
        drawn += f"<blockquote>{words(line[2:])}</blockquote>" if quoted else f"{words(line)}<br>"
    return f"<p>{drawn.removesuffix('<br>')}</p>"


def words(markdown: str) -> str:
    """One line: bold, code, and what is escaped."""
    kept: list[str] = []

    def keep(found: "re.Match[str]") -> str:
        kept.append(f"<code>{escape(found[1])}</code>")
        return f"\0{len(kept) - 1}\0"

    line = escape(re.sub(r"`([^`]+)`", keep, markdown), quote=False)
    line = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", line)
    line = re.sub(r"\\([\\`*_\[\]()#!<>~|.-])", r"\1", line)
    return re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], line)
