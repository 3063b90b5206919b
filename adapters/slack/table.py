"""What can be typed in Slack: seven commands of their own, and everything behind /chipin."""

from core.commands.listed import ASK, LISTED, PRICE
from core.commands.options import MODEL
from core.commands.table import Command, Table, Typing, with_own

CHIPIN = "/chipin"
HERE, ONLY_ME = "--here", "--only-me"
TOP_UP = "/topup"
SHORT = (ASK, "/balance", "/usage", "/models", PRICE, "/request", TOP_UP)
"""Other apps may own these names, so each of them is there behind /chipin too."""
_OWN = {
    ASK: (Command(ASK, f"[{MODEL} NAME] [{HERE}] [{ONLY_ME}] TEXT", "ask; without a text it opens a form"),),
    TOP_UP: (
        Command(
            TOP_UP, "[AMOUNT REASON]", "record budget for the team (admins); alone it opens a form", for_admins=True
        ),
    ),
}
TABLE = Table(
    with_own(LISTED, _OWN),
    hint=f"{ASK} and your question asks it.",
    typing=Typing(f"{CHIPIN} ", frozenset(SHORT)),
)
