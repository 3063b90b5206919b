"""What is answered about money: a top-up and what may be done about it, and asking the admins for more.

What waits may be longer than a button can carry: it is kept in the books as text (core/commands/carried.py), and the
button carries the id of that (core/kept_presses.py).
"""

from adapters.discord.views.cards import add_budget, not_now, undo_row
from adapters.discord.views.custom_ids import custom_id
from adapters.discord.views.shown import DANGER, PRIMARY, Json, Shown, actions, button, lines_shown
from core.commands.speaking import ForgetWaits, LinkWaits, Reply
from core.defaults import WALLET_REQUESTS_NANOS
from core.events import Shortfall
from core.money import format_usd
from core.text.linking import BOTH_ARE_ME
from core.usual_amounts import sensible_nanos

AGREE, ASK_FOR = "agree", "ask_for"
_LABELS = {ForgetWaits: ("Forget", DANGER), LinkWaits: (BOTH_ARE_ME, PRIMARY)}
"""What agreeing is called, and how it looks."""


def reply_shown(reply: Reply, guild_id: str, press_id: str = "") -> Shown:
    """What a command answers, with what may be pressed then. `press_id`: under which what waits is kept."""
    rows: list[Json] = []
    if reply.waits is not None:
        label, style = _LABELS.get(type(reply.waits), ("Record it", PRIMARY))
        rows = [actions(button(label, custom_id(AGREE, press_id, guild_id), style=style), not_now(guild_id))]
    if reply.top_up_id:
        rows = [undo_row(reply.top_up_id, guild_id)]
    return lines_shown(reply.lines, *rows)


def more_buttons(shortfall: Shortfall, guild_id: str, press_id: str, *, is_admin: bool) -> list[Json]:
    """Under a refusal for want of budget, or of a limit: ask the admins for more.

    `press_id`: under which what is lacking is kept, with who may press (`wanted_value` of core/commands/carried.py; the
    amount is the button's). Whoever can add the budget that is missing is offered that.
    """
    if not shortfall.counter_id and is_admin:
        return [add_budget(guild_id)]
    if shortfall.counter_id:
        nanos = sensible_nanos(shortfall)
        return [_ask_for(f"Ask the admins for {format_usd(nanos)} more", press_id, nanos, guild_id)]
    return [_ask_for(f"Ask for {format_usd(nanos)}", press_id, nanos, guild_id) for nanos in WALLET_REQUESTS_NANOS]


def _ask_for(label: str, press_id: str, nanos: int, guild_id: str) -> Json:
    return button(label, custom_id(ASK_FOR, press_id, str(nanos), guild_id))
