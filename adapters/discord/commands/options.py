"""What an option of a command is, and how what was given for one is written for core."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

MAX_TEXT_CHARS = 6_000
"""Of one option (docs.discord.com/developers/interactions/application-commands)."""


class Kind(IntEnum):
    """Discord's types of options."""

    SUBCOMMAND = 1
    GROUP = 2
    TEXT = 3
    SWITCH = 5
    USER = 6
    CHANNEL = 7
    USER_OR_ROLE = 9
    FILE = 11


class Suggests(IntEnum):
    """What is suggested while somebody types."""

    NOTHING = 0
    MODELS_TO_ASK = 1
    MODELS = 2
    WHOM = 3
    ZONES = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `choices` are all there are; `suggests` helps whoever types, who may type something else too."""

    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    suggests: Suggests = Suggests.NOTHING
    most_chars: int = MAX_TEXT_CHARS


Given = Mapping[str, str]
"""What was given, by the names of the options: members, roles and channels as they are mentioned in a text."""
Words = Callable[[Given], str]
"""What core's command takes, of what was given."""


def joined(*names: str) -> Words:
    """What was given for these, in this order, with spaces between."""
    return lambda given: " ".join(said for name in names if (said := given.get(name, "").strip()))


def nothing(_: Given) -> str:
    """A command that takes nothing."""
    return ""
