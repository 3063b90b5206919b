"""Lists for one person: help, and what waits for a decision."""

from collections.abc import Iterable, Sequence
from itertools import chain

from adapters.discord.table import TABLE
from adapters.discord.views.cards import decide_row
from adapters.discord.views.shown import (
    MAX_COMPONENTS,
    MAX_TEXT_UNITS,
    Shown,
    aside,
    count_of,
    fitting,
    lines_shown,
    readable,
    words,
)
from core.commands.listed import ADMIN
from core.commands.table import Command
from core.text.presses import more_wait

_EVERYWHERE = (
    "Or mention me with a question, in a channel or a thread. To ask about a message: its menu, Apps, Ask about this."
)
_NOT_SHOWN = (
    "Discord shows /topup and /admin to whoever may manage the server. Others who are admins here are let see them in "
    "Server Settings, Integrations."
)
MOST_REQUESTS = (MAX_COMPONENTS - 1) // (1 + count_of([decide_row("", "")]))
"""With buttons of their own; what is decided makes room for the next."""


def help_shown(*, for_admins: bool, only: str = "") -> Shown:
    """What can be typed, as it is typed here; `only` leaves one group. Members read nothing that admins alone see."""
    groups = {only: TABLE.groups[only]} if only else TABLE.groups
    lines = [line for title, commands in groups.items() for line in _group(title, commands, for_admins=for_admins)]
    return lines_shown(lines, aside(f"{_EVERYWHERE}\n{_NOT_SHOWN}" if for_admins else _EVERYWHERE))


def _group(title: str, commands: Iterable[Command], *, for_admins: bool) -> list[str]:
    known = [each for each in commands if for_admins or not (each.for_admins or TABLE.head(each).startswith(ADMIN))]
    return [f"{title}:", *(f"  {_head(each)}: {each.help}" for each in known)] if known else []


def _head(command: Command) -> str:
    """The name "/admin" alone cannot be typed on Discord: it has others behind it."""
    return f"{ADMIN} help" if command.name == ADMIN else TABLE.head(command)


def requests_shown(lines: Sequence[str], requests: Sequence[str], guild_id: str) -> Shown:
    """What waits, each with its buttons; `lines` begin with one for each of them."""
    shown = list(zip(lines, requests, strict=False))[:MOST_REQUESTS]
    more = len(requests) - len(shown)
    rest = [aside(more_wait(more))] if more else []
    room = (MAX_TEXT_UNITS - 100) // max(len(shown), 1)
    texts = (words(fitting([readable(line)], room)) for line, _ in shown)
    rows = (decide_row(each, guild_id) for _, each in shown)
    return Shown((*chain.from_iterable(zip(texts, rows, strict=True)), *rest))
