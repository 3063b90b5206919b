"""What can be typed here: the commands of all chats, and those of a session at a terminal."""

from adapters.terminal.late import AGAIN, RUN_NOW
from core.commands.listed import ASK, HELP, LISTED, PRICE, STOP
from core.commands.table import Command, Table, with_own

_OWN = {
    ASK: (Command(ASK, "[--model NAME] [--image FILE] TEXT", "ask, or just type it; #launch tags it"),),
    PRICE: (
        Command("/yes", "[NUMBER]", "agree to what was asked last, or choose by number"),
        Command("/cheaper", "", "take the cheaper choice instead"),
        Command("/remove", "", "ask without what looks like a secret in your question"),
        Command("/send", "", "send it as it is, secret and all"),
        Command("/new", "", "begin a new conversation"),
    ),
    STOP: (
        Command(STOP, "", "stop the answer (Ctrl-C does too); what came is charged"),
        Command("/details", "", "what is behind your last price"),
        Command("/better", "", "the same question to a better model, at the price shown"),
        Command(AGAIN, "", "ask once more what got no answer"),
        Command("/good", "", "say that your last answer was good"),
        Command("/bad", "", "say that it was not"),
    ),
    "/request": (Command(RUN_NOW, "", "run the question for which there is more now"),),
}
_OF_CHAT = (Command(HELP, "", "this list"), Command("/quit", "", "leave"))
_OF_DEMO = (
    Command("/as", "NAME [@ROLE]", "speak as somebody else of the demo team"),
    Command("/left", "NAME", "play that somebody left the platform"),
    Command("/back", "NAME", "play that they are back"),
)


def table(*, demo: bool) -> Table:
    """The whole table; only a demo team can be played by one person."""
    of_chat = (*(_OF_DEMO if demo else ()), *_OF_CHAT)
    return Table(with_own(LISTED, {**_OWN, HELP: of_chat}), hint=f"{ASK} asks something that begins with a slash.")
