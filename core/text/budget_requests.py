"""Asking for more, in words. What notices keep names people by their ids in angle brackets (core/text/names.py)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.defaults import MAX_REQUEST_NANOS
from core.money import format_usd
from core.operations import Decision, RequestedState
from core.people import CHIPIN, OPERATOR
from core.quota import Limit, Scope
from core.text.names import person
from core.text.not_enough import take_away
from core.text.wording import amount, clock_time, count_of

_FOR = {
    Scope.MEMBER_DAY: "for today",
    Scope.MEMBER_WEEK: "for this week",
    Scope.MEMBER_MONTH: "for this month",
    Scope.CHANNEL_DAY: "for the channel today",
    Scope.CHANNEL_WEEK: "for the channel this week",
    Scope.CHANNEL_MONTH: "for the channel this month",
    Scope.THREAD: "for this conversation",
}
_FOR_WALLET = " for the team wallet"
MINUTE, HOUR, DAY = 60, 3600, 86_400


def named(member_id: str) -> str:
    """Somebody in words that are kept: a member by their id in angle brackets, the others by what they are."""
    return {OPERATOR: "The operator", CHIPIN: "Chipin"}.get(member_id) or person(member_id)


def asked_for(amount_nanos: int, scope: Scope | None) -> str:
    """What somebody asks for: "$5.00 more for this month"; without a scope budget for the wallet."""
    asked = amount(amount_nanos)
    return f"{asked}{_FOR_WALLET}" if scope is None else f"{asked} more {_FOR[scope]}"


def until(end: datetime | None, zone: ZoneInfo) -> str:
    """When a grant ends, to follow what was granted; empty where it never does."""
    return f", until {clock_time(end, zone)}" if end is not None else ""


# --- for admins ---


def _for(what: str, who: str) -> str:
    """What is decided, and for whom: budget for the wallet is everybody's."""
    return f"{what}, as {who} asked" if what.endswith(_FOR_WALLET) else f"{what} for {who}"


def card(member_id: str, what: str, ending: str) -> str:
    """The notice under which admins decide. `ending` is what `until` says."""
    if not ending and what.endswith("wallet"):
        return f"The team wallet is empty, and {named(member_id)} asks for {what.removesuffix(_FOR_WALLET)}."
    return f"{named(member_id)} asks for {what}{ending}."


def needs_another(first: str, member_id: str, what: str) -> str:
    """The notice to the others where one admin is not enough."""
    return f"{named(first)} approved {_for(what, named(member_id))}. That much needs a second admin: is it right?"


def reason_given(reason: str) -> str:
    """The asker's own words, under the notice."""
    return f'The reason given: "{reason}".'


def told_admins(by: str, first: str, member_id: str, what: str, *, state: str, alone: bool) -> str:
    """The notice to the other admins after a decision."""
    did = "approved" if state == RequestedState.APPROVED else "denied"
    confirmed = f"; confirmed: {named(by)}" if first and first != by else ""
    only = " There was no other admin to decide it." if alone else ""
    return f"{named(first or by)} {did} {_for(what, named(member_id))}{confirmed}.{only}"


# --- for whoever asked ---


def granted(by: str, what: str, asked: str, ending: str, *, own: bool = False) -> str:
    """What an approval gave; `asked` is what was asked for, where that was more. `own`: the asker decided it alone."""
    less = f" You had asked for {asked}." if asked != what else ""
    did = f"You approved {what} for yourself" if own else f"{named(by)} approved {what} for you"
    return f"{did}{ending}.{less}"


def wallet_granted(by: str, amount_nanos: int) -> str:
    """What an approval put into the wallet."""
    return f"{named(by)} put {format_usd(amount_nanos)} into the team wallet, as you asked."


FUNDED = "The team wallet has budget again."


def denied(by: str, what: str) -> str:
    """What was not given."""
    return f"{named(by)} denied your request: {what}. Nothing changes for you; ask them if you want to know why."


def expired(what: str) -> str:
    """What nobody decided in time."""
    return f"Nobody decided your request in time: {what}. It has lapsed, and everything starts anew now."


# --- what a command says at once ---


