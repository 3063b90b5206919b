"""What somebody said on Discord, as plain text: its own marks for people, roles, channels and the like become words."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from core.prompt import whole

MOST_CHARS = 4_000
"""The longest message anybody can write: with Nitro (support.discord.com, "What are the character limits")."""
UNSEEN = "\N{ZERO WIDTH SPACE}"
"""With this, mentions in answers of ours are broken."""
_MARK = re.compile(
    r"<(?:(?P<sign>@[!&]?|#)(?P<id>\d{1,20})"
    r"|a?:(?P<emoji>\w{1,32}):\d{1,20}"
    r"|t:(?P<seconds>-?\d{1,13})(?::[a-zA-Z])?"
    r"|/(?P<command>[^:<>\n]{1,110}):\d{1,20}"
    r"|id:(?P<page>[a-z-]{1,32})(?::\d{1,20})?"
    r"|(?P<link>https?://[^\s<>]{1,2000}))>"
)
"""Everything that Discord writes in angle brackets (docs.discord.com/developers/reference#message-formatting), and
links whose preview somebody took away."""
_UNNAMED = {"@": "@somebody", "@&": "@a-role", "#": "#a-channel"}

NameOf = Callable[[str, str], str]
"""The name behind a sign ("@", "@&" or "#") and an id; empty where it is not known."""


def plain_text(text: str, name_of: NameOf, *, without: Collection[str] = ()) -> str:
    """The words, with names where people, roles and channels are mentioned.

    Mentions of those `without` (a sign and an id, as "@12" or "@&34") are taken out.
    """
    for mention in without:
        sign, called = ("@&", mention[2:]) if mention.startswith("@&") else ("@!?", mention[1:])
        text = re.sub(rf"[ \t]?<{sign}{re.escape(called)}>(?:[:,](?=\s))?", "", text)
    plain = _MARK.sub(lambda found: _words_of(found, name_of), text)
    return whole(plain.replace(UNSEEN, "")).strip()


def _words_of(found: re.Match[str], name_of: NameOf) -> str:
    if sign := found["sign"]:
        sign = sign.removesuffix("!")
        name = name_of(sign, found["id"])
        return f"{sign[0]}{name.removeprefix(sign[0])}" if name else _UNNAMED[sign]
    if found["emoji"]:
        return f":{found['emoji']}:"
    if found["seconds"]:
        return _moment(int(found["seconds"])) or found[0]
    if found["command"]:
        return f"/{found['command']}"
    return found["link"] or f"#{found['page']}"


def _moment(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""
