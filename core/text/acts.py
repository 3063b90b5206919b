"""Administrative acts in words, for /audit: who did what to whom, when, as people of the team read it.

Acts of earlier releases said everything in their words, with members by id and amounts in nano-dollars. Acts are never
changed: they are read here as if they had been written today.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from core.money import format_price, format_usd
from core.people import CHIPIN, OPERATOR
from core.policy import EVERYONE, Setting, member_target
from core.preferred import ANNOUNCE, DIGEST_AT, DIGEST_IN, DIGEST_SEAT, GOES_ON, REFILL_RULE
from core.refill_rule import rule_from
from core.reports import Act
from core.text.names import SOMEBODY, name_of
from core.text.refills import in_words as refill_in_words
from core.text.rule_words import NAMES as NAMES_OF_RULES
from core.text.rule_words import in_words as rule_in_words
from core.text.wallet import exact_usd
from core.text.wording import clock_time

Names = Mapping[str, str]
"""By member id; of roles and channels by their target (core/policy), as far as the platform names them."""

_OLD_MONEY = re.compile(r"(?:(?P<ask>ask_\w+): )?(?P<nanos>[0-9]{1,19}) nano-dollars; ?(?P<reason>.*)", re.DOTALL)
_OLD_LIMIT = re.compile(r"(?P<whom>.+): (?P<nanos>[0-9]{1,19}) nano-dollars a month")
_OLD_WHOLE_TEAM = "the whole team"
_WALLET = "wallet"
_MONEY = ("top_up", "refund", "reverse")


def act_lines(acts: Sequence[Act], names: Names, zone: ZoneInfo) -> tuple[str, ...]:
    """A line each, in the order they come; one sentence where there is none."""
    if not acts:
        return ("Nothing was done here yet but asking.",)
    return tuple(f"{clock_time(act.at, zone)}: {in_words(act, names)}" for act in acts)


def in_words(act: Act, names: Names) -> str:
    """One act as a sentence."""
    act = _as_today(act)
    sentence = _SENTENCES.get(act.kind, _anything)(act, names)
    return f"{sentence[0].upper()}{sentence[1:]}"


def members_in(act: Act) -> tuple[str, ...]:
    """The ids of the members whom its sentence names."""
    act = _as_today(act)
    subject = act.subject.removeprefix("member:").removeprefix("own:")
    return tuple(who for who in (act.actor, subject) if who and who not in (OPERATOR, CHIPIN, EVERYONE))


def _as_today(act: Act) -> Act:
    """An act of an earlier release as one of today; all others as they are."""
    if act.kind in _MONEY and not act.amount_nanos and (old := _OLD_MONEY.fullmatch(act.words)):
        subject = old["ask"] or act.subject
        return replace(act, subject=subject, amount_nanos=int(old["nanos"]), words=old["reason"])
    if act.kind == "month_limit" and (old := _OLD_LIMIT.fullmatch(act.words)):
        target = EVERYONE if old["whom"] == "every member" else member_target(old["whom"])
        return replace(act, kind="rule", subject=target, words=f"{Setting.MONTH} {old['nanos']}")
    if act.kind in ("freeze", "unfreeze") and not act.subject:
        if act.words.startswith("mbr_") and " " not in act.words:
            return replace(act, subject=act.words, words="")
        return replace(act, words="" if act.words == _OLD_WHOLE_TEAM else act.words)
    return act


def _who(act: Act, names: Names) -> str:
    return name_of(act.actor, names)


def _whom(act: Act, names: Names) -> str:
    """Whom it is about: a member, a target, or the whole team."""
    if not act.subject:
        return EVERYONE
    kind, _, named = act.subject.partition(":")
    match kind:
        case "member" | "own":
            return name_of(named, names)
        case "role" | "channel":
            return names.get(act.subject) or f"the {kind} {named.rpartition(':')[2]}"
        case _:
            return act.subject if not act.subject.startswith("mbr_") else names.get(act.subject) or SOMEBODY


def _because(act: Act) -> str:
    return f": {act.words}" if act.words else ""


def _rule(act: Act, names: Names) -> str:
    setting, _, value = act.words.partition(" ")
    own = act.subject.startswith("own:")
    whose = "themselves" if own else _whom(act, names)
    known = Setting(setting) if setting in set(Setting) else None
    if not value or known is None:
        what = setting.replace("_", " ") if known is None else NAMES_OF_RULES[known]
        return f"{_who(act, names)} took away what was set for {whose}: {what}."
    return f"{_who(act, names)} set for {whose}: {rule_in_words(known, value)}."


def _more(act: Act) -> str:
    """What was asked for: more of a limit, or budget."""
    amount = format_usd(act.amount_nanos)
    return f"{amount} for the team wallet" if act.words == _WALLET else f"{amount} more"


def _for_whom(act: Act, names: Names) -> str:
    """What was approved: for whoever asked, or for everybody, as they asked."""
    amount, whom = format_usd(act.amount_nanos), _whom(act, names)
    return f"{amount} for the team wallet, as {whom} asked" if act.words == _WALLET else f"{amount} for {whom}"


def _anything(act: Act, names: Names) -> str:
    """Of a kind that this release does not know."""
    about = f" ({_whom(act, names)})" if act.subject else ""
    return f"{_who(act, names)}: {act.kind.replace('_', ' ')}{about}{_because(act)}"


def _goes_on(act: Act, names: Names) -> str:
    how = "without a mention" if act.words else "by mention only"
    return f"{_who(act, names)} let threads in {_whom(act, names)} go on {how}."


def _announce(act: Act, names: Names) -> str:
    where = _whom(act, names) if act.subject else "no channel, but to admins alone"
    return f"{_who(act, names)} had new budget announced in {where}."


def _digest_in(act: Act, names: Names) -> str:
    where = f"posted in {_whom(act, names)}" if act.subject else "told to admins, each alone"
    return f"{_who(act, names)} had the weekly digest {where}."


def _digest_at(act: Act, names: Names) -> str:
    if act.words == "off":
        return f"{_who(act, names)} turned the weekly digest off."
    return f"{_who(act, names)} set the weekly digest to {act.words or 'its usual time'}."


def _digest_seat(act: Act, names: Names) -> str:
    nanos = int(act.words) if act.words.isdecimal() else None
    price = "its usual price" if nanos is None else f"{format_usd(nanos)} a month"
    return f"{_who(act, names)} set what a seat is compared with to {price}."


def _refill_rule(act: Act, names: Names) -> str:
    rule = rule_from(act.words)
    if rule is None:
        return f"{_who(act, names)} took the refill rule away."
    return f"{_who(act, names)} set the refill rule: {refill_in_words(rule)}."


_SENTENCES: Mapping[str, Callable[[Act, Names], str]] = {
    "top_up": lambda act, names: (
        f"{_who(act, names)} recorded {format_usd(act.amount_nanos)} of budget{_because(act)}."
    ),
    "refund": lambda act, names: f"{_who(act, names)} took {exact_usd(act.amount_nanos)} of budget back.",
    "reverse": lambda act, names: (
        f"{_who(act, names)} gave back {format_price(act.amount_nanos)} that an ask had cost{_because(act)}."
    ),
    "freeze": lambda act, names: f"{_who(act, names)} paused asking for {_whom(act, names)}{_because(act)}.",
    "unfreeze": lambda act, names: f"{_who(act, names)} let {_whom(act, names)} ask again.",
    "rule": _rule,
    "zone": lambda act, names: f"{_who(act, names)} set the time zone {act.words}.",
    "admin_add": lambda act, names: f"{_who(act, names)} made {_whom(act, names)} an admin.",
    "admin_remove": lambda act, names: f"{_who(act, names)} made {_whom(act, names)} no admin any more.",
    "gone": lambda act, names: f"{_whom(act, names)} left, says their platform, and cannot ask any more.",
    "back": lambda act, names: f"{_whom(act, names)} is back, says their platform.",
    "restore": lambda act, names: f"{_who(act, names)} let {_whom(act, names)}, who had left, ask again.",
    "request": lambda act, names: f"{_who(act, names)} asked for {_more(act)}.",
    "cancel": lambda act, names: f"{_who(act, names)} took back their request for {_more(act)}.",
    "confirm": lambda act, names: f"{_who(act, names)} approved {_for_whom(act, names)}, as the first of two.",
    "approve": lambda act, names: f"{_who(act, names)} approved {_for_whom(act, names)}.",
    "half": lambda act, names: f"{_who(act, names)} approved half: {_for_whom(act, names)}.",
    "deny": lambda act, names: (
        f"{_who(act, names)} denied {_whom(act, names)} the {format_usd(act.amount_nanos)} they had asked for."
    ),
    GOES_ON: _goes_on,
    ANNOUNCE: _announce,
    DIGEST_AT: _digest_at,
    DIGEST_IN: _digest_in,
    DIGEST_SEAT: _digest_seat,
    REFILL_RULE: _refill_rule,
    "link": lambda act, names: f"{_who(act, names)} became one person with {_whom(act, names)}, who agreed too.",
    "unlink": lambda act, names: f"{_who(act, names)} parted the accounts of {_whom(act, names)}.",
    "team_link": lambda act, names: f"{_who(act, names)} let the team {act.words} join this one, as its admin asked.",
    "forget": lambda act, names: f"{_whom(act, names)} was forgotten.",
}
"""By kind of act. Names of who is forgotten are gone from here too."""
