"""The rules of modals, and of what autocomplete offers."""

from typing import Any

from tests.discord.faulty import Report
from tests.discord.lint_components import SELECTS, TEXT, TEXT_INPUT, lint_custom_id, lint_ids, lint_select
from tests.discord.people import Json
from tests.discord.posting import walk

LABEL_COMPONENT = 18
TITLE, FIELDS, LABEL, DESCRIPTION, VALUE, PLACEHOLDER, CHOICES, CHOICE = 45, 5, 45, 100, 4000, 100, 25, 100


def lint_modal(report: Report, modal: Json) -> None:
    report.length(modal.get("title"), "title", "modal title", TITLE)
    lint_custom_id(report, modal, "modal")
    report.count(modal.get("components"), "components", "modal components", FIELDS)
    lint_ids(report, list(walk(modal.get("components"))))
    for number, each in enumerate(modal.get("components") or ()):
        where = f"components[{number}]"
        if each.get("type") == LABEL_COMPONENT:
            _label(report, each, where)
        elif each.get("type") != TEXT:
            report.add("modal components", where, f"type {each.get('type')}: fields stand in a Label")


def _label(report: Report, label: Json, where: str) -> None:
    report.length(label.get("label"), f"{where}.label", "label", LABEL)
    if label.get("description") is not None:
        report.length(label["description"], f"{where}.description", "label description", DESCRIPTION)
    field = label.get("component") or {}
    if field.get("type") == TEXT_INPUT:
        _text_input(report, field, f"{where}.component")
    elif field.get("type") in SELECTS:
        lint_select(report, field, f"{where}.component")


def _text_input(report: Report, field: Json, where: str) -> None:
    lint_custom_id(report, field, where)
    if field.get("label"):
        report.add("text input", where, "its label stands in the Label round it")
    if field.get("placeholder") is not None:
        report.length(field["placeholder"], f"{where}.placeholder", "placeholder", PLACEHOLDER, minimum=0)
    least, most = field.get("min_length") or 0, field.get("max_length") or VALUE
    if not 0 <= least <= most <= VALUE:
        report.add("text input", where, f"takes {least} to {most} characters")
    if field.get("value") is not None:
        report.length(field["value"], f"{where}.value", "text input", min(most, VALUE), minimum=0)


def lint_choices(report: Report, choices: Any) -> None:
    """What autocomplete offers: 25, with names of 1 to 100 characters."""
    report.count(choices, "choices", "choices", CHOICES, minimum=0)
    for number, each in enumerate(choices if isinstance(choices, list) else ()):
        lint_choice(report, each, f"choices[{number}]")


def lint_choice(report: Report, choice: Json, where: str) -> None:
    report.length(choice.get("name"), f"{where}.name", "choices", CHOICE)
    if isinstance(choice.get("value"), str):
        report.length(choice["value"], f"{where}.value", "choices", CHOICE)
