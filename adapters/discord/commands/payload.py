"""All commands as Discord takes them. In servers alone, for bots that are added to a server alone."""

from collections.abc import Sequence
from typing import Any

from adapters.discord.commands.definitions import ASK_ABOUT, DEFINITIONS, GROUPS, OF_ADMINS, Definition
from adapters.discord.commands.options import MAX_TEXT_CHARS, Kind, Option, Suggests

SLASH, OF_A_MESSAGE = 1, 3
"""Types of commands."""
MANAGE_GUILD = 1 << 5
"""Who may manage the server sees these, unless the server says otherwise (topics/permissions)."""
IN_SERVERS, TO_SERVERS = [0], [0]
"""`contexts` (where it is typed: no direct messages) and `integration_types` (added to servers, not to users)."""
MAX_CHOICES = 25

Json = dict[str, Any]


def payload() -> list[Json]:
    """Every command."""
    commands = []
    for first in dict.fromkeys(each.path[0] for each in DEFINITIONS):
        of_it = [each for each in DEFINITIONS if each.path[0] == first]
        for_admins = all(each in OF_ADMINS for each in of_it)
        commands.append(
            {
                "name": first,
                "type": SLASH,
                **_what_follows((first,), of_it),
                "contexts": IN_SERVERS,
                "integration_types": TO_SERVERS,
                **({"default_member_permissions": MANAGE_GUILD} if for_admins else {}),
            }
        )
    about = {"name": ASK_ABOUT, "type": OF_A_MESSAGE, "contexts": IN_SERVERS, "integration_types": TO_SERVERS}
    return [*commands, about]


def _what_follows(path: tuple[str, ...], of_it: Sequence[Definition]) -> Json:
    """The description and the options of a command, a group, or a command in one."""
    if of_it[0].path == path:
        return {"description": of_it[0].help, "options": [_option(each) for each in of_it[0].options]}
    parts = []
    for name in dict.fromkeys(each.path[len(path)] for each in of_it):
        longer = (*path, name)
        inside = [each for each in of_it if each.path[: len(longer)] == longer]
        kind = Kind.SUBCOMMAND if inside[0].path == longer else Kind.GROUP
        parts.append({"type": int(kind), "name": name, **_what_follows(longer, inside)})
    return {"description": GROUPS[path], "options": parts}


def _option(option: Option) -> Json:
    told: Json = {"type": int(option.kind), "name": option.name, "description": option.help}
    if option.required:
        told["required"] = True
    if option.choices:
        told["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    elif option.suggests is not Suggests.NOTHING:
        told["autocomplete"] = True
    if option.kind is Kind.TEXT and not option.choices and option.most_chars < MAX_TEXT_CHARS:
        told["max_length"] = option.most_chars
    return told
