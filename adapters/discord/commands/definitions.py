"""Every command as Discord offers it. What admins alone get something out of stands behind /admin."""

from dataclasses import dataclass

from adapters.discord.commands.options import Given, Kind, Option, Suggests, Words, joined, nothing
from adapters.discord.table import ANNOUNCE, TOP_UP
from core.commands.channels import OFF
from core.commands.listed import ADMIN, ASK, HELP, PRICE
from core.policy import EVERYONE
from core.policy.targets import ME
from core.policy.typed import MAX_RULE_CHARS, WORDS
from core.preferred import WEEKLY
from core.text.typed import MAX_REASON_CHARS
from core.usage_asked import BY_WORDS, PERIOD_WORDS, WHOSE_WORDS

PROMPT, MODEL, PRIVATE, IMAGE = "prompt", "model", "private", "image"
TEXT, AMOUNT, REASON, CODE = "text", "amount", "reason", "code"
_PERIODS = ("day", "week", "month", "ask")
_MAX_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class Definition:
    """One command. `path` is what is typed; `name` the command of core's table that it is; `words` what that takes."""

    path: tuple[str, ...]
    name: str
    help: str
    options: tuple[Option, ...] = ()
    words: Words = nothing


def _named(given: Given) -> str:
    """Somebody who was picked, else the name that was typed."""
    return joined("member")(given) or joined("name")(given)


def _whom(given: Given) -> str:
    """For whom a rule is: picked as a member or a role, as a channel, or typed."""
    return joined(*ONE_OF)(given)


def _limit(given: Given) -> str:
    """ "me 2" as it was typed; an amount alone is one's own, of the period that was picked."""
    said = joined("limit")(given)
    if said and (said[0].isdigit() or said[0] in "$-" or said.casefold() in ("off", "none")):
        said = f"{ME} {said}"
    words = said.split(" ")
    return " ".join([*words[:-1], given["period"], words[-1]]) if said and "period" in given else said


def _limit_of(given: Given) -> str:
    whom, rest = _whom(given), joined("period", AMOUNT)(given)
    return f"{whom or EVERYONE} {rest}" if AMOUNT in given else whom


def _rule(given: Given) -> str:
    whom, rest = _whom(given), joined("setting", "value")(given)
    return f"{whom or EVERYONE} {rest}" if rest else whom


def _announced(given: Given) -> str:
    return OFF if "off" in given else joined("channel")(given)


def _digest(given: Given) -> str:
    """One of the things that can be shown or set; a switch alone for the admins."""
    if "show" in given:
        return given["show"]
    if "admins" in given:
        return f"channel {OFF}"
    return next((f"{word} {given[word]}" for word in DIGEST_OPTIONS if word in given), "")


def _refill(given: Given) -> str:
    """ "below 5 add 25 at most 100"; what was given of it is said with its word, so that what lacks is told."""
    if "off" in given:
        return OFF
    return " ".join(f"{word} {given[name].strip()}" for name, word in REFILL_WORDS.items() if name in given)


def _usage(given: Given) -> str:
    return f"{WEEKLY} {given[WEEKLY]}" if WEEKLY in given else joined("whose", "by", "when")(given)


def _pause(given: Given) -> str:
    whom, reason = _named(given), joined(REASON)(given)
    return f"{whom or EVERYONE} {reason}" if reason else whom


DIGEST_OPTIONS = ("show", "schedule", "channel", "admins", "seats")
"""The options of /admin digest: one is answered at a time."""
REFILL_WORDS = {"below": "below", "add": "add", "at_most": "at most"}
"""The options of /admin refill, each with its word in core's command."""
_MONTH = Option("month", "Like 2026-11, or last; left out, the one that runs", most_chars=10)
_month = joined("month")
_MEMBER = Option("member", "Who it is about", Kind.USER)
_NAME = Option("name", "Or their name or id, who is not on this server", most_chars=_MAX_NAME_CHARS)
ONE_OF = ("who", "channel", "whom")
"""For whom a rule is, in three ways: only one of them can be meant."""
_WHO = Option("who", "A member or a role", Kind.USER_OR_ROLE)
_CHANNEL = Option("channel", "A channel", Kind.CHANNEL)
_WHOM = Option(
    "whom", "Or everyone, guests, bots, outsiders, a name", suggests=Suggests.WHOM, most_chars=MAX_RULE_CHARS
)
_REASON = Option(REASON, "What it is for", most_chars=MAX_REASON_CHARS)

