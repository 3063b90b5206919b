"""The validator lets a good payload through, and refuses one planted violation of every rule."""

from copy import deepcopy

import pytest

from tests.slack.blocks import check_blocks, check_message, check_posted, check_view
from tests.slack.building import (
    CARD,
    CONFIRM,
    FEEDBACK,
    RICH,
    actions,
    bars,
    button,
    chart,
    data_table,
    entry,
    mrkdwn,
    option,
    plain,
    raw,
    section,
    select,
    spot,
    table,
)
from tests.slack.faulty import Report
from tests.slack.state import Json

GOOD = [
    section(block_id="a", fields=[mrkdwn("*One*"), plain("Two")], accessory=button(confirm=CONFIRM, style="danger")),
    {"type": "header", "text": plain("Wallet")},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("0.3 cents"), plain("Haiku")]},
    {"type": "context_actions", "elements": [FEEDBACK]},
    actions(button(value="1"), select(), {"type": "overflow", "action_id": "more", "options": [option()]}),
    {"type": "markdown", "text": "**Hi** | not a table |"},
    table(),
    RICH,
    CARD,
    {"type": "carousel", "elements": [CARD]},
    {"type": "container", "title": plain("More"), "child_blocks": [section()]},
    chart(),
    bars(),
]
VIEW = {
    "type": "modal",
    "title": plain("Add budget"),
    "submit": plain("Add"),
    "close": plain("Cancel"),
    "private_metadata": "{}",
    "callback_id": "budget",
    "blocks": [
        entry({"type": "plain_text_input", "action_id": "dollars", "max_length": 20, "placeholder": plain("25")}),
        entry({"type": "number_input", "action_id": "count", "is_decimal_allowed": False}),
        {"type": "alert", "level": "warning", "text": mrkdwn("No card is charged.")},
    ],
}


def test_a_good_message_a_good_modal_and_a_good_home_pass() -> None:
    message = {"text": "Hello", "blocks": GOOD, "unfurl_links": False, "unfurl_media": False}
    assert check_posted(message).found == []
    assert check_blocks([data_table()], "message").found == []
    assert check_view(VIEW).found == []
    assert check_view({"type": "home", "blocks": [section(), chart(), bars(), CARD]}).found == []


