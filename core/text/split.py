"""Splits Markdown into messages of limited length, all at once or while it is still being written.

The law: each `Page` is `opened + content + closed`, and the contents of all pages joined are the original text.
`opened` and `closed` are what the split added so that each message can be read alone: the lines that close a code
fence and open it again with the same info string, and the header of a table that goes on.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from core.text.graphemes import last_cut, may_cut, whole_code_points
from core.text.markdown_lines import (
    NOTHING_OPEN,
    Open,
    after_line,
    begins_block,
    closes,
    is_delimiter,
    lines_of,
    opens_fence,
)

Measure = Callable[[str], int]
"""How long a platform says a text is: additive, and at least 1 for each character (`len`, `utf16_units`)."""

_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]]*\s+|[\u3002\uff01\uff1f]")
_SPACE = re.compile(r"\s+")


def utf16_units(text: str) -> int:
    """The length as JavaScript counts it: characters beyond the first 65,536 count twice."""
    return len(text) + sum(char > "\uffff" for char in text)


MIN_LIMIT = 200
"""What is added around a piece of code is at most about half of this."""


_AHEAD = 200
"""How far behind a cut is looked for what it would tear."""


class _Place(IntEnum):
    """How good a place is for a cut; better ones are greater."""

    WORD = 1
    SENTENCE = 2
    INSIDE = 3  # between lines of code, or rows of a table
    LINE = 4
    PARAGRAPH = 5


@dataclass(frozen=True, slots=True)
class Page:
    """One message: what of the text stands in it, and what was open when it began."""

    content: str = ""
    begun_in: Open = NOTHING_OPEN

    @property
    def opened(self) -> str:
        """What was added in front."""
        return self.begun_in.reopening

    @property
    def closed(self) -> str:
        """What is added behind if the message ends here."""
        closing = self._open_at_end.closing
        return "\n" + closing if closing and not (self.opened + self.content).endswith("\n") else closing

    @property
    def text(self) -> str:
        """The whole message."""
        return self.opened + self.content + self.closed

    @property
    def _open_at_end(self) -> Open:
        is_open = self.begun_in
        for line in lines_of(self.content):
            is_open = after_line(is_open, line)
        return is_open

    def following(self) -> "Page":
        """The page after this one, still empty."""
        return Page(begun_in=self._open_at_end)


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a cut must keep to: how much of the text stays in front of it, and how long a message may be."""

    floor: int
    limit: int
    measure: Measure


def fill(page: Page, piece: str, limit: int, measure: Measure = len) -> tuple[Page, str]:
    """Put as much of `piece` on the page as fits well; returns the page and what is left for `page.following()`.

    What is on the page stays there: it may have been sent. While nothing is left the page can take more. A page's
    `text` is never longer than `limit`, which is at least `MIN_LIMIT`.
    """
    near, far = piece[: limit + _AHEAD], piece[limit + _AHEAD :]
    whole = replace(page, content=page.content + near)
    if not far and measure(whole.text) <= limit:
        return whole, ""
    at = _best_cut(whole, _Cut(len(page.content), limit, measure))
    return replace(page, content=whole.content[:at]), whole.content[at:] + far


def split(text: str, limit: int, measure: Measure = len) -> list[Page]:
    """The pages of a whole text, none longer than `limit`, which is at least `MIN_LIMIT`; one page for no text."""
    return list(pages_of(text, limit, measure))


def pages_of(text: str, limit: int, measure: Measure = len) -> Iterator[Page]:
    """The same, one after the other, for whoever needs only the first of them."""
    page, rest = Page(), text
    while True:
        page, rest = fill(page, rest, limit, measure)
        yield page
        if not rest:
            return
        page = page.following()
        if measure(page.opened) * 2 > limit:  # a table whose header leaves no room goes on without it
            page = Page()


def _best_cut(whole: Page, cut: _Cut) -> int:
    """Where to cut: the best place in the second half of what fits, else the last place between words, else any.

    Where the page ends already is such a place too.
    """
    most = _most(whole, cut)
    places = [found for found in _places(whole, most) if found[1] >= max(cut.floor, 1)]
    late = sorted((found for found in places if found[1] * 2 >= most), reverse=True)
    for at in (*(at for _, at in late), *sorted((at for _, at in places), reverse=True)):
        if _fits(whole, at, cut):
            return at
    return _any_cut(whole, cut, most)


def _any_cut(whole: Page, cut: _Cut, most: int) -> int:
    """The last place that fits between two characters as people see them; inside one if it alone is too long."""
    at = last_cut(whole.content, cut.floor, most)
    while at > cut.floor and not _fits(whole, at, cut):
        at = last_cut(whole.content, cut.floor, at - 1)
    if at > 0:
        return at
    at = whole_code_points(whole.content, most)
    while at > 1 and not _fits(whole, at, cut):
        at = whole_code_points(whole.content, at - 1)
    return at


def _most(whole: Page, cut: _Cut) -> int:
    """How many characters of the content fit without what closes them."""
    room = cut.limit - cut.measure(whole.opened)
    low, high = cut.floor, min(len(whole.content), max(room, 0))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cut.measure(whole.content[:middle]) <= room else (low, middle - 1)
    return max(low, 1)


def _fits(whole: Page, at: int, cut: _Cut) -> bool:
    return cut.measure(replace(whole, content=whole.content[:at]).text) <= cut.limit


def _places(whole: Page, most: int) -> Iterator[tuple[_Place, int]]:
    """The places up to `most` where the text may be cut, with what they are worth."""
    is_open, at = whole.begun_in, 0
    lines = lines_of(whole.content)
    for line, next_line in zip(lines, [*lines[1:], ""], strict=True):
        was_open, is_open = is_open, after_line(is_open, line)
        if not opens_fence(was_open, line):
            yield from _places_inside(line, at, most)
        at += len(line)
        if at > most:
            return
        if place := _between(was_open, is_open, line, next_line):
            yield place, at


def _places_inside(line: str, start: int, most: int) -> Iterator[tuple[_Place, int]]:
    for place, pattern in ((_Place.SENTENCE, _SENTENCE_END), (_Place.WORD, _SPACE)):
        for match in pattern.finditer(line):
            at = match.end()
            if start + at <= most and at < len(line) and may_cut(line, at) and not begins_block(line[at:]):
                yield place, start + at


def _between(was_open: Open, is_open: Open, line: str, next_line: str) -> _Place | None:
    """What the place between two lines is worth; none right after a fence opens, or right before it closes."""
    if is_open.fence:
        return None if opens_fence(was_open, line) or closes(is_open, next_line) else _Place.INSIDE
    if is_open.table and "|" in next_line:
        return None if is_delimiter(line) else _Place.INSIDE
    if is_delimiter(next_line) and "|" in line:
        return None
    is_paragraph = not line.strip() or not next_line.strip() or next_line.startswith("#")
    return _Place.PARAGRAPH if is_paragraph else _Place.LINE
