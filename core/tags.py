"""Tags: what a question says it is for, as in "#launch why is the build red?". The question itself stays as it is.

Words with a # before them stand in code, in addresses, in colours and in the names of channels too; none of those is a
tag (docs/decisions/0041 says why each).
"""

import re
import unicodedata

from core.secrets import find_secrets

MAX_TAG_CHARS = 40
NO_TAG = "none"
"""What is typed where a tag would be, for none: not even the one that questions have there which name none."""

_DIRECTIVES = """
    include include_next import using embed define undef pragma line error warning region endregion nullable
    if ifdef ifndef elif elifdef elifndef else endif
"""
_OF_PREPROCESSORS = frozenset(_DIRECTIVES.split())
_COLOUR = re.compile(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, and what Unicode lets nobody see (Default_Ignorable_Code_Point, DerivedCoreProperties.txt)."""

_TICKS = re.compile(r"`+")
_LEAST_FENCE = 3
_FENCE_OF_WAVES = re.compile(r"^[ \t]{0,3}~~~", re.MULTILINE)
# Mentions and links of chats and of HTML; links of Markdown, words and address. Each stops where another could begin.
_LINKS = re.compile(r"<[@#!/a-zA-Z][^<>\n]*>|(?:\[[^\[\]\n]*)?\]\([^()\n]*\)|(?i:https?://|www\.)[^\s<>]+")
_SIGN = re.compile(r"(?:^|(?<=[\s(\[{\"'“‘«「『。、*~]))#")
_MORE_OF_IT = re.compile(r"[({=/\\@+]|[ \t]{0,4}\{|[.:]\w|::")
"""Behind a name: it was a part of something else, and half a word is no tag."""


def tag_in(text: str) -> str:
    """The first tag of a question, without its sign; `NO_TAG` where it wants none, empty where it says nothing.

    Never raises; takes time in line with the length of the text.
    """
    if not any(sign in text for sign in ("#", "\N{FULLWIDTH NUMBER SIGN}", "\N{SMALL NUMBER SIGN}")):
        return ""
    plain = _without_links(_without_code(_seen(text)))
    found = (_name_at(plain, sign.end()) for sign in _SIGN.finditer(plain))
    return next(filter(None, found), "")


def tag_named(typed: str) -> str:
    """The tag that somebody named where one is asked for, with its sign or without; empty for what is none."""
    seen = _seen(typed).strip().removeprefix("#")
    tag = _name_at(seen, 0)
    return tag if _end_of_name(seen, 0) == len(seen) else ""


def is_tag(name: str) -> bool:
    """Whether this is a tag as it is kept."""
    return bool(name) and tag_named(name) == name


def _seen(text: str) -> str:
    """What people see of a text, each character in its one form: nothing hidden makes two tags of what reads as one."""
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", _HIDDEN.sub("", text)))


def _name_at(text: str, start: int) -> str:
    """The tag whose name begins here; empty for what is none."""
    end = _end_of_name(text, start)
    if end - start > MAX_TAG_CHARS or _MORE_OF_IT.match(text, end):
        return ""
    written = text[start:end].rstrip("-_")
    name = _folded(written)
    if not written or len(name) > MAX_TAG_CHARS or _folded(name) != name:
        return ""
    if name in _OF_PREPROCESSORS or _COLOUR.fullmatch(name):
        return ""
    return "" if find_secrets(written) or find_secrets(name) else name


def _end_of_name(text: str, start: int) -> int:
    """Where a name ends that begins here; where one that is too long passes the most."""
    end = start
    while end < len(text) and end - start <= MAX_TAG_CHARS and _may_stand(text[end], first=end == start):
        end += 1
    return end


def _may_stand(char: str, *, first: bool) -> bool:
    """Letters of any script begin a name; marks belong to letters, as vowels do in Hindi."""
    category = unicodedata.category(char)
    return category[0] == "L" or (not first and (category[0] == "M" or category == "Nd" or char in "-_"))


def _folded(name: str) -> str:
    """However it was written large or small."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _without_code(text: str) -> str:
    """The text with everything between backticks or fences covered, in its length. An open fence goes on to the end."""
    ticks = [found.span() for found in _TICKS.finditer(text)]
    next_of = _next_of_its_length(ticks)
    pieces, at, number = list[str](), 0, 0
    while number < len(ticks):
        (start, end), closing = ticks[number], next_of[number]
        if closing is None and end - start < _LEAST_FENCE:
            number += 1
            continue
        over = len(text) if closing is None else ticks[closing][1]
        pieces += [text[at:start], "`" * (over - start)]
        at, number = over, len(ticks) if closing is None else closing + 1
    covered = "".join((*pieces, text[at:]))
    return _without_waves(covered) if "~~~" in covered else covered


def _next_of_its_length(ticks: list[tuple[int, int]]) -> list[int | None]:
    """For each run of backticks the number of the next one that is as long."""
    next_of: list[int | None] = [None] * len(ticks)
    last: dict[int, int] = {}
    for number in range(len(ticks) - 1, -1, -1):
        length = ticks[number][1] - ticks[number][0]
        next_of[number] = last.get(length)
        last[length] = number
    return next_of


def _without_waves(text: str) -> str:
    fences = [found.start() for found in _FENCE_OF_WAVES.finditer(text)]
    pieces, at = list[str](), 0
    for start, over in zip(fences[::2], [*fences[1::2], len(text)], strict=False):
        pieces += [text[at:start], "~" * (over - start)]
        at = over
    return "".join((*pieces, text[at:]))


def _without_links(text: str) -> str:
    return _LINKS.sub(lambda found: "<" * len(found[0]), text)
