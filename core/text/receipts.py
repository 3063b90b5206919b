"""What an ask cost, in words: the lines under an answer, and the details behind them."""

from core.events import Ending, Finished
from core.money import format_exact, format_price, format_usd
from core.receipt import ANSWER, PricedLine, Receipt
from core.text.wording import NOT_CHARGED


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


def detail_lines(receipt: Receipt) -> tuple[str, ...]:
    """What only the asker sees: tokens, the exact charge of each step, why this model, what is left this month."""
    lines = [_step(line) for line in receipt.lines] or [f"No tokens were used. {NOT_CHARGED}"]
    if len(lines) > 1 and receipt.charged_nanos:
        lines.append(f"together {format_exact(receipt.charged_nanos)}")
    lines.append(f"Model: {receipt.model_title}, chosen because: {receipt.why}.")
    if receipt.month_left_nanos is not None:
        left = format_usd(receipt.month_left_nanos)
        lines.append(f"{left} left this month; what you don't use stays in the team wallet.")
    return tuple(lines)


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
