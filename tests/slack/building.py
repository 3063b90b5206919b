"""Small good blocks, for tests of the validator and of the fake."""

from typing import Any

from tests.slack.state import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def option(text: str = "One", **more: Any) -> Json:
    return {"text": plain(text), "value": text, **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("Hello"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def entry(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Amount"), "element": element, **more}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    return {"type": "table", "rows": [[raw(text) for _ in range(columns)] for _ in range(rows)]}


def data_table(rows: int = 2, columns: int = 2, text: str = "x", **more: Any) -> Json:
    return {**table(rows, columns, text), "type": "data_table", "caption": "Asks", **more}


def chart(**more: Any) -> Json:
    return {
        "type": "data_visualization",
        "title": "My month",
        "chart": {"type": "pie", "segments": [spot("a", 1)]},
    } | more


def spot(label: str, value: Any) -> Json:
    return {"label": label, "value": value}


def bars(series: list[Json] | None = None, **axes: Any) -> Json:
    one = {"name": "Spent", "data": [spot("Mon", 1), spot("Tue", 2)]}
    config = {"categories": ["Mon", "Tue"], "y_label": "Dollars"} | axes
    return chart(chart={"type": "bar", "series": [one] if series is None else series, "axis_config": config})


FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("It costs."), "confirm": plain("Yes"), "deny": plain("No")}
CARD = {"type": "card", "title": mrkdwn("Team"), "body": mrkdwn("$10"), "actions": [button()]}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Hello"}]}],
}
