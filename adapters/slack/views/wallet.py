"""What is answered about money: a top-up and what may be done about it, and asking the admins for more."""

from adapters.slack.views.cards import AGREE, OPEN_TOP_UP, not_now, undo_row
from adapters.slack.views.shown import Json, Shown, actions, button, lines_shown
from core.commands.carried import Wanted, agreed_value, wanted_value
from core.commands.speaking import ForgetWaits, LinkWaits, Reply
from core.defaults import WALLET_REQUESTS_NANOS
from core.events import Shortfall
from core.money import format_usd
from core.text.linking import BOTH_ARE_ME
from core.usual_amounts import sensible_nanos

ASK_FOR = "ask_for"
ASK_FOR_MORE = "ask_for_more"
"""Of a limit, by as much as is usual; `ASK_FOR` are the amounts that an empty wallet may be filled with."""
_LABELS = {ForgetWaits: ("Forget", "danger"), LinkWaits: (BOTH_ARE_ME, "primary")}
"""What agreeing is called, and how it looks."""


def reply_shown(reply: Reply, user_id: str) -> Shown:
    """What a command answers, with what may be pressed then. `user_id` typed it, and nobody else may press."""
    rows: list[Json] = []
    if reply.waits is not None:
        label, style = _LABELS.get(type(reply.waits), ("Record it", "primary"))
        rows = [actions(button(label, AGREE, agreed_value(reply.waits, user_id), style=style), not_now())]
    if reply.top_up_id:
        rows = [undo_row(reply.top_up_id)]
    return lines_shown(reply.lines, *rows)


def form_again() -> Json:
    """For whoever's form could not be opened in time."""
    return actions(button("Open the form", OPEN_TOP_UP))


def ask_action(nanos: int) -> str:
    """The name of the button that asks for so much."""
    return f"{ASK_FOR}_{nanos}"


def more_buttons(shortfall: Shortfall, user_id: str, *, is_admin: bool) -> list[Json]:
    """Under a refusal for want of budget, or of a limit: ask the admins for more. Only `user_id` may press.

    Whoever can add the budget that is missing is offered that.
    """
    if shortfall.counter_id:
        nanos = sensible_nanos(shortfall)
        value = wanted_value(Wanted(shortfall, nanos, user_id))
        return [button(f"Ask the admins for {format_usd(nanos)} more", ASK_FOR_MORE, value)]
    if is_admin:
        return [button("Add budget", OPEN_TOP_UP, style="primary")]
    return [
        button(f"Ask for {format_usd(nanos)}", ask_action(nanos), wanted_value(Wanted(shortfall, nanos, user_id)))
        for nanos in WALLET_REQUESTS_NANOS
    ]
