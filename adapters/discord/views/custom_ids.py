"""What a button carries in the 100 characters that Discord gives it: what it does, and the ids it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_CUSTOM_ID_CHARS = 100
"""Of a button or a form (docs.discord.com/developers/components/reference, "Custom ID")."""
_ACTION = re.compile(r"[a-z][a-z0-9_]*")
_FIELD = re.compile(r"[^\s\x00-\x1f]*")


class NotOurs(Exception):
    """A custom id that no button of ours has."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a button does (`action`), and its fields in order."""

    action: str
    fields: tuple[str, ...] = ()


def custom_id(action: str, *fields: str) -> str:
    """The text that a button carries: "undo topup_1". `ValueError` for what does not fit, or has spaces in it.

    Whatever may be longer is kept in the books (core/kept_presses.py), and the button carries its id.
    """
    written = " ".join((action, *fields))
    if not _ACTION.fullmatch(action) or not all(map(_FIELD.fullmatch, fields)) or len(written) > MAX_CUSTOM_ID_CHARS:
        raise ValueError(f"No button can carry {action} with {len(fields)} fields in {len(written)} characters.")
    return written


def carried_by(written: str, fields_of: Mapping[str, int]) -> Carried:
    """What a button carried. `fields_of`: the actions that are known, with how many fields each has.

    Raises `NotOurs` for anything else: whoever can call Discord's API can send any text.
    """
    action, *fields = written.split(" ")
    known = fields_of.get(action)
    if known is None or len(fields) != known or len(written) > MAX_CUSTOM_ID_CHARS:
        raise NotOurs
    if not all(map(_FIELD.fullmatch, fields)):
        raise NotOurs
    return Carried(action, tuple(fields))
