"""What admins are told before it hurts: the wallet runs low, a member spends far more than usual, a key is dead."""

from collections.abc import Sequence
from datetime import date

from core.text.names import person
from core.text.wallet import EMPTY
from core.text.wording import amount, count_of, day_in_words, days_it_lasts, listing

ADD_BUDGET = "To add budget: /topup 25."


def wallet_left(left_nanos: int, full_nanos: int) -> str:
    """What is left of what the wallet had when budget last came in."""
    if left_nanos <= 0:
        return EMPTY
    percent = left_nanos * 100 // full_nanos
    share = f"{percent}%" if percent else "less than 1%"
    return f"The team wallet is down to {share}: {amount(left_nanos)} is left of {amount(full_nanos)}."


def how_long_it_lasts(words: str, days: int | None) -> str:
    """Behind what was told: at the pace of now, and what to do. A pace that nobody knows yet is not told."""
    if days is None or words == EMPTY:  # nothing lasts for no time
        return ADD_BUDGET
    return f"At this pace that lasts {days_it_lasts(days)}. {ADD_BUDGET}"


def unusual_day(member_id: str, day: date, *, spent_nanos: int, usual_nanos: int, days: int, so_far: bool) -> str:
    """A member's day beside their own usual one, which is of so many days."""
    when = f"today ({day_in_words(day)}) so far" if so_far else f"on {day_in_words(day)}"
    times = spent_nanos // usual_nanos if usual_nanos else 0
    return (
        f"{person(member_id)} spent {amount(spent_nanos)} {when}: {times} times what they spend on a usual day "
        f"({amount(usual_nanos)}, the average of {count_of(days, 'day')} of the 30 before, on which they asked). "
        "Nothing was stopped: if it should not go on, /limit sets what they can use, and /freeze stops them."
    )


def key_refused(title: str, others: Sequence[str]) -> str:
    """A provider does not accept the operator's key."""
    return f"{title} does not accept this bot's API key any more. {_meanwhile(title, others)} {_KEY_FIX}"


def out_of_funds(title: str, others: Sequence[str]) -> str:
    """The operator's account at a provider is empty."""
    return f"This bot's account at {title} has run out of money. {_meanwhile(title, others)} {_FUNDS_FIX}"


def works_again(title: str) -> str:
    """What was told of it is over."""
    return f"{title} answers again."


_KEY_FIX = "Whoever runs Chipin has to set a key that works, and start it anew."
_FUNDS_FIX = "Whoever runs Chipin has to pay in at the provider; the team wallet has nothing to do with it."


def _meanwhile(title: str, others: Sequence[str]) -> str:
    if not others:
        return "No other provider is connected: until that is mended asks fail, and nothing is charged."
    return (
        f"Meanwhile asks go to {listing(others)}, where the team's rules allow it; what only {title} could answer "
        "fails and is not charged."
    )


def stale_prices(models: Sequence[tuple[str, date]], days: int) -> str:
    """Models with the day of their price, the oldest first."""
    named = [f"{title} ({day_in_words(since)} {since.year})" for title, since in models[:_MOST_NAMED]]
    more = len(models) - len(named)
    told = listing([*named, f"{more} more"]) if more else listing(named)
    of = "The price of this model is" if len(models) == 1 else f"The prices of {len(models)} models are"
    return (
        f"{of} older than {days} days: {told}. What is charged may not be what the provider takes by now. Whoever runs "
        "Chipin compares them with their sources, and puts what has changed into MODELS_FILE."
    )


_MOST_NAMED = 3
