"""Cards that can be pressed, also days later: a request that waits for a decision, a top-up that may be undone."""

from adapters.slack.views.shown import Json, Shown, actions, aside, button, lines_shown
from core.announcement import Notice
from core.commands.carried import agreed_value
from core.commands.speaking import LinkWaits
from core.defaults import UNDO_TOP_UP_SECONDS
from core.operations import Decision
from core.text.first_minutes import FIRST_MINUTES
from core.text.linking import BOTH_ARE_ME
from core.text.refills import add_label

DECIDE, UNDO, RUN_NOW, OPEN_TOP_UP = "decide", "undo", "run_now", "open_topup"
AGREE, NOT_NOW, REFILL = "agree", "not_now", "refill"
"""What buttons are called in Slack's payloads. Old messages keep them, so they never change."""
_LABELS = {Decision.APPROVE: "Approve", Decision.HALF: "Half", Decision.DENY: "Deny"}


def decide_action(decision: Decision, where: str = DECIDE) -> str:
    """The name of one of the three buttons under a request."""
    return f"{where}_{decision}"


def decide_row(request_id: str, where: str = DECIDE) -> Json:
    """The three of them; `where` tells those of a card from those elsewhere."""
    styles = {Decision.APPROVE: "primary", Decision.DENY: "danger"}
    return actions(
        *(
            button(label, decide_action(each, where), request_id, style=styles.get(each, ""))
            for each, label in _LABELS.items()
        )
    )


def undo_row(top_up_id: str) -> Json:
    """Take it back."""
    return actions(button(f"Undo, {UNDO_TOP_UP_SECONDS // 60} min", UNDO, top_up_id))


def notice_shown(notice: Notice) -> Shown:
    """What admins, everybody or one person is told, with what can be pressed under it."""
    return lines_shown(notice.words.split("\n"), *notice_rows(notice))


def notice_rows(notice: Notice) -> list[Json]:
    """What can be pressed under it."""
    rows = [decide_row(notice.decide)] if notice.decide else []
    rows += [undo_row(notice.undo)] if notice.undo else []
    rows += [actions(button("Run it now", RUN_NOW, notice.press, style="primary"))] if notice.press else []
    rows += [_link_row(notice)] if notice.link else []
    if notice.refill:
        rows.append(actions(button(add_label(notice.refill_nanos), REFILL, notice.refill, style="primary")))
    rows += [actions(button("Add budget", OPEN_TOP_UP, style="primary"))] if notice.kind == FIRST_MINUTES else []
    return rows


def _link_row(notice: Notice) -> Json:
    """Whoever gave a code agrees that the account by which it was typed is theirs."""
    agrees = agreed_value(LinkWaits(notice.link), notice.to.user if notice.to is not None else "")
    return actions(button(BOTH_ARE_ME, AGREE, agrees, style="primary"), not_now())


def not_now() -> Json:
    """Do nothing."""
    return button("Not now", NOT_NOW)


def closed_shown(words: str, outcome: str, *rows: Json) -> Shown:
    """A card after somebody pressed: what it said, and what became of it. `rows` can still be pressed."""
    return lines_shown([words], aside(outcome), *rows)