def requested(what: str, *, noticed: bool) -> str:
    """The request is open."""
    told = "The admins are told" if noticed else "The admins know already that the wallet is empty"
    return f"You asked for {what}. {told}; you will read here what they decide. Not charged."


def waiting_already(what: str, seconds: float) -> str:
    """Asked again while the first one is open."""
    return (
        f"You asked for that {ago(seconds)} already: {what}. The admins have not decided yet; nothing was sent again."
    )


def own_limit(limit: Limit) -> str:
    """The member's own limit is in the way, which no admin needs to raise."""
    own = amount(limit.at_most - limit.carried - limit.granted)
    return f"You set this limit of {own} yourself: {take_away(limit)} takes it away. No admin was asked."


CANCELLED = "Taken back. The admins cannot decide it any more."
NO_LIMIT = "Nothing limits your month: there is nothing to ask for."
WAITING = "You asked for that already, and it is being decided. Nothing was sent again."
TOO_LATE = "A new period has just begun: ask your question again. Nothing was asked for."
NOT_NOW = "You cannot ask for more while asking is paused for you. An admin can tell you why."
MAY_NOT = "You may not ask here, so there is nothing to ask more for. An admin can let you: /admin allow."
NOTHING_TO_RAISE = "That is nothing that admins could raise. Nothing was asked for."
TOO_MUCH = f"Ask for more than nothing, and for at most {format_usd(MAX_REQUEST_NANOS)}. Nothing was asked for."


def decided_already(by: str, state: str, seconds: float, *, you: bool) -> str:
    """Somebody was faster, or pressed before."""
    did = {
        RequestedState.APPROVED: "approved this",
        RequestedState.DENIED: "denied this",
        RequestedState.CANCELLED: "took this back",
    }.get(RequestedState(state))
    if did is None:
        why = "the wallet was funded" if state == RequestedState.FUNDED else "its time was over"
        return f"This was closed {ago(seconds)}: {why}. Nothing was changed."
    return f"{'You' if you else by} {did} {ago(seconds)}. Nothing was changed now."


def over(end: datetime, zone: ZoneInfo) -> str:
    """Too late."""
    return (
        f"The period that this was asked for ended on {clock_time(end, zone)}: nothing can be granted for it any more."
    )


OWN = "You asked for this yourself: another admin has to decide it. Nothing was changed."
UNKNOWN = "There is no such request in this team. Nothing was changed."
NOT_ADMIN = "Only admins of the team can decide requests. Nothing was changed."
FIRST_OF_TWO = "You approved this already; it needs a second admin. Nothing was changed."


def decision_done(
    decision: Decision, name: str, what: str, *, state: str, alone: bool, own: bool, above_nanos: int
) -> str:
    """What a press did."""
    if state == RequestedState.OPEN:
        return (
            f"Noted: you approve {_for(what, name)}. More than {format_usd(above_nanos)} needs a second admin, "
            "and the others are told. Nothing is granted yet."
        )
    done = "Denied" if decision is Decision.DENY else "Approved"
    if own:
        return f"{done}: {_for(what, 'you')}. It was your own request; there is no other admin, and that is recorded."
    lonely = " There is no second admin, and that is recorded." if alone else ""
    return f"{done}: {_for(what, name)}. They are told.{lonely}"


def open_line(
    number: int, name: str, what: str, seconds: float, *, others: int = 0, reason: str, confirmed_by: str
) -> str:
    """One open request in a list. `others` wait for the same wallet."""
    first = f" {confirmed_by} approved it; a second admin has to." if confirmed_by else ""
    why = f' "{reason}"' if reason else ""
    wait = "waits" if others == 1 else "wait"
    also = f" {count_of(others, 'other')} of the team {wait} for it too." if others else ""
    return f"{number}. {name} asks for {what}, {ago(seconds)}.{why}{also}{first}"


def ago(seconds: float) -> str:
    """How long ago, in one unit that fits: "just now", "3 seconds ago", "2 hours ago"."""
    whole = int(max(0.0, seconds))
    if whole == 0:
        return "just now"
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if whole >= unit:
            return f"{count_of(whole // unit, name)} ago"
    return f"{count_of(whole, 'second')} ago"
