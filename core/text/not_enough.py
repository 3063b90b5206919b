"""Why an ask got no money, in words: which limit, who set it, the numbers, when it starts anew, and what to do next."""

from collections.abc import Mapping

from core.money import format_price, format_usd
from core.operations import Reason, Refused
from core.periods import Moment, Period
from core.quota import Limit, Scope, SetBy
from core.quote import Quote
from core.text.names import name_of
from core.text.rule_words import day_of, for_whom
from core.text.wallet import on_top
from core.text.wording import NOT_CHARGED, amount, begins_anew, clock_time, count_of

REQUEST = "/request asks the admins for more."
_LY = {Period.DAY: "daily", Period.WEEK: "weekly", Period.MONTH: "monthly"}
_OF_CHANNEL = (Scope.CHANNEL_DAY, Scope.CHANNEL_WEEK, Scope.CHANNEL_MONTH)


def cannot_hold(
    refused: Refused, *, running_asks: int, moment: Moment, names: Mapping[str, str], reader: str = ""
) -> str:
    """The sentence. `names` are those of whoever set what stands in the way, by id; `reader` is the asker's id."""
    limit = refused.limit
    if limit is not None:
        return f"{_limit_reached(refused, limit, moment, names, reader)} {NOT_CHARGED}"
    needed = format_price(refused.needed)
    match refused.reason:
        case Reason.WALLET_HELD:
            held = f"{format_usd(refused.held)} of the team wallet is held by {count_of(running_asks, 'running ask')}"
            return f"{held}, and this ask needs {needed}. Try again when they are done. {NOT_CHARGED}"
        case Reason.WALLET_EMPTY:
            left = f"has {format_price(refused.available)} left" if refused.available else "is empty"
            return (
                f"The team wallet {left}, and this ask needs {needed}. "
                f"{REQUEST} An admin can add budget with /topup 25. {NOT_CHARGED}"
            )
        case _:
            return f"This ask was taken over or is already over. {NOT_CHARGED}"


def still_fits(cheaper: Quote) -> str:
    """Said of a model that there is room for."""
    if not cheaper.at_most_nanos:
        return f"{cheaper.title} is free and can answer it now."
    price, at_most = format_price(cheaper.about_nanos), format_price(cheaper.at_most_nanos)
    about = price if price.startswith("under") else f"about {price}"
    return f"{cheaper.title} still fits: {about}, at most {at_most}."


def _limit_reached(refused: Refused, limit: Limit, moment: Moment, names: Mapping[str, str], reader: str) -> str:
    match limit.scope:
        case Scope.MEMBER_IN_FLIGHT:
            return (
                f"You have {count_of(refused.held, 'ask')} running, and {limit.at_most} is the most at one time. "
                "Wait for one to end, or end it with /stop."
            )
        case Scope.MEMBER_DAY_ABSORBED:
            return (
                "Too many of your asks ended without an answer today, and each of them costs whoever runs Chipin. "
                "You can ask again tomorrow."
            )
        case Scope.ASK:
            return (
                f"One ask may cost at most {format_price(limit.at_most)} here, and this one needs "
                f"{format_price(refused.needed)}.{_who_set_it(limit, moment, names, reader)} Ask something shorter."
            )
    used = format_price(refused.used) if refused.used else "nothing"
    stands = "is reached" if refused.used + refused.held >= limit.at_most else "leaves too little"
    held = f" and {format_price(refused.held)} held by {_whose_asks(limit)}" if refused.held else ""
    whole = format_price(limit.at_most) if limit.at_most else amount(0)  # in cents beside what is used in cents
    at_most = f"{whole}{on_top(limit.carried, limit.granted)}"
    return (
        f"{_name(limit)} {stands}: {used} of {at_most} used{held}, "
        f"and this ask needs {_needed(refused, limit)}.{_who_set_it(limit, moment, names, reader)} "
        f"{_what_next(limit, moment)}"
    )


def _name(limit: Limit) -> str:
    if limit.scope is Scope.THREAD:
        return "The limit of this conversation"
    whose = "This channel's" if limit.scope in _OF_CHANNEL else "Your"
    return f"{whose} {_LY[limit.scope.period or Period.MONTH]} limit"


def _whose_asks(limit: Limit) -> str:
    return "running asks" if limit.scope in _OF_CHANNEL else "your running asks"


def _needed(refused: Refused, limit: Limit) -> str:
    """What it needs, where rounding could make it look like what there is."""
    needed, room = format_price(refused.needed), format_price(limit.at_most - refused.used - refused.held)
    return f"a little more than {needed}" if needed == room else needed


def _who_set_it(limit: Limit, moment: Moment, names: Mapping[str, str], reader: str) -> str:
    by = limit.set_by
    if by is None or not by.by:
        return ""
    day = day_of(by, moment.calendar.zone)
    if _is_own(by):
        return f" You set it yourself on {day}."
    if by.by == reader:
        return f" You set it {for_whom(by.target, by_reader=True)} on {day}."
    return f" Set {for_whom(by.target)} by {name_of(by.by, names)} on {day}."


def take_away(limit: Limit) -> str:
    """What somebody types against a limit of their own; a month need not be named."""
    return "/limit me off" if limit.scope is Scope.MEMBER_MONTH else f"/limit me {limit.scope.period or 'ask'} off"


def _what_next(limit: Limit, moment: Moment) -> str:
    own = limit.set_by is not None and _is_own(limit.set_by)
    more = f"{take_away(limit)} takes it away." if own else REQUEST
    if limit.scope.period is None:
        return f"A new conversation begins at nothing (/new). {more}"
    ends_at = moment.span(limit.scope.period).end
    zone = moment.calendar.zone
    anew = clock_time(ends_at, zone) if limit.scope.period is Period.DAY else begins_anew(ends_at, zone)
    return f"It starts anew on {anew}; {more}"


def _is_own(by: SetBy) -> bool:
    return by.target.startswith("own:")
