"""What can be typed in Slack: seven commands of their own, and everything behind /chipin."""

from core.commands.listed import ASK, LISTED, PRICE
from core.commands.options import MODEL, TAG
from core.commands.table import Command, Table, Typing, with_own

CHIPIN = "/chipin"
HERE, ONLY_ME = "--here", "--only-me"
TOP_UP = "/topup"
SHORT = (ASK, "/balance", "/usage", "/models", PRICE, "/request", TOP_UP)
"""Other apps may own these names, so each of them is there behind /chipin too."""
_OWN = {
    ASK: (
        Command(
            ASK,
            f"[{MODEL} NAME] [{TAG} NAME] [{HERE}] [{ONLY_ME}] TEXT",
            "ask; alone it opens a form; #launch tags it",
        ),
    ),
    TOP_UP: (
        Command(
            TOP_UP, "[AMOUNT REASON]", "record budget for the team (admins); alone it opens a form", for_admins=True
        ),
    ),
}
_UNDER = "That is a button under your answer: press it there."
GUIDES = {
    **dict.fromkeys(("/details", "/better", "/good", "/bad"), _UNDER),
    "/again": 'Press "Try again" where you read that your question got no answer.',
    "/run": 'Press "Run it now" where you read that there is budget again.',
    **dict.fromkeys(
        ("/yes", "/cheaper", "/remove", "/send"), "Press a button under what you were asked: each says what it does."
    ),
    "/new": "A new conversation begins with every question outside a thread: type /ask, or mention me in the channel.",
}
"""What the terminal's own commands are here: whoever read of them there is told where to press."""
TABLE = Table(
    with_own(LISTED, _OWN),
    hint=f"{ASK} and your question asks it.",
    unlisted=[Command(name, "", guide) for name, guide in GUIDES.items()],
    typing=Typing(f"{CHIPIN} ", frozenset(SHORT)),
)
