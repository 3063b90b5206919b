"""Lists for one person: help, and what waits for a decision."""

from collections.abc import Sequence

from adapters.slack.table import CHIPIN, TABLE
from adapters.slack.views.cards import decide_row
from adapters.slack.views.shown import Shown, aside, lines_shown, read_out, words
from core.text.presses import more_wait

MOST_REQUESTS = 15
"""With buttons of their own; what is decided makes room for the next."""


def help_shown(only: str = "") -> Shown:
    """Everything that can be typed, as it is typed here; `only` leaves one group."""
    groups = {only: TABLE.groups[only]} if only else TABLE.groups
    lines = [
        line
        for title, commands in groups.items()
        for line in (f"{title}:", *(f"  {TABLE.head(each)}: {each.help}" for each in commands))
    ]
    everywhere = (
        f"Everything works behind {CHIPIN} too, like {CHIPIN} balance. In a thread, mention me with a question."
    )
    return lines_shown(lines, aside(everywhere))


def requests_shown(lines: Sequence[str], requests: Sequence[str]) -> Shown:
    """What waits, each with its buttons; `lines` begin with one for each of them."""
    blocks = []
    for line, request_id in list(zip(lines, requests, strict=False))[:MOST_REQUESTS]:
        blocks += [words(line), decide_row(request_id)]
    if more := len(requests) - MOST_REQUESTS:
        blocks += [aside(more_wait(more))] if more > 0 else []
    return Shown(read_out(lines), tuple(blocks))
