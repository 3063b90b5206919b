"""Looks for what would ring, load or unfurl: live mentions, pictures in Markdown, links that unfurl."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from tests.slack.faulty import Report

SHOUT = re.compile(r"<!(?:channel|here|everyone|group)\b[^>]*>", re.IGNORECASE)
GROUP = re.compile(r"<!subteam\^\w+[^>]*>", re.IGNORECASE)
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", re.IGNORECASE)
AT_ALL = re.compile(r"(?<![\w.])@(?:everyone|channel|here)\b", re.IGNORECASE)
PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\s]")
INERT = frozenset({"value", "action_id", "block_id", "private_metadata", "callback_id", "event_type", "metadata"})


def shown(thing: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a payload that somebody is shown, and where it stands."""
    if isinstance(thing, str):
        yield where, thing
    elif isinstance(thing, dict):
        if thing.get("type") in ("broadcast", "user", "usergroup"):  # rich text mentions
            yield where, f"<@{thing['user_id']}>" if "user_id" in thing else "<!channel>"
        for name, value in thing.items():
            if name not in INERT:
                yield from shown(value, f"{where}.{name}" if where else name)
    elif isinstance(thing, list):
        for number, one in enumerate(thing):
            yield from shown(one, f"{where}[{number}]")


def check_text(report: Report, text: str, where: str, allowed: Collection[str]) -> None:
    """One text as Slack would read it: no mention that rings, no picture. `allowed`: user ids that may be named."""
    for pattern in (SHOUT, GROUP, AT_ALL):
        if found := pattern.search(text):
            report.add("live mention", where, found.group())
    for person in PERSON.findall(text):
        if person not in allowed:
            report.add("live mention", where, f"<@{person}>")
    if found := PICTURE.search(text):
        report.add("picture in Markdown", where, found.group())


def check_shown(report: Report, payload: Any, allowed: Collection[str]) -> None:
    for where, text in shown(payload):
        check_text(report, text, where, allowed)


def check_unfurls(report: Report, fields: dict[str, Any]) -> None:
    for flag in ("unfurl_links", "unfurl_media"):
        if fields.get(flag) not in (False, "false", "0"):
            report.add("unfurl", flag, "must be sent as false")
    if fields.get("link_names") or fields.get("parse") == "full":
        report.add("live mention", "link_names", "names in the text would become mentions")
