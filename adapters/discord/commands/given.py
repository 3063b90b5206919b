"""What somebody typed, read off Discord's payload: the command of ours, and what was given for its options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.discord.commands.definitions import BY_PATH, Definition
from adapters.discord.commands.options import Given, Kind, Option

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """A command with what was given for it. `files` is what Discord says of the files that came along.

    `focused` is the option that somebody is typing in, while they do.
    """

    definition: Definition
    given: Given
    files: tuple[Json, ...] = ()
    focused: str = ""

    @property
    def words(self) -> str:
        """What core's command takes."""
        return self.definition.words(self.given)


def typed_of(data: Json, guild_id: str) -> Typed | None:
    """The command; None for one that this version of Chipin does not have."""
    path: tuple[str, ...] = (str(data.get("name", "")),)
    options = _options(data)
    while options and options[0].get("type") in (Kind.SUBCOMMAND, Kind.GROUP):
        path, options = (*path, str(options[0].get("name", ""))), _options(options[0])
    definition = BY_PATH.get(path)
    if definition is None:
        return None
    resolved = data.get("resolved") or {}
    known = {each.name: each for each in definition.options}
    given: dict[str, str] = {}
    files = []
    for option in options:
        name, value = str(option.get("name", "")), option.get("value")
        if name not in known or value is None:
            continue
        if known[name].kind is Kind.FILE:
            files += [file] if (file := _of(resolved, "attachments", value)) else []
        elif said := _written(known[name], value, resolved, guild_id):
            given[name] = said
    focused = next((str(option["name"]) for option in options if option.get("focused")), "")
    return Typed(definition, given, tuple(files), focused)


def _options(data: Json) -> Sequence[Json]:
    options = data.get("options")
    return options if isinstance(options, list) else []


def _written(option: Option, value: object, resolved: Json, guild_id: str) -> str:
    """As core's commands are typed: members, roles and channels as Discord mentions them."""
    match option.kind:
        case Kind.USER:
            return f"<@{value}>"
        case Kind.CHANNEL:
            return f"<#{value}>"
        case Kind.USER_OR_ROLE:
            is_role = str(value) == guild_id or _of(resolved, "roles", value) is not None
            return f"<@&{value}>" if is_role else f"<@{value}>"
        case Kind.SWITCH:
            return "yes" if value is True else ""
        case _:
            return str(value)


def _of(resolved: Json, kind: str, value: object) -> Json | None:
    found = (resolved.get(kind) or {}).get(str(value))
    return found if isinstance(found, Mapping) else None
