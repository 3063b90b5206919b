"""Discord's Markdown as HTML, as far as pictures of messages need it: what Discord itself draws, and nothing live.

Discord has no tables; what looks like one stays text. Mentions are drawn by a table of names.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

Names = Mapping[str, str]
"""What stands for a mention: {"<@1>": "@Ben"}."""

_FENCE = re.compile(r"```(?:[\w+#.-]*\n)?(.*?)```", re.DOTALL)
_HEADING = re.compile(r"(#{1,3}|-#) (.+)")
_ITEM = re.compile(r"( *)(?:[-*]|(\d+)\.) (.+)")
_INNER = r"(?:\\.|[^\\])+?"
_INLINE = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    rf"|\*\*(?P<bold>{_INNER})\*\*(?!\*)"
    rf"|__(?P<under>{_INNER})__(?!_)"
    rf"|~~(?P<struck>{_INNER})~~"
    rf"|\|\|(?P<hidden>{_INNER})\|\|"
    rf"|\*(?P<stressed>(?![\s*]){_INNER})\*(?!\*)"
    rf"|(?<!\w)_(?P<also>{_INNER})_(?!\w)"
    r"|\[(?P<words>[^\]\n]+)\]\(<?(?P<to>https?://[^\s)>]+)>?\)"
    r"|<?(?P<link>https?://[^\s<>]+[^\s<>.,;:!?)'\"])>?"
    r"|(?P<mention><(?:@[!&]?|#|t:|/[^<>:\n]+:|a?:\w+:)\d+(?::\w)?>)",
    re.DOTALL,
)
_TAGS = {"bold": "b", "under": "u", "struck": "s", "stressed": "em", "also": "em"}


def as_html(markdown: str, names: Names) -> str:
    """Paragraphs, headings, lists, quotes and code. KeyError for a mention that `names` does not know."""
    drawn, begin = [], 0
    for fence in _FENCE.finditer(markdown):
        drawn += [*_lines(markdown[begin : fence.start()], names), f"<pre>{escape(fence[1].strip(chr(10)))}</pre>"]
        begin = fence.end()
    return "".join((*drawn, *_lines(markdown[begin:], names)))


def _lines(text: str, names: Names) -> Iterator[str]:
    """Line by line, as Discord lays them out: an empty line is one line high."""
    lines = text.strip("\n").split("\n") if text.strip() else []
    for line in lines:
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        if heading is not None:
            tag = "small" if heading[1] == "-#" else f"h{len(heading[1])}"
            yield f"<{tag}>{inline(heading[2], names)}</{tag}>"
        elif line.startswith("> "):
            yield f"<blockquote>{inline(line[2:], names)}</blockquote>"
        elif item is not None:
            mark = f"{item[2]}." if item[2] else "•"
            yield f'<div class="item in{len(item[1]) // 2}"><i>{mark}</i><span>{inline(item[3], names)}</span></div>'
        else:
            yield f"<p>{inline(line, names) or '&nbsp;'}</p>"


def inline(text: str, names: Names) -> str:
    """One line: bold, code, links, mentions, and what a backslash takes the power of."""
    drawn, begin = [], 0
    for found in _INLINE.finditer(text):
        drawn += [escape(text[begin : found.start()]), _run(found, names)]
        begin = found.end()
    return "".join((*drawn, escape(text[begin:])))


def _run(found: "re.Match[str]", names: Names) -> str:
    kind = str(found.lastgroup)
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>{inline(found[kind], names)}</{_TAGS[kind]}>"
    match kind:
        case "escaped":
            return escape(found["escaped"])
        case "code":
            return f"<code>{escape(found['code'])}</code>"
        case "hidden":
            return f'<span class="hidden">{inline(found["hidden"], names)}</span>'
        case "to":
            return f"<a>{inline(found['words'], names)}</a>"
        case "link":
            return f"<a>{escape(found['link'])}</a>"
        case _:
            return f'<span class="mention">{escape(names[found["mention"].replace("<@!", "<@")])}</span>'
