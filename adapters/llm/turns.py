"""A conversation in the shape that stricter wires accept: a system text, then turns that change hands. Pure."""

from collections.abc import Mapping
from typing import Any

from core.call import Call, ImagePart, Message, Part, Role, TextPart


def system_text(call: Call) -> str:
    """Everything that is said by the system, for wires that have a place of its own for it."""
    return "\n\n".join(message.text for message in call.messages if message.role is Role.SYSTEM and message.text)


def turns_of(call: Call) -> list[tuple[Role, tuple[Part, ...]]]:
    """The turns as they may be sent: beginning with the user, neighbours of one role merged, empty texts left out.

    A history that was cut to a budget may begin with an answer: it is left out, for nothing may be added that was
    not counted.
    """
    turns: list[tuple[Role, tuple[Part, ...]]] = []
    for message in call.messages:
        parts = _parts_that_say_something(message)
        if message.role is Role.SYSTEM or not parts:
            continue
        if turns and turns[-1][0] is message.role:
            turns[-1] = (message.role, turns[-1][1] + parts)
        elif turns or message.role is Role.USER:
            turns.append((message.role, parts))
    return turns


def with_added(body: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """A body with fields added, tables inside it likewise."""
    merged = dict(body)
    for name, value in added.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = with_added(before, value)
        else:
            merged[name] = value
    return merged


def _parts_that_say_something(message: Message) -> tuple[Part, ...]:
    return tuple(part for part in message.parts if isinstance(part, ImagePart) or _says_something(part))


def _says_something(part: TextPart) -> bool:
    return bool(part.text.strip())
