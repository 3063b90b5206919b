"""Before the first answer in a channel: where it is to stand."""

from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.shown import Shown, actions, aside, button, lines_shown

PLACE = "answers"
"""What its buttons are called in Slack's payloads."""
_BUTTONS = {HERE: "Post here", ONLY_ME: "Only me"}
_ASKS = "Where should the answers to your questions in this channel go?"
_MEANS = (
    "Post here: everybody in the channel sees the question, the answer and its price. "
    "Only me: you get them in a direct message. Your choice is remembered for this channel."
)


def place_action(where: str) -> str:
    """The name of one of the two."""
    return f"{PLACE}{where}"


def offer_shown(value: str) -> Shown:
    """The two of them; each carries the question that waits."""
    buttons = (button(label, place_action(where), value) for where, label in _BUTTONS.items())
    return lines_shown([_ASKS], aside(_MEANS), actions(*buttons))
