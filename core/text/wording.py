"""Sentences for people, in one place for every chat. Plain words; amounts as text; what it cost; what to do next."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.errors import BooksFailed, BooksUncertain, ChipinError
from core.events import Ending
from core.money import NANOS_PER_CENT, format_price, format_usd
from core.quote import Quote

_LONGEST_PACE_DAYS = 365
NOT_CHARGED = "Not charged."
THANKS = "Thank you."
"""Said for a thumb, up or down."""
FILE_MISSING = (
    "If a file is missing here, the chat did not take it. Type the command again in a minute; whoever runs Chipin can "
    f"write it too, with python -m bot. {NOT_CHARGED}"
)
"""Said where a chat refused a file, or did not say whether it took it."""
FILE_TOO_LARGE = (
    "That is more than a file may have here, and a part of it would add up to something else: so there is none. "
    f"Whoever runs Chipin can write all of it, with python -m bot. {NOT_CHARGED}"
)


def why_not(error: ChipinError) -> str:
    """Why something that was typed or pressed was not done, and what of the money."""
    if isinstance(error, BooksFailed) and not isinstance(error, BooksUncertain):
        return f"{error} {NOT_CHARGED} Try again in a minute."
    return str(error)  # uncertain: perhaps it was recorded, and "not charged, try again" could do it twice


def not_asked(error: ChipinError) -> str:
    """Why a question was not even taken down."""
    return f"{error} {NOT_CHARGED} Ask again in a minute." if isinstance(error, BooksFailed) else str(error)


def more_lines(number: int) -> str:
    """Under what is too long for one message."""
    return f"({number} more lines do not fit here.)"


def day_in_words(day: date) -> str:
    """A day as people say it: "1 December"."""
    return f"{day.day} {day:%B}"


def period_in_words(first: date, last: date) -> str:
    """The days from one to another: "16 to 22 November", "30 November to 6 December"."""
    begins = str(first.day) if first.month == last.month else day_in_words(first)
    return f"{begins} to {day_in_words(last)}"


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people read it, with the zone it is in: "21 November, 14:05 (Europe/Berlin)"."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local)}, {local:%H:%M} ({zone.key})"


def begins_anew(moment: datetime, zone: ZoneInfo) -> str:
    """When a period begins: its day, and the hour too where that is not midnight, as after a change of zone."""
    local = moment.astimezone(zone)
    return day_in_words(local) if (local.hour, local.minute) == (0, 0) else clock_time(moment, zone)


def days_it_lasts(days: int) -> str:
    """How long a wallet lasts at a pace: "about 3 days"; nobody plans by more than a year of it."""
    if days > _LONGEST_PACE_DAYS:
        return "more than a year"
    return f"about {count_of(days, 'day')}" if days else "less than a day"


def amount(nanos: int) -> str:
    """A sum that somebody set or used: "$5.00"; what is less than a cent as a price: "0.5 cents"."""
    return format_usd(nanos) if nanos == 0 or nanos >= NANOS_PER_CENT else format_price(nanos)


def listing(names: Sequence[str]) -> str:
    """Several things as one part of a sentence: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def count_of(number: int, thing: str) -> str:
    """A number with its noun: "1 ask", "3 asks"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def english_words(tokens: int) -> str:
    """About how many English words so many tokens are, at three quarters of a word each: "1,100"; two digits of it."""
    words = tokens * 3 // 4
    return f"{round(words, 2 - len(str(words))):,}"


def paused(*, whole_team: bool, by_operator: bool = False) -> str:
    """Said to whoever may not ask for now."""
    whom = "this team" if whole_team else "you"
    if by_operator:
        return f"Asking is paused for {whom} by whoever runs Chipin; only they can let it go on."
    return f"Asking is paused for {whom} by an admin; ask them when it goes on."


def ended(ending: Ending, reason: str, *, charged_nanos: int, estimated: bool) -> str:
    """What went wrong with an ask and what it cost; empty when all went well."""
    if ending is Ending.ANSWERED:
        return ""
    if ending is Ending.CUT:
        return "The answer reached its length limit and stops here. Ask for the rest to go on."
    what = {
        Ending.STOPPED: "Stopped.",
        Ending.TIMED_OUT: "The answer took too long and was ended.",
        Ending.EMPTY: "The model answered nothing.",
        Ending.DECLINED: "The model declined to answer this.",
    }.get(ending, reason)
    if charged_nanos == 0:
        return f"{what} {NOT_CHARGED}"
    about = "about " if estimated else ""
    return f"{what} Charged {about}{format_price(charged_nanos)} for what came."


def already_asked(state: str, charged_nanos: int, *, interrupted: bool = False, delivered: bool = False) -> str:
    """What became of the first copy of something that was delivered twice."""
    if interrupted:
        return f"This was interrupted. {NOT_CHARGED} Ask it again."
    match state:
        case "running":
            return "This is being answered already."
        case "awaiting":
            return "This is waiting for a confirmation."
        case "settled":
            coming = "" if delivered else ", and the answer is on its way"
            return f"This was answered already, for {format_price(charged_nanos)}{coming}. Not charged again."
        case _:
            return f"This was handled already. {NOT_CHARGED}"


def confirm_price(dear: Quote, cheaper: Quote | None) -> str:
    """The question before a dear ask, with the cheaper choice beside it."""
    about, at_most = format_price(dear.about_nanos), format_price(dear.at_most_nanos)
    asked = f"This costs about {about} with {dear.title}, at most {at_most}. Nothing is charged until you agree."
    if cheaper is None:
        return asked
    less, no_more = format_price(cheaper.about_nanos), format_price(cheaper.at_most_nanos)
    return f"{asked} Cheaper: {cheaper.title}, about {less}, at most {no_more}."


def waiting(running_asks: int) -> str:
    """Said while an ask waits for money that others hold."""
    return f"Waiting: {count_of(running_asks, 'running ask')} may give back a part of what it needs."


def switched(from_title: str, to_title: str, because: str, *, at_most_nanos: int) -> str:
    """Said when another model has to answer; `because` completes a sentence: "did not answer"."""
    return f"{from_title} {because}, so {to_title} answers, for at most {format_price(at_most_nanos)}."


def pausing(provider_title: str, seconds: float) -> str:
    """Said while an ask waits for a provider."""
    return f"{provider_title} is busy; trying again in {count_of(math.ceil(seconds), 'second')}."


def pausing_for_anybody(seconds: float) -> str:
    """Said while a question waits because nobody who could answer it may be asked right now."""
    return f"Every provider is busy; looking again in {count_of(math.ceil(seconds), 'second')}."


def at_its_rate(provider_title: str) -> str:
    """Said when our own limit per minute leaves no room before the deadline."""
    return f"{provider_title} is being asked as often as its account allows. Try again in a minute."


def nobody_answered(failed: Sequence[tuple[str, datetime]], zone: ZoneInfo) -> str:
    """Said when every model that could be asked failed: who, and since when."""
    since = ", ".join(f"{title} since {at.astimezone(zone):%H:%M}" for title, at in dict(failed).items())
    return f"No provider is answering at the moment: {since} ({zone.key})."


def silent_since(since: datetime, zone: ZoneInfo) -> str:
    """Said of a provider that had not answered others before, either."""
    return f"It has not answered since {clock_time(since, zone)}."


def dear_context(context_nanos: int, about_nanos: int) -> str:
    """Said when the conversation before a question costs more than the question and its answer."""
    context, about = format_price(context_nanos), format_price(about_nanos)
    return f"Most of this price, {context} of about {about}, is for the conversation so far. A new one is cheaper."


def shortened(cap_tokens: int) -> str:
    """Said when the money left makes an answer shorter than usual."""
    return f"There is money left for a short answer only, up to about {english_words(cap_tokens)} words."
