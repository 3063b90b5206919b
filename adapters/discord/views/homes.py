"""The card on which somebody chooses the server that pays for what they ask in a direct message."""

from collections.abc import Sequence

from adapters.discord.views.custom_ids import custom_id
from adapters.discord.views.shown import Shown, actions, lines_shown

HOME = "home"
NO_QUESTION = "-"
CHOOSE = "home"
"""What people write to see it again."""
SELECT = 3
"""The type of a menu of texts (components/reference)."""
MAX_OPTION_CHARS = 100
_LATER = f"To choose another one later, write {CHOOSE}."


def home_card(why: str, servers: Sequence[tuple[str, str]], *, about: str) -> Shown:
    """`servers` are pairs of an id and a name; `about` is the message of the question that waits for it, if any."""
    menu = {
        "type": SELECT,
        "custom_id": custom_id(HOME, about or NO_QUESTION),
        "placeholder": "The server that pays",
        "min_values": 1,
        "max_values": 1,
        "options": [{"label": _label(name), "value": guild_id} for guild_id, name in servers],
    }
    return lines_shown([why, _LATER], actions(menu))


def home_chosen(name: str) -> Shown:
    """What stands in its place once it is chosen."""
    return lines_shown([f"{name} pays for what you ask here from now on. {_LATER}"])


def _label(name: str) -> str:
    shown = " ".join("".join(filter(str.isprintable, name)).split()) or "A server without a name"
    return shown if len(shown) <= MAX_OPTION_CHARS else f"{shown[: MAX_OPTION_CHARS - 3]}..."