# One violation a line: the rule, and the block that breaks it on the surface of a message.
BLOCKS: list[tuple[str, Json]] = [
    ("block type", {"type": "alert", "text": mrkdwn("x")}),
    ("block type", {"type": "file", "external_id": "x", "source": "remote"}),
    ("block type", {"type": "telegram"}),
    ("block_id length", section(block_id="x" * 256)),
    ("section", {"type": "section"}),
    ("section", section(colour="red")),
    ("section text", section(text=mrkdwn("x" * 3001))),
    ("section text", section(text=mrkdwn(""))),
    ("section text", section(text="a bare string")),
    ("section fields", section(fields=[mrkdwn("x")] * 11)),
    ("section field text", section(fields=[mrkdwn("x" * 2001)])),
    ("element type", section(accessory={"type": "plain_text_input", "action_id": "x"})),
    ("header text", {"type": "header", "text": plain("x" * 151)}),
    ("header text", {"type": "header", "text": mrkdwn("must be plain")}),
    ("context elements", {"type": "context", "elements": [mrkdwn("x")] * 11}),
    ("context text", {"type": "context", "elements": [mrkdwn("x" * 2001)]}),
    (
        "context_actions elements",
        {"type": "context_actions", "elements": [FEEDBACK | {"action_id": str(n)} for n in range(6)]},
    ),
    ("element type", {"type": "context_actions", "elements": [button()]}),
    ("feedback_buttons", {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "x"}]}),
    (
        "icon_button",
        {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "star", "text": plain("x")}]},
    ),
    ("actions elements", actions(*(button(action_id=str(number)) for number in range(26)))),
    ("actions elements", actions()),
    ("element type", actions(FEEDBACK)),
    ("action_id unique", actions(button(), button())),
    ("action_id length", actions(button(action_id="x" * 256))),
    ("button", actions(button(tooltip="x"))),
    ("button text", actions(button(text=plain("x" * 76)))),
    ("button text", actions(button(text=mrkdwn("must be plain")))),
    ("button value", actions(button(value="x" * 2001))),
    ("button url", actions(button(url="https://" + "x" * 3000))),
    ("button style", actions(button(style="green"))),
    ("confirm", actions(button(confirm=CONFIRM | {"title": plain("x" * 101)}))),
    ("confirm", actions(button(confirm=CONFIRM | {"text": mrkdwn("x" * 301)}))),
    ("confirm", actions(button(confirm=CONFIRM | {"deny": plain("x" * 31)}))),
    ("options", actions(select(options=[option(str(number)) for number in range(101)]))),
    ("options", actions(select(options=[]))),
    ("options", actions({"type": "overflow", "action_id": "x", "options": [option(str(n)) for n in range(6)]})),
    ("options", actions({"type": "radio_buttons", "action_id": "x", "options": [option(str(n)) for n in range(11)]})),
    ("option", actions(select(options=[option("x" * 76)]))),
    ("option", actions(select(options=[option(value="x" * 151)]))),
    ("option", actions(select(options=[option(description=plain("x" * 76))]))),
    ("initial_option", actions(select(initial_option=option("Two")))),
    ("placeholder", actions(select(placeholder=plain("x" * 151)))),
    ("markdown length", {"type": "markdown", "text": "x" * 12_001}),
    ("markdown length", {"type": "markdown", "text": ""}),
    ("table rows", table(rows=101)),
    ("table columns", table(columns=21)),
    ("table width", {"type": "table", "rows": [[raw("a"), raw("b")], [raw("c")]]}),
    ("table cell", table(text="")),
    ("table cell", {"type": "table", "rows": [[mrkdwn("x")]]}),
    ("table characters", table(text="x" * 2501)),
    ("data_table rows", data_table(rows=102)),
    ("data_table rows", data_table(rows=1)),
    ("data_table columns", data_table(columns=21)),
    ("data_table caption", data_table(caption="")),
    ("data_table page_size", data_table(page_size=101)),
    ("data_table header", data_table() | {"rows": [[RICH], [raw("x")]]}),
    ("data_table cell", data_table() | {"rows": [[raw("x")], [{"type": "raw_number", "value": "7"}]]}),
    ("chart title", chart(title="x" * 51)),
    ("chart", chart(chart={"type": "donut", "segments": [spot("a", 1)]})),
    ("chart segments", chart(chart={"type": "pie", "segments": [spot(str(n), 1) for n in range(7)]})),
    ("chart data", chart(chart={"type": "pie", "segments": [spot("a", 0)]})),
    ("chart data", chart(chart={"type": "pie", "segments": [spot("a", "1")]})),
    ("chart label", chart(chart={"type": "pie", "segments": [spot("x" * 21, 1)]})),
    ("chart categories", bars(categories=[str(number) for number in range(21)])),
    ("chart axes", bars(y_label="x" * 51)),
    ("chart series", bars([])),
    ("chart series", bars([{"name": "Same", "data": [spot("Mon", 1), spot("Tue", 1)]}] * 2)),
    ("chart data", bars([{"name": "Spent", "data": [spot("Mon", 1)]}])),
    ("chart data", bars([{"name": "Spent", "data": [spot("Mon", 1), spot("Tue", float("nan"))]}])),
    ("card", {"type": "card", "subtitle": mrkdwn("x")}),
    ("card text", CARD | {"body": mrkdwn("x" * 201)}),
    ("card actions", CARD | {"actions": [button(action_id=str(number)) for number in range(6)]}),
    ("carousel cards", {"type": "carousel", "elements": []}),
    ("container", {"type": "container", "child_blocks": [section()]}),
    ("container blocks", {"type": "container", "title": plain("x"), "child_blocks": [section()] * 11}),
    ("container title", {"type": "container", "title": plain("x" * 151), "child_blocks": [section()]}),
    ("element surface", entry({"type": "number_input", "action_id": "x", "is_decimal_allowed": True})),
    ("input label", entry({"type": "plain_text_input", "action_id": "x"}, label=plain(""))),
    ("input hint", entry({"type": "plain_text_input", "action_id": "x"}, hint=mrkdwn("must be plain"))),
    ("plain_text_input", entry({"type": "plain_text_input", "action_id": "x", "max_length": 3001})),
    ("image", {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"}),
    ("image alt text", {"type": "image", "image_url": "https://example.com/a.png"}),
    ("image source", {"type": "image", "alt_text": "A chart"}),
    ("image source", {"type": "image", "alt_text": "A chart", "slack_file": {"id": "f1"}}),
    ("image source", {"type": "image", "alt_text": "A chart", "slack_file": {"id": "F00000001", "url": "x"}}),
    ("image url", {"type": "image", "image_url": "x" * 3001, "alt_text": "A chart"}),
    ("image", {"type": "context", "elements": [{"type": "image", "image_url": "x", "alt_text": "x"}]}),
    ("rich_text", {"type": "rich_text", "elements": []}),
    ("slack_sdk.models", {"type": "task_card", "task_id": "1", "title": "x", "status": "lost"}),
    ("divider", {"type": "divider", "colour": "red"}),
    ("live mention", section(text=mrkdwn("hi <!channel>"))),
    ("live mention", section(text=mrkdwn("hi <!here|here>"))),
    ("live mention", section(text=mrkdwn("hi <!everyone>"))),
    ("live mention", section(text=mrkdwn("hi <!subteam^S1>"))),
    ("live mention", section(text=mrkdwn("hi <@U123>"))),
    ("live mention", {"type": "markdown", "text": "`<@W123|bob>`"}),
    ("live mention", {"type": "context", "elements": [mrkdwn("@everyone look")]}),
    ("live mention", table(text="<!channel>")),
    ("live mention", actions(button(text=plain("@here")))),
    (
        "live mention",
        RICH | {"elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}]},
    ),
    ("picture in Markdown", {"type": "markdown", "text": "![a chart](https://example.com/a.png)"}),
]


@pytest.mark.parametrize(("rule", "block"), BLOCKS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_block_that_breaks_a_rule_is_refused_for_that_rule(rule: str, block: Json) -> None:
    assert rule in rules(check_blocks([block], "message"))


WHOLE: list[tuple[str, list[Json]]] = [
    ("block count", [section()] * 51),
    ("block_id unique", [section(block_id="a"), section(block_id="a")]),
    ("markdown length", [{"type": "markdown", "text": "x" * 6001}] * 2),
    ("message length", [section(text=mrkdwn("x" * 3000))] * 4 + [section(text=mrkdwn("x" * 1201))]),
    ("one table", [table(), data_table()]),
    ("one table", [table(), {"type": "container", "title": plain("x"), "child_blocks": [table()]}]),
    ("two charts", [chart()] * 3),
    ("one plan", [{"type": "plan", "title": "x", "tasks": []}] * 2),
]


@pytest.mark.parametrize(("rule", "blocks"), WHOLE)
def test_blocks_that_break_a_rule_together_are_refused(rule: str, blocks: list[Json]) -> None:
    assert rule in rules(check_blocks(blocks, "message"))


MESSAGES: list[tuple[str, Json]] = [
    ("unfurl", {"text": "x", "unfurl_media": False}),
    ("unfurl", {"text": "x", "unfurl_links": False, "unfurl_media": True}),
    ("text beside blocks", {"blocks": [section()]}),
    ("text length", {"text": "x" * 40_001}),
    ("markdown length", {"markdown_text": "x" * 12_001}),
    ("markdown_text alone", {"markdown_text": "x", "text": "x"}),
    ("live mention", {"text": "<!channel>"}),
    ("live mention", {"markdown_text": "<@U1>"}),
    ("live mention", {"text": "ada", "link_names": True}),
    ("picture in Markdown", {"markdown_text": "![x](y)"}),
]


@pytest.mark.parametrize(("rule", "fields"), MESSAGES)
def test_a_message_that_breaks_a_rule_is_refused(rule: str, fields: Json) -> None:
    assert rule in rules(check_posted(fields))


def test_an_edited_text_is_shorter_than_a_posted_one() -> None:
    assert rules(check_message({"text": "x" * 4001}, updating=True)) == {"text length"}
    assert check_message({"text": "x" * 4001}).found == []


VIEWS: list[tuple[str, Json]] = [
    ("view type", {"type": "window"}),
    ("view fields", {"colour": "red"}),
    ("modal title", {"title": plain("x" * 25)}),
    ("modal title", {"title": mrkdwn("must be plain")}),
    ("modal buttons", {"submit": plain("x" * 25)}),
    ("modal buttons", {"close": plain("x" * 25)}),
    ("modal buttons", {"submit": "absent"}),
    ("private_metadata", {"private_metadata": "x" * 3001}),
    ("callback_id", {"callback_id": "x" * 256}),
    ("external_id", {"external_id": "x" * 256}),
    ("block count", {"blocks": [section()] * 101}),
    ("block type", {"blocks": [{"type": "markdown", "text": "x"}]}),
    ("block type", {"blocks": [table()]}),
    ("block type", {"blocks": [chart()]}),
    ("block type", {"blocks": [{"type": "context_actions", "elements": [FEEDBACK]}]}),
    ("number_input", {"blocks": [entry({"type": "number_input", "action_id": "x"})]}),
    ("alert text", {"blocks": [{"type": "alert", "text": mrkdwn("x" * 201)}]}),
    ("alert", {"blocks": [{"type": "alert", "text": mrkdwn("x"), "level": "loud"}]}),
    ("live mention", {"title": plain("@everyone")}),
]


@pytest.mark.parametrize(("rule", "change"), VIEWS)
def test_a_view_that_breaks_a_rule_is_refused(rule: str, change: Json) -> None:
    view = {name: value for name, value in (VIEW | change).items() if value != "absent"}
    assert rule in rules(check_view(view))


def test_a_home_tab_shows_no_tables_and_no_modal_fields() -> None:
    assert "block type" in rules(check_view({"type": "home", "blocks": [data_table()]}))
    assert "view fields" in rules(check_view({"type": "home", "blocks": [section()], "submit": plain("x")}))


def test_people_a_test_allows_may_be_mentioned() -> None:
    assert check_message({"text": "thanks <@U1>"}, allowed_people={"U1"}).found == []
    assert rules(check_message({"text": "thanks <@U2>"}, allowed_people={"U1"})) == {"live mention"}


def test_checking_leaves_the_payload_as_it_was() -> None:
    blocks = deepcopy(GOOD)
    check_blocks(blocks, "message")
    assert blocks == GOOD


def rules(report: Report) -> set[str]:
    return {one.rule for one in report.found}
