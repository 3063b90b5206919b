"""Checks of the composition objects and elements of Block Kit. Limits: slack_sdk.models and docs.slack.dev (2026)."""

import re
from collections.abc import Callable
from typing import Any

from tests.slack.faulty import Report
from tests.slack.state import Json

FILE_ID = re.compile(r"F[A-Z0-9]{8,}")
"""As Slack says it where another is sent (slackapi/python-slack-sdk#1521)."""


def text(report: Report, thing: Any, where: str, rule: str, maximum: int) -> None:
    """A text object: plain_text or mrkdwn."""
    _text(report, thing, where, (rule, maximum, ("plain_text", "mrkdwn")))


def _text(report: Report, thing: Any, where: str, limits: tuple[str, int, tuple[str, ...]]) -> None:
    rule, maximum, kinds = limits
    if not isinstance(thing, dict) or thing.get("type") not in kinds:
        report.add(rule, where, f"needs a text object of type {' or '.join(kinds)}")
        return
    allowed = ("type", "text", "emoji") if thing["type"] == "plain_text" else ("type", "text", "verbatim")
    report.known(thing, where, rule, *allowed)
    report.length(thing.get("text"), where, rule, maximum)
    report.characters += len(str(thing.get("text", "")))


def plain(report: Report, thing: Any, where: str, rule: str, maximum: int) -> None:
    """A text object that must be plain_text."""
    _text(report, thing, where, (rule, maximum, ("plain_text",)))


def confirm(report: Report, thing: Any, where: str) -> None:
    if not isinstance(thing, dict):
        report.add("confirm", where, "is no object")
        return
    report.known(thing, where, "confirm", "title", "text", "confirm", "deny", "style")
    plain(report, thing.get("title"), f"{where}.title", "confirm", 100)
    text(report, thing.get("text"), f"{where}.text", "confirm", 300)
    plain(report, thing.get("confirm"), f"{where}.confirm", "confirm", 30)
    plain(report, thing.get("deny"), f"{where}.deny", "confirm", 30)


def option(report: Report, thing: Any, where: str, *, value_maximum: int = 150) -> None:
    if not isinstance(thing, dict):
        report.add("option", where, "is no object")
        return
    report.known(thing, where, "option", "text", "value", "description", "url")
    text(report, thing.get("text"), f"{where}.text", "option", 75)
    report.length(thing.get("value"), f"{where}.value", "option", value_maximum)
    if "description" in thing:
        text(report, thing["description"], f"{where}.description", "option", 75)


def options(report: Report, thing: Json, where: str, maximum: int, *, minimum: int = 1) -> None:
    """`options` of a menu, or `option_groups`; a chosen option must be one of them."""
    groups: Any = thing.get("option_groups")
    offered: Any
    if groups is not None:
        if "options" in thing:
            report.add("options", where, "has both options and option_groups")
        if report.count(groups, f"{where}.option_groups", "options", 100):
            for group in groups:
                plain(report, group.get("label"), f"{where}.option_groups", "options", 75)
        offered = [one for group in groups for one in group.get("options", [])]
    else:
        offered = thing.get("options", [])
        report.count(offered, f"{where}.options", "options", maximum, minimum=minimum)
    for number, one in enumerate(offered if isinstance(offered, list) else []):
        option(report, one, f"{where}.options[{number}]")
    chosen = thing.get("initial_options", [thing["initial_option"]] if "initial_option" in thing else [])
    for one in chosen:
        if one not in offered:
            report.add("initial_option", where, "is not one of the options, letter for letter")


def button(report: Report, thing: Json, where: str) -> None:
    allowed = ("type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label", "agent_prompt")
    report.known(thing, where, "button", *allowed)
    plain(report, thing.get("text"), f"{where}.text", "button text", 75)
    if "value" in thing:
        report.length(thing["value"], f"{where}.value", "button value", 2000)
    if "url" in thing:
        report.length(thing["url"], f"{where}.url", "button url", 3000)
    if "style" in thing:
        report.one_of(thing["style"], f"{where}.style", "button style", "primary", "danger")
    if "accessibility_label" in thing:
        report.length(thing["accessibility_label"], f"{where}.accessibility_label", "button", 75)


def select(report: Report, thing: Json, where: str) -> None:
    options(report, thing, where, 100)


def few(report: Report, thing: Json, where: str) -> None:
    options(report, thing, where, 10)


def overflow(report: Report, thing: Json, where: str) -> None:
    options(report, thing, where, 5)


