"""Wallet, months and limits, in words."""

from core.defaults import UNDO_TOP_UP_SECONDS
from core.money import NANOS_PER_CENT, format_exact, format_price, format_usd
from core.operations import Refused
from core.periods import Period
from core.reports import Balance, PeriodUse, WalletReport
from core.text import wording
from core.text.wording import amount, count_of, day_in_words, days_it_lasts

LOW_BALANCE_DAYS = 5
"""A working week: time enough to have somebody approve a top-up."""
EMPTY = "The team wallet is empty: nobody can ask before budget is added."
BAR_MARKS = 20


def exact_usd(nanos: int) -> str:
    """Dollars and cents, and every nano-dollar too where cents are not the whole truth."""
    text = format_usd(nanos)
    return text if nanos % NANOS_PER_CENT == 0 else f"{text} (exactly {format_exact(nanos)})"


def balance_lines(balance: Balance) -> tuple[str, ...]:
    """The member's month, day and week, then the team wallet; before all, that asking is paused where it is."""
    return (*month_lines(balance), wallet_line(balance))


def month_lines(balance: Balance) -> tuple[str, ...]:
    """The member's month, day and week; before all, that asking is paused where it is."""
    used, held = _spent(balance.month_used_nanos), _held(balance.month_held_nanos)
    paused = balance.team_frozen or balance.member_frozen
    return (
        *([wording.paused(whole_team=balance.team_frozen, by_operator=balance.paused_by_operator)] if paused else []),
        f"{used}{_of_limit(balance)}{held}, new month on {day_in_words(balance.renews_on)}.",
        *map(_period, balance.beside),
    )


def wallet_line(balance: Balance) -> str:
    """What the team has, what running asks hold of it, and how long it lasts."""
    wallet = balance.wallet
    return f"Team wallet: {exact_usd(wallet.balance_nanos)}{_held_there(wallet)}{_pace(balance.days_left)}."


def month_bar(balance: Balance) -> str:
    """The member's month as a row of marks with its share in words; empty where nothing limits it."""
    limit = balance.month_limit_nanos
    if limit is None:
        return ""
    taken = balance.month_used_nanos + balance.month_held_nanos
    hundredths = 100 if taken >= limit else taken * 100 // limit
    marks = 0 if not taken else max(1, hundredths * BAR_MARKS // 100)
    share = f"{hundredths}%" if hundredths or not taken else "less than 1%"
    return f"{'▓' * marks}{'░' * (BAR_MARKS - marks)} {share} used"


def low_balance(balance: Balance) -> str:
    """What admins should do about the wallet; empty while there is enough in it."""
    if balance.wallet.balance_nanos <= 0:
        return "The wallet is empty: nobody can ask before budget is added."
    if balance.days_left is None or balance.days_left > LOW_BALANCE_DAYS:
        return ""
    lasts = days_it_lasts(balance.days_left)
    return f"The wallet runs low: at this pace it lasts {lasts}. Add budget, so that nobody has to stop."


def _of_limit(balance: Balance) -> str:
    if balance.month_limit_nanos is None:
        return " used this month, which has no limit"
    extra = on_top(balance.month_carried_nanos, balance.month_granted_nanos)
    return f" of your {amount(balance.month_limit_nanos)}{extra} used"


def _period(use: PeriodUse) -> str:
    of = f"{amount(use.limit_nanos)}{on_top(use.carried_nanos, use.granted_nanos)}"
    when = "for today" if use.period is Period.DAY else "for this week"
    spent, held = _spent(use.used_nanos), _held(use.held_nanos)
    return f"{spent} of your {of} {when} used{held}, new {use.period} on {day_in_words(use.renews_on)}."


def _held(nanos: int) -> str:
    return f" and {format_price(nanos)} held" if nanos else ""


def on_top(carried_nanos: int, granted_nanos: int) -> str:
    """What a limit has in it beyond what was set: " (with $1.00 carried over and $10.00 granted)"."""
    parts = {"carried over": carried_nanos, "granted": granted_nanos}
    told = [f"{amount(nanos)} {what}" for what, nanos in parts.items() if nanos]
    return f" (with {' and '.join(told)})" if told else ""


def _spent(nanos: int) -> str:
    return amount(nanos) if nanos else "Nothing"


def _held_there(wallet: WalletReport) -> str:
    if not wallet.held_nanos:
        return ""
    held = format_price(wallet.held_nanos)
    verb = "are" if held.endswith("cents") else "is"
    return f", of which {held} {verb} held by {count_of(wallet.running_asks, 'running ask')}"


def _pace(days_left: int | None) -> str:
    return "" if days_left is None else f"; {days_it_lasts(days_left)} at this pace"


def recorded(*, amount_nanos: int, before_nanos: int, after_nanos: int, practice: bool) -> str:
    """What a top-up did."""
    real = "It is practice money." if practice else "No card was charged; your company pays the providers."
    before, after = format_usd(before_nanos), format_usd(after_nanos)
    undo = f"/undo takes it back for {UNDO_TOP_UP_SECONDS // 60} minutes."
    return f"Recorded {format_usd(amount_nanos)} of budget: {before} -> {after}. {real} {undo}"


def over_ceiling(refused: Refused) -> str:
    """Why a top-up does not fit in what the operator lets a team record in a month."""
    ceiling = refused.limit.at_most if refused.limit is not None else 0
    left = ceiling - refused.used
    fits = f"at most {format_usd(left)} more fits" if left > 0 else "nothing more fits"
    return (
        f"{format_usd(refused.used)} of the {format_usd(ceiling)} that this team may record in a month is recorded, so "
        f"{fits} until the next month. Whoever runs Chipin can change that (TOPUP_MAX_USD_PER_MONTH)."
    )


def taken_back(*, amount_nanos: int, top_up_nanos: int, after_nanos: int) -> str:
    """What undoing a top-up did."""
    now = f"The team wallet has {exact_usd(after_nanos)} now."
    if amount_nanos == top_up_nanos:
        return f"The top-up of {format_usd(top_up_nanos)} is undone. {now}"
    part, whole = exact_usd(amount_nanos), format_usd(top_up_nanos)
    return f"Took back {part} of the {whole}; the rest is spent or held by running asks. {now}"
