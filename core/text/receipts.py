"""What an ask cost, in words: the lines under an answer, and the details behind them."""

from zoneinfo import ZoneInfo

from core.events import Ending, Finished
from core.models import PRACTICE
from core.money import format_exact, format_price, format_usd
from core.operations import RequestState
from core.receipt import ANSWER, BookedAsk, PricedLine, Receipt, RecentAsk
from core.text.wording import NOT_CHARGED, day_in_words

NOT_HERE = "This answer is not one of your team's."
_UNPRICED: dict[str, str] = {
    RequestState.RUNNING: "being answered",
    RequestState.AWAITING: "not asked yet: it waits for your choice",
}


def price_line(receipt: Receipt) -> str:
    """Price and model, which everybody may see: "0.3 cents · Claude Haiku 4.5"."""
    charged, title = receipt.charged_nanos, receipt.model_title
    return price_line_of(charged, title, estimated=receipt.estimated, practice=receipt.practice)


def price_line_of(charged_nanos: int, model_title: str, *, estimated: bool, practice: bool) -> str:
    """The same, where there is no more than the charge to tell it from."""
    about = "about " if estimated and charged_nanos else ""
    money = " · practice money" if practice else ""
    return f"{about}{format_price(charged_nanos)} · {model_title}{money}"


def outcome_lines(finished: Finished) -> tuple[str, ...]:
    """The lines under an answer: price and model when something was delivered, then what went wrong, if anything."""
    lines = []
    if finished.receipt.charged_nanos or finished.ending in (Ending.ANSWERED, Ending.CUT):
        lines.append(price_line(finished.receipt))
    if finished.sentence:
        lines.append(finished.sentence)
    return tuple(lines)


def detail_lines(receipt: Receipt, *, given_back_nanos: int = 0, tag: str = "") -> tuple[str, ...]:
    """What only the asker sees: tokens, the exact charge of each step, why this model, what is left this month.

    `tag` is the line that tells it (core/text/tags.py); empty for none.
    """
    lines = [_step(line) for line in receipt.lines] or [f"No tokens were used. {NOT_CHARGED}"]
    if len(lines) > 1 and receipt.charged_nanos:
        lines.append(f"together {format_exact(receipt.charged_nanos)}")
    if given_back_nanos:
        lines.append(f"{format_exact(given_back_nanos)} of that was given back afterwards.")
    if receipt.model_title:
        lines.append(f"Model: {receipt.model_title}, chosen because: {receipt.why}.")
    lines += [tag] if tag else []
    return (*lines, *_left(receipt.month_left_nanos))


def details_of_another(
    booked: BookedAsk, title: str, month_left_nanos: int | None, *, practice: bool
) -> tuple[str, ...]:
    """What somebody else reads of an ask: price and model, which stand under it anyway; then what is left to them."""
    if booked.state != RequestState.SETTLED:
        price = "Somebody else asked this, and nothing was charged for it."
    else:
        price = price_line_of(booked.charged_nanos, title, estimated=booked.estimated, practice=practice)
    return (price, "Tokens, and why this model answered, are shown to whoever asked.", *_left(month_left_nanos))


def without_receipt(booked: BookedAsk) -> str:
    """What there is to say to its asker of an ask that nobody made a receipt for."""
    match booked.state:
        case RequestState.RUNNING:
            return "This is still being answered: its details come with its price."
        case RequestState.AWAITING:
            return f"This was not asked yet: it waits for your choice. {NOT_CHARGED}"
        case RequestState.REFUSED:
            return f"No model was asked. {NOT_CHARGED}"
        case _:
            return f"This was interrupted. {NOT_CHARGED}"


def _left(month_left_nanos: int | None) -> tuple[str, ...]:
    if month_left_nanos is None:
        return ()
    return (f"{format_usd(month_left_nanos)} left this month; what you don't use stays in the team wallet.",)


def recent_line(recent: RecentAsk, zone: ZoneInfo) -> str:
    """One of one's own asks in a list: "21 November, 14:05 · 0.3 cents · Claude Haiku 4.5 · Slack"."""
    booked, local = recent.booked, recent.booked.at.astimezone(zone)
    if booked.state == RequestState.SETTLED:
        practice = booked.provider == PRACTICE
        price = price_line_of(booked.charged_nanos, recent.model_title, estimated=booked.estimated, practice=practice)
    else:
        price = _UNPRICED.get(booked.state, NOT_CHARGED.rstrip(".").lower())
    return f"{day_in_words(local)}, {local:%H:%M} · {price} · {booked.place.platform.title()}"


def _step(line: PricedLine) -> str:
    if line.all_absorbed:
        bill = format_exact(line.absorbed_nanos)
        return f"{line.model}: gave no answer. {NOT_CHARGED} What it may cost, {bill}, is paid by the operator"
    usage = line.usage
    tokens = f"{usage.all_input_tokens:,} tokens in"
    if usage.cache_read_tokens:
        tokens += f" ({usage.cache_read_tokens:,} of them from the provider's cache)"
    tokens += f", {usage.all_output_tokens:,} out"
    if usage.reasoning_tokens:
        tokens += f" ({usage.reasoning_tokens:,} of them for thinking)"
    step = "" if line.step == ANSWER else f"{line.step}, "
    text = f"{step}{line.model}: {tokens} · charged {format_exact(line.charged_nanos)}"
    if line.estimated:
        text += " · estimated by our own count, as the provider gave none that can be true"
    if line.absorbed_nanos:
        text += f" · another {format_exact(line.absorbed_nanos)} is paid by the operator"
    return text
