"""What somebody said on Slack, as plain text: its own marks for people, channels and links become words."""

import re
from collections.abc import Callable

from core.prompt import whole

MOST_CHARS = 40_000
"""Slack cuts a message there (docs.slack.dev, chat.postMessage); what is longer did not come out of its composer."""
UNSEEN = "\N{ZERO WIDTH SPACE}"
"""With this, mentions in answers of ours are broken."""
_MARK = re.compile(r"<((?:[@#!]|[a-z][a-z0-9+.-]*:)[^<>\n]{1,3000})>", re.IGNORECASE)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""All that Slack escapes (docs.slack.dev/messaging/formatting-message-text); the ampersand comes last."""

NameOf = Callable[[str], str]
"""The name of a user by their id; empty where it is not known."""


def plain_text(text: str, name_of: NameOf, *, without: str = "") -> str:
    """The words, with names where people are mentioned. Mentions of the user `without` are taken out."""
    if without:
        text = re.sub(rf"[ \t]?<@{re.escape(without)}(?:\|[^<>]*)?>(?:[:,](?=\s))?", "", text)
    plain = _MARK.sub(lambda found: _words_of(found[1], name_of), text)
    for entity, char in _ENTITIES:
        plain = plain.replace(entity, char)
    return whole(plain.replace(UNSEEN, "")).strip()


def mentioned(text: str) -> frozenset[str]:
    """The ids of all who are mentioned."""
    return frozenset(_MENTION.findall(text))


def _words_of(mark: str, name_of: NameOf) -> str:
    what, _, label = mark.partition("|")
    match what[0]:
        case "@":
            return f"@{(label or name_of(what[1:]) or 'somebody').removeprefix('@')}"
        case "#":
            return f"#{label or 'a-channel'}"
        case "!":
            return _of_special(what[1:], label)
    if what.startswith(("mailto:", "tel:")):
        return label or what.partition(":")[2]
    return f"{label} ({what})" if label and label not in what else what


def _of_special(what: str, label: str) -> str:
    """`here`, `channel`, `everyone`, a user group, or a date with the words it is shown by."""
    kind, _, _ = what.partition("^")
    if kind == "subteam":
        return f"@{label.removeprefix('@') or 'a-group'}"
    return label or f"@{kind}"
