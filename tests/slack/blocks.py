"""The validator of every outgoing payload: messages, ephemerals, answers to a response_url, streams, modals, Home.

Limits: slack_sdk.models (whose own checks run too), docs.slack.dev/reference/block-kit (2026), and what was measured
where Slack says nothing (the sum of a message's blocks, ~13,200 characters: slackapi/bolt-js#2509).
"""

from collections.abc import Callable, Collection
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.slack import elements, tables
from tests.slack.faulty import Report, Violation
from tests.slack.mentions import check_shown, check_text, check_unfurls
from tests.slack.state import Json

MAX_MESSAGE_CHARACTERS = 13_200
MAX_MARKDOWN = 12_000
MAX_TEXT = 40_000
MAX_UPDATED_TEXT = 4_000
EVERYWHERE = frozenset({"section", "divider", "header", "image", "actions", "context", "rich_text", "input"})
ALLOWED = {
    "message": EVERYWHERE
    | {"markdown", "plan", "table", "task_card", "context_actions", "data_table"}
    | {"data_visualization", "container", "card", "carousel"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE | {"data_visualization", "container", "card", "carousel"},
}
ELEMENT_SURFACES = {
    "file_input": ("modal",),
    "email_text_input": ("modal",),
    "number_input": ("modal",),
    "url_text_input": ("modal",),
    "rich_text_input": ("modal", "home"),
    "datetimepicker": ("message", "modal"),
    "workflow_button": ("message",),
}
UNKNOWN_TO_THE_SDK = frozenset({"data_table", "data_visualization"})


def check_blocks(blocks: Any, surface: str, *, allowed_people: Collection[str] = ()) -> Report:
    """What is wrong with these blocks on this surface: message, modal or home."""
    report = Report()
    maximum = 50 if surface == "message" else 100
    if report.count(blocks, "blocks", "block count", maximum):
        for number, block in enumerate(blocks):
            _block(report, block, f"blocks[{number}]", surface)
        _in_all(report, blocks, surface)
        check_shown(report, blocks, allowed_people)
    return report


def check_message(fields: Json, *, allowed_people: Collection[str] = (), updating: bool = False) -> Report:
    """A message's text, markdown_text and blocks."""
    blocks = fields.get("blocks")
    report = check_blocks(blocks, "message", allowed_people=allowed_people) if blocks else Report()
    text, markdown = fields.get("text") or "", fields.get("markdown_text") or ""
    if blocks and not text:
        report.add("text beside blocks", "text", "notifications and screen readers read it")
    if len(text) > (MAX_UPDATED_TEXT if updating and not blocks else MAX_TEXT):
        report.add("text length", "text", f"{len(text)} characters")
    if len(markdown) > MAX_MARKDOWN:
        report.add("markdown length", "markdown_text", f"{len(markdown)} characters; {MAX_MARKDOWN} are allowed")
    if markdown and (text or blocks):
        report.add("markdown_text alone", "markdown_text", "cannot stand beside text or blocks")
    check_text(report, text, "text", allowed_people)
    check_text(report, markdown, "markdown_text", allowed_people)
    return report


def check_posted(fields: Json, *, allowed_people: Collection[str] = ()) -> Report:
    """A message that starts to exist: no link of it may unfurl."""
    report = check_message(fields, allowed_people=allowed_people)
    check_unfurls(report, fields)
    return report


def check_view(view: Any, *, allowed_people: Collection[str] = ()) -> Report:
    """A modal or a Home tab."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        report = Report()
        report.add("view type", "view", "must be a modal or home")
        return report
    report = check_blocks(view.get("blocks"), view["type"], allowed_people=allowed_people)
    own = ("type", "blocks", "private_metadata", "callback_id", "external_id", "title")
    modal = ("close", "submit", "clear_on_close", "notify_on_close", "submit_disabled")
    report.known(view, "view", "view fields", *own, *(modal if view["type"] == "modal" else ()))
    if view["type"] == "modal":
        elements.plain(report, view.get("title"), "view.title", "modal title", 24)
        for name in ("submit", "close"):
            if name in view:
                elements.plain(report, view[name], f"view.{name}", "modal buttons", 24)
        if any(block.get("type") == "input" for block in view.get("blocks") or ()) and "submit" not in view:
            report.add("modal buttons", "view.submit", "is required beside input blocks")
    for name, maximum in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if name in view:
            report.length(view[name], f"view.{name}", name, maximum, minimum=0)
    check_shown(report, [view.get(name) for name in ("title", "submit", "close")], allowed_people)
    return report


def _in_all(report: Report, blocks: list[Json], surface: str) -> None:
    """The rules of a payload as a whole."""
    kinds = [block.get("type") for block in blocks] + [
        child.get("type") for block in blocks for child in block.get("child_blocks", ())
    ]
    if report.markdown_characters > MAX_MARKDOWN:
        report.add("markdown length", "blocks", f"{report.markdown_characters} characters in all markdown blocks")
    if surface == "message" and report.characters > MAX_MESSAGE_CHARACTERS:
        report.add("message length", "blocks", f"{report.characters} characters in all blocks")
    if sum(kind in ("table", "data_table") for kind in kinds) > 1:
        report.add("one table", "blocks", "a message shows one table")
    if kinds.count("data_visualization") > 2:
        report.add("two charts", "blocks", "a message shows two charts")
    if kinds.count("plan") > 1:
        report.add("one plan", "blocks", "a message shows one plan")


def _block(report: Report, block: Any, where: str, surface: str) -> None:
    before = len(report.found)
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in ALLOWED[surface]:
        report.add("block type", where, f"{kind!r} cannot stand on surface {surface!r}")
        return
    name = block.get("block_id")
    if name is not None:
        report.length(name, f"{where}.block_id", "block_id length", 255)
        if name in report.block_ids:
            report.add("block_id unique", where, f"{name!r} stands twice")
        report.block_ids.add(name)
    for one in [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]:
        if isinstance(one, dict) and surface not in ELEMENT_SURFACES.get(str(one.get("type")), (surface,)):
            report.add("element surface", where, f"{one['type']!r} cannot stand on surface {surface!r}")
    if kind == "container":
        _container(report, block, where, surface)
    else:
        CHECKS[kind](report, block, where)
    if kind not in UNKNOWN_TO_THE_SDK and len(report.found) == before:
        _as_the_sdk_sees_it(report, block, where)


def _as_the_sdk_sees_it(report: Report, block: Json, where: str) -> None:
    """Parsed by slack_sdk.models and checked by its own rules."""
    try:
        parsed = Block.parse(dict(block))
        if parsed is None:
            report.add("slack_sdk.models", where, "is not known there")
        else:
            parsed.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        report.add("slack_sdk.models", where, str(error))


def _section(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "section", "type", "block_id", "text", "fields", "accessory", "expand")
    if "text" not in block and "fields" not in block:
        report.add("section", where, "needs text or fields")
    if "text" in block:
        elements.text(report, block["text"], f"{where}.text", "section text", 3000)
    if "fields" in block and report.count(block["fields"], f"{where}.fields", "section fields", 10):
        for number, one in enumerate(block["fields"]):
            elements.text(report, one, f"{where}.fields[{number}]", "section field text", 2000)
    if "accessory" in block:
        elements.element(report, block["accessory"], f"{where}.accessory", elements.IN_SECTION, set())


def _elements(maximum: int, kind: str, allowed: frozenset[str]) -> Callable[[Report, Json, str], None]:
    def check(report: Report, block: Json, where: str) -> None:
        report.known(block, where, kind, "type", "block_id", "elements")
        seen: set[str] = set()
        if report.count(block.get("elements"), f"{where}.elements", f"{kind} elements", maximum):
            for number, one in enumerate(block["elements"]):
                elements.element(report, one, f"{where}.elements[{number}]", allowed, seen)

    return check


def _context(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "context", "type", "block_id", "elements")
    if report.count(block.get("elements"), f"{where}.elements", "context elements", 10):
        for number, one in enumerate(block["elements"]):
            if isinstance(one, dict) and one.get("type") == "image":
                elements.image(report, one, f"{where}.elements[{number}]")
            else:
                elements.text(report, one, f"{where}.elements[{number}]", "context text", 2000)


def _header(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "header", "type", "block_id", "text", "level")
    elements.plain(report, block.get("text"), f"{where}.text", "header text", 150)


def _markdown(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "markdown", "type", "block_id", "text")
    report.length(block.get("text"), f"{where}.text", "markdown length", MAX_MARKDOWN)
    report.characters += len(str(block.get("text", "")))
    report.markdown_characters += len(str(block.get("text", "")))


def _input(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "input", "type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
    elements.plain(report, block.get("label"), f"{where}.label", "input label", 2000)
    if "hint" in block:
        elements.plain(report, block["hint"], f"{where}.hint", "input hint", 2000)
    elements.element(report, block.get("element"), f"{where}.element", elements.INPUTS, set())


def _card(report: Report, block: Json, where: str) -> None:
    known = ("type", "block_id", "hero_image", "icon", "slack_icon", "title", "subtitle", "body", "subtext", "actions")
    report.known(block, where, "card", *known)
    if not any(name in block for name in ("hero_image", "title", "actions", "body")):
        report.add("card", where, "needs a hero_image, title, body or actions")
    for name, maximum in (("title", 150), ("subtitle", 150), ("body", 200), ("subtext", 150)):
        if name in block:
            elements.text(report, block[name], f"{where}.{name}", "card text", maximum)
    for name in ("hero_image", "icon"):
        if name in block:
            elements.image(report, block[name], f"{where}.{name}")
    seen: set[str] = set()
    if "actions" in block and report.count(block["actions"], f"{where}.actions", "card actions", 5):
        for number, one in enumerate(block["actions"]):
            elements.element(report, one, f"{where}.actions[{number}]", frozenset({"button"}), seen)


def _carousel(report: Report, block: Json, where: str) -> None:
    if report.count(block.get("elements"), f"{where}.elements", "carousel cards", 10):
        for number, one in enumerate(block["elements"]):
            _card(report, one, f"{where}.elements[{number}]")


def _container(report: Report, block: Json, where: str, surface: str) -> None:
    if "title" not in block and "rich_text_title" not in block:
        report.add("container", where, "needs a title")
    for name, check in (("title", elements.plain), ("subtitle", elements.text)):
        if name in block:
            check(report, block[name], f"{where}.{name}", "container title", 150)
    if report.count(block.get("child_blocks"), f"{where}.child_blocks", "container blocks", 10):
        for number, one in enumerate(block["child_blocks"]):
            _block(report, one, f"{where}.child_blocks[{number}]", surface)


def _alert(report: Report, block: Json, where: str) -> None:
    elements.text(report, block.get("text"), f"{where}.text", "alert text", 200)
    report.one_of(block.get("level", "default"), where, "alert", "default", "info", "warning", "error", "success")


def _rich_text(report: Report, block: Json, where: str) -> None:
    report.count(block.get("elements"), f"{where}.elements", "rich_text", 100)
    report.characters += len(tables.words(block.get("elements", [])))


def _divider(report: Report, block: Json, where: str) -> None:
    report.known(block, where, "divider", "type", "block_id")


def _nothing_more(report: Report, block: Json, where: str) -> None:
    """No rule beyond slack_sdk's own."""


CHECKS: dict[str, Callable[[Report, Json, str], None]] = {
    "section": _section,
    "divider": _divider,
    "header": _header,
    "image": elements.image,
    "actions": _elements(25, "actions", elements.IN_ACTIONS),
    "context": _context,
    "context_actions": _elements(5, "context_actions", elements.IN_CONTEXT_ACTIONS),
    "rich_text": _rich_text,
    "input": _input,
    "markdown": _markdown,
    "table": tables.table,
    "data_table": tables.data_table,
    "data_visualization": tables.data_visualization,
    "card": _card,
    "carousel": _carousel,
    "alert": _alert,
    "plan": _nothing_more,
    "task_card": _nothing_more,
}

__all__ = ["Report", "Violation", "check_blocks", "check_message", "check_posted", "check_view"]
