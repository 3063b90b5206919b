"""The rules of commands. Source: docs.discord.com/developers/interactions/application-commands."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.discord.faulty import Report
from tests.discord.lint_modals import CHOICES, lint_choice
from tests.discord.people import Json

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
AT_MOST = {SLASH: 100, ON_USER: 15, ON_MESSAGE: 15}
CHARACTERS, NAME, DESCRIPTION, OPTIONS = 8000, 32, 100, 25
SUB, GROUP = 1, 2


def lint_commands(report: Report, commands: list[Json]) -> None:
    """All commands of an app, as they are put."""
    kinds = Counter(each.get("type") or SLASH for each in commands)
    for kind, most in AT_MOST.items():
        if kinds[kind] > most:
            report.add("count of commands", "", f"{kinds[kind]} of type {kind}; at most {most}")
    names = Counter((each.get("type") or SLASH, each.get("name")) for each in commands)
    for (_, name), times in names.items():
        if times > 1:
            report.add("command name", str(name), "is there twice")
    for each in commands:
        _command(report, each)


def _command(report: Report, command: Json) -> None:
    name, kind = str(command.get("name")), command.get("type") or SLASH
    if kind != SLASH:
        report.length(name, name, "command name", NAME)
        if command.get("description") or command.get("options"):
            report.add("context menu", name, "has a name, and neither description nor options")
        return
    _named(report, command, name)
    if (total := characters(command)) > CHARACTERS:
        report.add("8000 characters", name, f"{total} in all")
    _options(report, command, name)


def _named(report: Report, thing: Json, where: str) -> None:
    """A name and a description, in every language there is."""
    for name in (thing.get("name"), *(thing.get("name_localizations") or {}).values()):
        if not isinstance(name, str) or not fits(name):
            report.add("command name", where, f"{name!r}: 1 to {NAME} letters, digits, - _ ' in lower case")
    for text in (thing.get("description"), *(thing.get("description_localizations") or {}).values()):
        report.length(text, where, "description", DESCRIPTION)


def fits(name: str) -> bool:
    r"""Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one."""
    return 0 < len(name) <= NAME and name == name.lower() and all(_fits(letter) for letter in name)


def _fits(letter: str) -> bool:
    if letter in "-_'" or unicodedata.category(letter)[0] in "LN":
        return True
    return "\u0900" <= letter <= "\u097f" or "\u0e00" <= letter <= "\u0e7f"


def _options(report: Report, node: Json, where: str) -> None:
    options = node.get("options") or []
    report.count(options, where, "options", OPTIONS, minimum=0)
    if len({each.get("name") for each in options}) < len(options):
        report.add("options", where, "two options have one name")
    required = [bool(each.get("required")) for each in options]
    if required != sorted(required, reverse=True):
        report.add("required first", where, "a required option stands after one that is not")
    if len({each.get("type") in (SUB, GROUP) for each in options}) > 1:
        report.add("options", where, "subcommands and options side by side")
    for each in options:
        _option(report, each, f"{where} {each.get('name')}")


def _option(report: Report, option: Json, where: str) -> None:
    _named(report, option, where)
    if option.get("type") in (SUB, GROUP):
        _options(report, option, where)
    choices = option.get("choices") or []
    if option.get("autocomplete") and choices:
        report.add("autocomplete", where, "an option with autocomplete has no choices")
    report.count(choices, where, "choices", CHOICES, minimum=0)
    for each in choices:
        lint_choice(report, each, where)


def characters(command: Json) -> int:
    """All that counts: names, descriptions and values of the command, its options and choices."""
    return sum(_longest(thing) for thing in _parts(command))


def _parts(node: Json) -> Iterator[Json]:
    yield node
    for each in node.get("options") or ():
        yield from _parts(each)
    yield from node.get("choices") or ()


def _longest(thing: Json) -> int:
    """Of each text the longest translation counts."""

    def most(name: str) -> int:
        texts: list[Any] = [thing.get(name), *(thing.get(f"{name}_localizations") or {}).values()]
        return max(len(each) if isinstance(each, str) else 0 for each in texts)

    return most("name") + most("description") + most("value")