OF_MEMBERS = (
    Definition(
        ("ask",),
        ASK,
        "Ask. You see what the answer cost; failures cost nothing",
        (
            Option(PROMPT, "Your question", required=True),
            Option(MODEL, "Who answers; without it the cheapest that is good enough", suggests=Suggests.MODELS_TO_ASK),
            Option(PRIVATE, "Only you read the answer", Kind.SWITCH),
            Option(IMAGE, "A picture or a text file to go along", Kind.FILE),
        ),
        joined(PROMPT),
    ),
    Definition(("balance",), "/balance", "Your month and the team wallet"),
    Definition(
        ("usage",),
        "/usage",
        "What was asked and spent, beside the time before",
        (
            Option("whose", "Without it yours; the team's and who spent what are for admins", choices=WHOSE_WORDS),
            Option("by", "Without it by model and tag", choices=BY_WORDS),
            Option("when", "Without it this month", choices=PERIOD_WORDS),
            Option(WEEKLY, "Your own numbers in a direct message with each weekly digest", choices=("on", "off")),
        ),
        _usage,
    ),
    Definition(
        ("models",),
        "/models",
        "What models cost and are good for",
        (Option("name", "One of them, or all", suggests=Suggests.MODELS, most_chars=_MAX_NAME_CHARS),),
        joined("name"),
    ),
    Definition(
        ("price",),
        PRICE,
        "What a question would cost, before it is asked",
        (Option(TEXT, "Your question", required=True),),
        joined(TEXT),
    ),
    Definition(
        ("request",),
        "/request",
        "Ask the admins for more",
        (Option(AMOUNT, "How much, in US dollars; or: cancel", most_chars=_MAX_NAME_CHARS), _REASON),
        joined(AMOUNT, REASON),
    ),
    Definition(
        ("chipin", "limit"),
        "/limit",
        "Show your limits, or set a lower one for yourself",
        (
            Option("limit", "How much at most, like 2; off takes it away", most_chars=MAX_RULE_CHARS),
            Option("period", "In what time; without it a month", choices=_PERIODS),
        ),
        _limit,
    ),
    Definition(("chipin", "requests"), "/requests", "What waits for a decision"),
    Definition(("chipin", "stop"), "/stop", "Stop what you have running; what came is charged"),
    Definition(("chipin", "admins"), "/admin list", "Who the admins are and why, and what is paused"),
    Definition(
        ("chipin", "link"),
        "/link",
        "Be one person on both platforms: one quota, one history",
        (
            Option(
                CODE, "The code that you were given there; without it you get one; or: yes", most_chars=_MAX_NAME_CHARS
            ),
        ),
        joined(CODE),
    ),
    Definition(("chipin", "unlink"), "/unlink", "Be two again", (_MEMBER, _NAME), _named),
    Definition(("chipin", "mydata"), "/mydata", "Everything that is kept about you, as JSON"),
    Definition(("chipin", "forget"), "/forget", "Erase who you are; it asks before it does", (_MEMBER, _NAME), _named),
    Definition(("chipin", "help"), HELP, "What can be typed"),
)
OF_ADMINS = (
    Definition(
        ("topup",),
        TOP_UP,
        "Record budget for the team. No card is charged",
        (
            Option(AMOUNT, "How much, in US dollars, like 25", required=True, most_chars=_MAX_NAME_CHARS),
            Option(REASON, "What it is for", required=True, most_chars=MAX_REASON_CHARS),
        ),
        joined(AMOUNT, REASON),
    ),
    Definition(("admin", "help"), ADMIN, "What admins can set and see"),
    Definition(
        ("admin", "limit"),
        "/limit",
        "Show limits, or set one for a member, a role, a channel or everyone",
        (
            Option(AMOUNT, "How much at most, like 10; none, or clear", most_chars=_MAX_NAME_CHARS),
            Option("period", "In what time; without it a month", choices=_PERIODS),
            _WHO,
            _CHANNEL,
            _WHOM,
        ),
        _limit_of,
    ),
    Definition(
        ("admin", "policy"),
        "/admin policy",
        "What applies to whom, and why; or set it",
        (
            _WHO,
            _CHANNEL,
            _WHOM,
            Option("setting", "What to set", choices=tuple(WORDS)),
            Option("value", "To what, like 5, allow, deny, clear, or names of models", most_chars=MAX_RULE_CHARS),
        ),
        _rule,
    ),
    Definition(
        ("admin", "announce"),
        ANNOUNCE,
        "Which channel reads what is recorded; without one, admins do",
        (_CHANNEL, Option("off", "Tell admins alone", Kind.SWITCH)),
        _announced,
    ),
    Definition(
        ("admin", "digest"),
        "/admin digest",
        "The week in a few lines: see it, and set when and where it comes",
        (
            Option("show", "The week that runs, or the last one", choices=("now", "preview")),
            Option("schedule", "A day and a time, like friday 17:00; or: off", most_chars=_MAX_NAME_CHARS),
            Option("channel", "Where everybody reads it", Kind.CHANNEL),
            Option("admins", "Only admins read it, each alone", Kind.SWITCH),
            Option("seats", "What a seat costs a month, like 20; or: off, usual", most_chars=_MAX_NAME_CHARS),
        ),
        _digest,
    ),
    Definition(
        ("admin", "refill"),
        "/admin refill",
        "Ask admins whether to add budget when the wallet runs low; without options it shows the rule",
        (
            Option("below", "When the wallet has less than this, in US dollars, like 5", most_chars=_MAX_NAME_CHARS),
            Option("add", "How much one press adds, like 25", most_chars=_MAX_NAME_CHARS),
            Option("at_most", "How much the rule may add in a month, like 100", most_chars=_MAX_NAME_CHARS),
            Option("off", "Take the rule away", Kind.SWITCH),
        ),
        _refill,
    ),
    Definition(("admin", "allow"), "/admin allow", "Let a role, channel or member ask", (_WHO, _CHANNEL, _WHOM), _whom),
    Definition(("admin", "deny"), "/admin deny", "Let them not ask", (_WHO, _CHANNEL, _WHOM), _whom),
    Definition(("admin", "add"), "/admin add", "Make somebody an admin", (_MEMBER, _NAME), _named),
    Definition(("admin", "remove"), "/admin remove", "Make somebody no admin", (_MEMBER, _NAME), _named),
    Definition(("admin", "restore"), "/admin restore", "Let somebody ask again who left", (_MEMBER, _NAME), _named),
    Definition(
        ("admin", "link"),
        "/admin link",
        "Let another workspace share this wallet",
        (Option(CODE, "The code that its admin was given; without it you get one", most_chars=_MAX_NAME_CHARS),),
        joined(CODE),
    ),
    Definition(
        ("admin", "zone"),
        "/admin zone",
        "By whose midnight limits begin anew; or set it",
        (Option("zone", "Like Europe/Berlin", suggests=Suggests.ZONES, most_chars=_MAX_NAME_CHARS),),
        joined("zone"),
    ),
    Definition(
        ("admin", "freeze"), "/freeze", "Pause asking, for everybody or for one", (_MEMBER, _NAME, _REASON), _pause
    ),
    Definition(("admin", "unfreeze"), "/unfreeze", "Let asking go on", (_MEMBER, _NAME), _named),
    Definition(("admin", "undo"), "/undo", "Take the last top-up back, within ten minutes"),
    Definition(
        ("admin", "statement"), "/admin statement", "The month's books, as a page and as CSV", (_MONTH,), _month
    ),
    Definition(("admin", "export"), "/export", "What was charged in the month, as CSV", (_MONTH,), _month),
    Definition(("admin", "audit"), "/audit", "What was done in the team, newest first"),
    Definition(("admin", "routing"), "/routing", "How models are chosen, and how well"),
    Definition(("admin", "request", "list"), "/requests", "What waits for a decision, with its buttons"),
    Definition(("admin", "request", "approve"), "/approve", "Grant what was asked for; of several, choose in the list"),
    Definition(("admin", "request", "half"), "/half", "Grant half of it; of several, choose in the list"),
    Definition(("admin", "request", "deny"), "/deny", "Grant nothing; of several, choose in the list"),
)
DEFINITIONS = (*OF_MEMBERS, *OF_ADMINS)
BY_PATH = {each.path: each for each in DEFINITIONS}
GROUPS = {
    ("chipin",): "Limits, requests, your data, and help",
    ("admin",): "Rules, people, pauses and requests, for admins",
    ("admin", "request"): "Requests for more",
}
"""What stands above several commands."""
ASK_ABOUT = "Ask about this"
"""In the menu of a message."""
