"""Cards that can be pressed, also days later: a request that waits for a decision, a top-up that may be undone."""

from collections.abc import Sequence

from adapters.discord.views.custom_ids import custom_id
from adapters.discord.views.shown import (
    DANGER,
    MAX_TEXT_UNITS,
    PRIMARY,
    SECONDARY,
    Json,
    Shown,
    actions,
    aside,
    button,
    card,
    fitting,
    lines_shown,
    units_of,
    words,
)
from core.announcement import Notice
from core.defaults import UNDO_TOP_UP_SECONDS
from core.operations import Decision
from core.text.first_minutes import FIRST_MINUTES
from core.text.linking import BOTH_ARE_ME
from core.text.refills import add_label

DECIDE, UNDO, RUN_NOW, OPEN_TOP_UP = "decide", "undo", "run_now", "open_topup"
LINK, NOT_NOW, REFILL = "agree_link", "not_now", "refill"
"""What buttons do. Old messages keep their buttons, so these names never change."""
_LABELS = {Decision.APPROVE: "Approve", Decision.HALF: "Half", Decision.DENY: "Deny"}
_STYLES = {Decision.APPROVE: PRIMARY, Decision.HALF: SECONDARY, Decision.DENY: DANGER}


def decide_action(decision: Decision) -> str:
    """What one of the three buttons under a request does."""
    return f"{DECIDE}_{decision}"


def decide_row(request_id: str, guild_id: str) -> Json:
    """The three of them. Every button names its server: a direct message is in none."""
    return actions(
        *(
            button(label, custom_id(decide_action(each), request_id, guild_id), style=_STYLES[each])
            for each, label in _LABELS.items()
        )
    )


def undo_row(top_up_id: str, guild_id: str) -> Json:
    """Take it back."""
    return actions(button(f"Undo, {UNDO_TOP_UP_SECONDS // 60} min", custom_id(UNDO, top_up_id, guild_id)))


def add_budget(guild_id: str) -> Json:
    """Open the form for it."""
    return button("Add budget", custom_id(OPEN_TOP_UP, guild_id), style=PRIMARY)


def link_row(link_id: str, guild_id: str) -> Json:
    """Whoever gave a code agrees to what it brings together; core looks whether they gave it."""
    agrees = button(BOTH_ARE_ME, custom_id(LINK, link_id, guild_id), style=PRIMARY)
    return actions(agrees, not_now(guild_id))


def not_now(guild_id: str) -> Json:
    """Do nothing."""
    return button("Not now", custom_id(NOT_NOW, guild_id))


def notice_shown(notice: Notice) -> Shown:
    """What admins, everybody or one person is told, with what can be pressed under it."""
    return Shown((card(*lines_shown(notice.words.split("\n"), *notice_rows(notice)).components),))


def notice_rows(notice: Notice) -> list[Json]:
    """What can be pressed under it."""
    rows = [decide_row(notice.decide, notice.workspace)] if notice.decide else []
    rows += [undo_row(notice.undo, notice.workspace)] if notice.undo else []
    if notice.press:
        rows.append(actions(button("Run it now", custom_id(RUN_NOW, notice.press, notice.workspace), style=PRIMARY)))
    rows += [link_row(notice.link, notice.workspace)] if notice.link else []
    if notice.refill:
        refills = custom_id(REFILL, notice.refill, notice.workspace)
        rows.append(actions(button(add_label(notice.refill_nanos), refills, style=PRIMARY)))
    rows += [actions(add_budget(notice.workspace))] if notice.kind == FIRST_MINUTES else []
    return rows


def closed_shown(said: Sequence[str], outcome: str, *rows: Json) -> Shown:
    """A card after somebody pressed: the texts that it had, as they were written, and what became of it.

    `rows` can still be pressed.
    """
    told = aside(outcome)
    room = MAX_TEXT_UNITS - units_of(told) - sum(map(units_of, rows))
    kept = fitting("\n".join(said).split("\n"), room)
    return Shown((card(words(kept), told, *rows),))
