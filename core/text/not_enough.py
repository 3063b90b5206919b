"""Why an ask got no money, in words: which limit, who set it, the numbers, when it starts anew, and what to do next."""

from collections.abc import Mapping
from datetime import UTC, datetime

from core.money import NANOS_PER_CENT, format_price, format_usd
from core.operations import Reason, Refused
from core.periods import Moment, Period
from core.quota import Limit, Scope, SetBy
from core.quote import Quote
from core.text.names import name_of
from core.text.wording import NOT_CHARGED, clock_time, count_of, day_in_words

REQUEST = "/request asks the admins for more."
_LY = {Period.DAY: "daily", Period.WEEK: "weekly", Period.MONTH: "monthly"}
_OF_CHANNEL = (Scope.CHANNEL_DAY, Scope.CHANNEL_WEEK, Scope.CHANNEL_MONTH)
_FOR = {"everyone": "for everyone in the team", "role": "for your role", "channel": "for this channel"}


def cannot_hold(refused: Refused, *, running_asks: int, moment: Moment, names: Mapping[str, str]) -> str:
    """The whole sentence; `names` are those of whoever set what stands in the way, by id."""
    limit = refused.limit
    if limit is not None:
        return f"{_limit_reached(refused, limit, moment, names)} {NOT_CHARGED}"
    needed = format_price(refused.needed)
    match refused.reason:
        case Reason.WALLET_HELD:
            held = f"{format_usd(refused.held)} of the team wallet is held by {count_of(running_asks, 'running ask')}"
            return f"{held}, and this ask needs {needed}. Try again when they are done. {NOT_CHARGED}"
        case Reason.WALLET_EMPTY:
            left = f"{format_price(refused.available)} left" if refused.available else "nothing left"
            return (
                f"The team wallet is empty: there is {left}, and this ask needs {needed}. "
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


def _limit_reached(refused: Refused, limit: Limit, moment: Moment, names: Mapping[str, str]) -> str:
    match limit.scope:
        case Scope.MEMBER_IN_FLIGHT:
            return (
                f"You have {count_of(refused.held, 'ask')} running, and {limit.at_most} is the most at one time. "
                "Wait for one to end, or end it with /stop."
            )
        case Scope.MEMBER_DAY_ABSORBED:
            return (
                "Too many of your asks ended without an answer today, and each of them costs the operator money. "
                "You can ask again tomorrow."
            )
        case Scope.ASK:
            return (
                f"One ask may cost at most {format_price(limit.at_most)} here, and this one needs "
                f"{format_price(refused.needed)}.{_who_set_it(limit, moment, names)} Ask something shorter."
            )
    used = format_price(refused.used) if refused.used else "nothing"
    held = f" and {format_price(refused.held)} held by {_whose_asks(limit)}" if refused.held else ""
    return (
        f"{_name(limit)} is reached: {used} of {_amount(limit.at_most)}{_extras(limit)} used{held}, "
        f"and this ask needs {format_price(refused.needed)}.{_who_set_it(limit, moment, names)} "
        f"{_what_next(limit, moment)}"
    )


def _name(limit: Limit) -> str:
    if limit.scope is Scope.THREAD:
        return "The limit of this conversation"
    whose = "This channel's" if limit.scope in _OF_CHANNEL else "Your"
    return f"{whose} {_LY[limit.scope.period or Period.MONTH]} limit"


def _whose_asks(limit: Limit) -> str:
    return "running asks" if limit.scope in _OF_CHANNEL else "your running asks"


def _extras(limit: Limit) -> str:
    """What of a limit was not set but added: "($1.00 of it carried over, $2.00 granted)"."""
    parts = (limit.carried, "carried over"), (limit.granted, "granted")
    added = [f"{format_usd(nanos)} {how}" for nanos, how in parts if nanos]
    return f" ({' and '.join(added)} in it)" if added else ""


def _amount(nanos: int) -> str:
    return format_usd(nanos) if nanos == 0 or nanos >= NANOS_PER_CENT else format_price(nanos)


def _who_set_it(limit: Limit, moment: Moment, names: Mapping[str, str]) -> str:
    by = limit.set_by
    if by is None or not by.by:
        return ""
    day = day_in_words(datetime.fromtimestamp(by.at_ms / 1000, UTC).astimezone(moment.calendar.zone))
    if _is_own(by):
        return f" You set it yourself on {day}."
    whom = _FOR.get(by.target.partition(":")[0], "for you")
    return f" Set {whom} by {name_of(by.by, names)} on {day}."


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
    if limit.scope.period is Period.DAY:
        return f"It starts anew on {clock_time(ends_at, zone)}; {more}"
    return f"It starts anew on {day_in_words(ends_at.astimezone(zone))}; {more}"


def _is_own(by: SetBy) -> bool:
    return by.target.startswith("own:")
