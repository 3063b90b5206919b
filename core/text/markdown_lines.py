"""What is open at the end of a line of Markdown: a code fence, or a table."""

import re
from dataclasses import dataclass

# A fence may stand in a quote or begin an item of a list.
_FENCE = re.compile(
    r"(?P<before>[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?)(?P<marker>`{3,20}|~{3,20})(?P<info>[^\n]*)\n?"
)
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BLOCK = re.compile(r"[ \t]*(?:`{3}|~{3}|#{1,6}\s|>|[-+*]\s|\d{1,9}[.)]\s|\|)")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LONGEST_INFO = 40
_MOST_QUOTES = 3
_LONGEST_HEADER = 1_000


@dataclass(frozen=True, slots=True)
class Fence:
    """A code block: how it is quoted, the marker that closes it, and its info string."""

    quoted: str
    marker: str
    info: str


@dataclass(frozen=True, slots=True)
class Open:
    """What the next line is a part of. `table` is the header of the table with its delimiter row.

    `last` is the line before, while it may turn out to be a header.
    """

    fence: Fence | None = None
    table: str = ""
    last: str = ""

    @property
    def reopening(self) -> str:
        """What a message begins with to go on here."""
        if self.fence:
            return f"{self.fence.quoted}{self.fence.marker}{self.fence.info}\n"
        return self.table

    @property
    def closing(self) -> str:
        """The line that a message ends with to stop here."""
        return f"{self.fence.quoted}{self.fence.marker}" if self.fence else ""


NOTHING_OPEN = Open()


def lines_of(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one."""
    return _LINE.findall(text)


def after_line(is_open: Open, line: str) -> Open:
    """What is open after one more line."""
    if is_open.fence:
        return NOTHING_OPEN if closes(is_open, line) else is_open
    if fence := _opened_by(line):
        return Open(fence=fence)
    if is_open.table and "|" in line:
        return is_open
    if "|" in is_open.last and "|" in line and is_delimiter(line):
        header = is_open.last + line.rstrip("\n") + "\n"
        return Open(table=header if len(header) <= _LONGEST_HEADER else "")
    return Open(last=line)


def opens_fence(is_open: Open, line: str) -> bool:
    """Whether this line opens a code fence."""
    return is_open.fence is None and _opened_by(line) is not None


def closes(is_open: Open, line: str) -> bool:
    """Whether this line closes the code fence that is open."""
    match = _FENCE.fullmatch(line)
    return (
        is_open.fence is not None
        and match is not None
        and match["marker"].startswith(is_open.fence.marker)
        and not match["info"].strip()
    )


def is_delimiter(line: str) -> bool:
    """Whether this is the row of dashes under the header of a table."""
    return "-" in line and "|" in line and _DELIMITER.fullmatch(line) is not None


def begins_block(rest: str) -> bool:
    """Whether the rest of a line would be read as a fence, a heading, a quote or a list if it began a message."""
    return _BLOCK.match(rest) is not None


def _opened_by(line: str) -> Fence | None:
    match = _FENCE.fullmatch(line)
    if match is None or (match["marker"].startswith("`") and "`" in match["info"]):
        return None
    info = match["info"].strip()
    quoted = "> " * min(match["before"].count(">"), _MOST_QUOTES)
    return Fence(quoted, match["marker"], info if len(info) <= _LONGEST_INFO else "")
