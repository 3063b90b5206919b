"""Whom and what people mention in a command: `<@U1|anna>`, `<#C1|general>`, `<!subteam^S1|@design>`."""

import re

from adapters.slack.conversation.said import plain_text

_TOKEN = re.compile(r"<(?P<sign>[#!])(?P<id>[^<>|\s]*)(?:\|[^<>]*)?>")
_USER = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"subteam\^(?P<id>[A-Z0-9]+)")
MAX_NAMED = 10
"""Users looked up in one line."""


def as_typed(text: str) -> str:
    """The words as whoever typed them read them: in commands Slack names everybody who is mentioned."""
    return plain_text(text, lambda _: "")


def users_in(text: str) -> tuple[str, ...]:
    """The ids of the users that are mentioned, each once."""
    return tuple(dict.fromkeys(found["id"] for found in _USER.finditer(text)))[:MAX_NAMED]


def with_users(text: str, called: dict[str, str]) -> str:
    """The same text with other words for users: `called` by their id; who is not in it stays a mention."""
    return _USER.sub(lambda found: called.get(found["id"], found[0]), text)


def channel_of(token: str) -> str:
    """The id in a channel's sign; empty for what is none."""
    found = _TOKEN.fullmatch(token)
    return found["id"] if found and found["sign"] == "#" else ""


def group_of(token: str) -> str:
    """The id in a user group's sign; empty for what is none."""
    found = _TOKEN.fullmatch(token)
    group = _GROUP.fullmatch(found["id"]) if found and found["sign"] == "!" else None
    return group["id"] if group else ""
