"""The rules of a message's components. Source: docs.discord.com/developers/components/reference."""

from collections.abc import Iterator
from typing import Any

from tests.discord.faulty import Report
from tests.discord.people import Json
from tests.discord.posting import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, GALLERY, CONTAINER = 1, 2, 3, 4, 9, 10, 12, 17
SELECTS = (3, 5, 6, 7, 8)
ONLY_V2 = (9, 10, 11, 12, 13, 14, 17)
LINK, PREMIUM = 5, 6
DESCRIPTION = 1024
COMPONENTS, CHARACTERS, ROWS, IN_ROW, LABEL, OPTIONS, OPTION, PLACEHOLDER, CUSTOM_ID = (
    *(40, 4000, 5, 5, 80),
    *(25, 100, 150, 100),
)


def lint_components(report: Report, components: Any, *, v2: bool) -> None:
    """All components of one message."""
    if not isinstance(components, list):
        report.add("components", "components", f"{type(components).__name__} is no list")
        return
    every = list(walk(components))
    if len(every) > COMPONENTS:
        report.add("40 components", "components", f"{len(every)}, nested ones counted")
    said = sum(len(str(each.get("content") or "")) for each in every if each.get("type") == TEXT)
    if said > CHARACTERS:
        report.add("V2 text", "components", f"{said} characters; {CHARACTERS} in the whole message")
    if not v2 and len(components) > ROWS:
        report.add("rows", "components", f"{len(components)} rows; at most {ROWS}")
    lint_ids(report, every)
    for where, each in _placed(components):
        if not v2 and each.get("type") in ONLY_V2:
            report.add("V2 flag", where, f"type {each['type']} needs the flag")
        _one(report, each, where)


def lint_ids(report: Report, every: list[Json]) -> None:
    """What was pressed is known by its custom_id, and components by their numbers: none is there twice."""
    for name, rule in (("custom_id", "unique custom ids"), ("id", "unique ids")):
        seen = [each[name] for each in every if each.get(name)]
        for twice in sorted({str(each) for each in seen if seen.count(each) > 1}):
            report.add(rule, name, f"{twice!r} is there more than once")


def _placed(components: list[Any], where: str = "components") -> Iterator[tuple[str, Json]]:
    for number, each in enumerate(components):
        here = f"{where}[{number}]"
        if not isinstance(each, dict):
            continue
        yield here, each
        if isinstance(each.get("components"), list):
            yield from _placed(each["components"], f"{here}.components")
        if isinstance(each.get("accessory"), dict):
            yield f"{here}.accessory", each["accessory"]


def _one(report: Report, each: Json, where: str) -> None:
    kind = each.get("type")
    if kind == ROW:
        lint_row(report, each.get("components"), where)
    elif kind == BUTTON:
        _button(report, each, where)
    elif kind in SELECTS:
        lint_select(report, each, where)
    elif kind == TEXT:
        report.length(each.get("content"), f"{where}.content", "text display", CHARACTERS)
    elif kind == GALLERY:
        _gallery(report, each, where)
    elif kind == SECTION:
        report.count(each.get("components"), f"{where}.components", "section", 3)
        if not isinstance(each.get("accessory"), dict):
            report.add("section", where, "has no accessory: it is a text then")


def _gallery(report: Report, gallery: Json, where: str) -> None:
    """One to ten pictures, each of this message's own and each with words for who does not see it."""
    items = gallery.get("items") or []
    report.count(items, f"{where}.items", "gallery", 10)
    for number, item in enumerate(items):
        here = f"{where}.items[{number}]"
        report.length(item.get("description"), f"{here}.description", "gallery", DESCRIPTION)
        if not str((item.get("media") or {}).get("url")).startswith("attachment://"):
            report.add("gallery", here, "is loaded from elsewhere")


def lint_row(report: Report, inside: Any, where: str) -> None:
    """Up to five buttons, or one select."""
    report.count(inside, where, "action row", IN_ROW)
    kinds = [each.get("type") for each in inside or () if isinstance(each, dict)]
    if any(kind in SELECTS for kind in kinds) and len(kinds) > 1:
        report.add("action row", where, "a select stands alone in its row")
    if wrong := [kind for kind in kinds if kind != BUTTON and kind not in SELECTS]:
        report.add("action row", where, f"type {wrong} does not belong into a row")


def _button(report: Report, button: Json, where: str) -> None:
    if not button.get("label") and not button.get("emoji"):
        report.add("button label", where, "neither a label nor an emoji")
    if button.get("label") is not None:
        report.length(button["label"], f"{where}.label", "button label", LABEL)
    if button.get("style") == LINK:
        if not button.get("url") or button.get("custom_id"):
            report.add("link button", where, "a link has an address, and no custom_id")
    elif button.get("style") != PREMIUM:
        if button.get("url"):
            report.add("link button", where, "only a link has an address")
        lint_custom_id(report, button, where)


def lint_custom_id(report: Report, component: Json, where: str) -> None:
    report.length(component.get("custom_id"), f"{where}.custom_id", "custom id", CUSTOM_ID)


def lint_select(report: Report, select: Json, where: str) -> None:
    lint_custom_id(report, select, where)
    if select.get("placeholder") is not None:
        report.length(select["placeholder"], f"{where}.placeholder", "select", PLACEHOLDER, minimum=0)
    if select.get("type") != STRING_SELECT:
        return
    options = select.get("options") or []
    report.count(options, f"{where}.options", "select options", OPTIONS)
    for number, option in enumerate(options):
        here = f"{where}.options[{number}]"
        report.length(option.get("label"), f"{here}.label", "select options", OPTION)
        report.length(option.get("value"), f"{here}.value", "select options", OPTION)
        if option.get("description") is not None:
            report.length(option["description"], f"{here}.description", "select options", OPTION)
    if len({option.get("value") for option in options}) < len(options):
        report.add("select options", f"{where}.options", "two options have one value")
    most, chosen = select.get("max_values") or 1, sum(bool(option.get("default")) for option in options)
    if most > len(options) or (select.get("min_values") or 0) > most or chosen > most:
        report.add("select options", where, f"{len(options)} options, {chosen} chosen, at most {most}")
