"""The commands that all chats have, in the groups in which their help lists them."""

from collections.abc import Sequence

from core.commands.table import Command, Groups

ASKING, AFTER, MONEY = "Asking", "After an answer", "Money"
MORE, MODELS, ADMINS, KNOWN = "Asking for more", "Models", "Admins", "What is known of you"
HERE = "This chat"

ASK, PRICE, STOP, HELP, ADMIN = "/ask", "/price", "/stop", "/help", "/admin"
"""Those that a chat answers itself, or in its own way."""
DIGEST = "/admin digest"

LISTED: Groups = {
    ASKING: (
        Command(ASK, "[--model NAME] TEXT", "ask; #launch tags it"),
        Command(PRICE, "TEXT", "what a question would cost, before it is asked"),
    ),
    AFTER: (Command(STOP, "", "stop what you have running; what came is charged"),),
    MONEY: (
        Command("/balance", "", "your month and the team wallet"),
        Command("/usage", "[me|team] [tags] [week]", "what was asked and spent; weekly on: sent to you"),
        Command("/topup", "AMOUNT [REASON]", "record budget for the team (admins)", for_admins=True),
        Command("/undo", "", "take the last top-up back (admins)", for_admins=True),
        Command("/limit", "[WHOM AMOUNT]", "show limits; set one (admins), or your own: /limit me 2"),
    ),
    MORE: (
        Command("/request", "[AMOUNT] [REASON]", "ask the admins for more"),
        Command("/requests", "", "what waits for a decision"),
        Command("/approve", "[NUMBER]", "grant what was asked for (admins)", for_admins=True),
        Command("/half", "[NUMBER]", "grant half of it (admins)", for_admins=True),
        Command("/deny", "[NUMBER]", "grant nothing (admins)", for_admins=True),
    ),
    MODELS: (
        Command("/models", "[NAME|all]", "what they cost and are good for"),
        Command("/routing", "", "how models are chosen, and how well (admins)", for_admins=True),
    ),
    ADMINS: (
        Command(ADMIN, "", "what admins can set and see"),
        Command("/admin zone", "[ZONE]", "by whose midnight limits begin anew"),
        Command("/admin policy", "[WHOM [WHAT VALUE]]", "what applies to whom, and why; set it", for_admins=True),
        Command("/admin refill", "[RULE|off|yes]", "ask admins to add budget when it runs low", for_admins=True),
        Command("/admin list", "", "who the admins are and why, and what is paused"),
        Command("/admin add", "NAME", "make somebody an admin", for_admins=True),
        Command("/admin remove", "NAME", "make somebody no admin", for_admins=True),
        Command("/admin allow", "WHOM", "let guests, bots, outsiders, @ROLE, #CHANNEL or NAME ask", for_admins=True),
        Command("/admin deny", "WHOM", "let them not ask", for_admins=True),
        Command("/admin restore", "NAME", "let somebody ask again who left", for_admins=True),
        Command("/admin link", "[CODE|yes]", "let another workspace share this wallet", for_admins=True),
        Command(
            DIGEST,
            "[WHAT]",
            "the week in lines: now, preview, schedule, channel, seats",
            for_admins=True,
        ),
        Command("/freeze", "[NAME|everyone [REASON]]", "pause asking", for_admins=True),
        Command("/unfreeze", "[NAME]", "let it go on", for_admins=True),
        Command("/admin statement", "[MONTH]", "the month's books, as a page and as CSV", for_admins=True),
        Command("/export", "[MONTH]", "what was charged in the month, as CSV", for_admins=True),
        Command("/audit", "", "what was done in the team, newest first", for_admins=True),
    ),
    KNOWN: (
        Command("/link", "[CODE|yes]", "be one person on both platforms: one quota, one history"),
        Command("/unlink", "[NAME]", "be two again; admins: somebody else"),
        Command("/mydata", "", "everything that is kept about you, as JSON"),
        Command("/forget", "[NAME]", "erase who you are; admins: somebody else"),
    ),
    HERE: (Command(HELP, "", "this list"),),
}

OF_RULES = frozenset({"/limit", "/admin policy", "/admin allow", "/admin deny"})
"""What is typed after them may mention several people, and places and roles as well."""
AS_WRITTEN = OF_RULES | {DIGEST}
"""Mentions in what is typed after them stay as they are: a channel is known by its mention, and not by its name."""
_OF_PEOPLE = frozenset({"/admin add", "/admin remove", "/admin restore", "/freeze", "/unfreeze", "/forget", "/unlink"})
"""They are about one person."""


def meant_in(command: str, mentioned: Sequence[str]) -> Sequence[str]:
    """Who of those that are mentioned after a command is meant, for chats that mention people: the others are words."""
    if command in OF_RULES:
        return mentioned
    return mentioned[:1] if command in _OF_PEOPLE else ()