def feedback(report: Report, thing: Json, where: str) -> None:
    report.known(thing, where, "feedback_buttons", "type", "action_id", "positive_button", "negative_button")
    for side in ("positive_button", "negative_button"):
        one = thing.get(side)
        if not isinstance(one, dict):
            report.add("feedback_buttons", where, f"{side} is missing")
            continue
        report.known(one, where, "feedback_buttons", "text", "value", "accessibility_label")
        plain(report, one.get("text"), f"{where}.{side}.text", "feedback_buttons", 75)
        report.length(one.get("value"), f"{where}.{side}.value", "feedback_buttons", 2000)


def icon_button(report: Report, thing: Json, where: str) -> None:
    report.one_of(thing.get("icon"), f"{where}.icon", "icon_button", "trash")
    plain(report, thing.get("text"), f"{where}.text", "icon_button", 75)


def plain_input(report: Report, thing: Json, where: str) -> None:
    for name in ("min_length", "max_length"):
        if name in thing and not (isinstance(thing[name], int) and 0 <= thing[name] <= 3000):
            report.add("plain_text_input", where, f"{name} must be 0 to 3000")


def number_input(report: Report, thing: Json, where: str) -> None:
    if not isinstance(thing.get("is_decimal_allowed"), bool):
        report.add("number_input", where, "is_decimal_allowed is required")
    for name in ("initial_value", "min_value", "max_value"):
        if name in thing and not isinstance(thing[name], str):
            report.add("number_input", where, f"{name} must be a string")


def anything(report: Report, thing: Json, where: str) -> None:
    """No rule beyond those of every element."""


CHECKS: dict[str, Callable[[Report, Json, str], None]] = {
    "button": button,
    "static_select": select,
    "multi_static_select": select,
    "external_select": anything,
    "multi_external_select": anything,
    "users_select": anything,
    "multi_users_select": anything,
    "conversations_select": anything,
    "multi_conversations_select": anything,
    "channels_select": anything,
    "multi_channels_select": anything,
    "overflow": overflow,
    "radio_buttons": few,
    "checkboxes": few,
    "datepicker": anything,
    "timepicker": anything,
    "datetimepicker": anything,
    "plain_text_input": plain_input,
    "number_input": number_input,
    "email_text_input": anything,
    "url_text_input": anything,
    "rich_text_input": anything,
    "file_input": anything,
    "feedback_buttons": feedback,
    "icon_button": icon_button,
    "workflow_button": anything,
}
INPUTS = frozenset(CHECKS) - {"button", "overflow", "feedback_buttons", "icon_button", "workflow_button"}
IN_ACTIONS = frozenset(CHECKS) - {
    *("email_text_input", "url_text_input", "number_input", "file_input", "plain_text_input"),
    *("feedback_buttons", "icon_button"),
}
IN_SECTION = IN_ACTIONS | {"image"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})


def element(report: Report, thing: Any, where: str, allowed: frozenset[str], seen: set[str]) -> None:
    """One interactive element, of a kind that its block allows. `seen`: the action ids of its block."""
    kind = thing.get("type") if isinstance(thing, dict) else None
    if kind not in allowed:
        report.add("element type", where, f"{kind!r} cannot stand here")
        return
    if kind == "image":
        image(report, thing, where)
        return
    CHECKS[kind](report, thing, where)
    action = thing.get("action_id")
    if action is not None:
        report.length(action, f"{where}.action_id", "action_id length", 255)
        if action in seen:
            report.add("action_id unique", where, f"{action!r} stands twice in its block")
        seen.add(action)
    if "confirm" in thing:
        confirm(report, thing["confirm"], f"{where}.confirm")
    if "placeholder" in thing:
        plain(report, thing["placeholder"], f"{where}.placeholder", "placeholder", 150)


def image(report: Report, thing: Json, where: str) -> None:
    """An image block or element: Slack keeps what it shows (loaded from elsewhere, it tells a stranger who looked)."""
    if "slack_file" not in thing:
        report.add("image", where, "no image from elsewhere may be sent")
    report.length(thing.get("alt_text"), f"{where}.alt_text", "image alt text", 2000)
    if ("image_url" in thing) == ("slack_file" in thing):
        report.add("image source", where, "needs either image_url or slack_file")
    if "image_url" in thing:
        report.length(thing["image_url"], f"{where}.image_url", "image url", 3000)
    if "slack_file" in thing:
        report.known(thing["slack_file"], f"{where}.slack_file", "image source", "id")
        if not FILE_ID.fullmatch(str(thing["slack_file"].get("id"))):
            report.add("image source", f"{where}.slack_file.id", f"input must match regex pattern: {FILE_ID.pattern}")
