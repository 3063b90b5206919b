"""Money is whole nano-dollars: 1 USD = 1,000,000,000. Nothing on the money path is ever a float."""

import re
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from core.errors import AmountNotUnderstood

NANOS_PER_USD = 1_000_000_000
NANOS_PER_CENT = NANOS_PER_USD // 100
MAX_AMOUNT_NANOS = 10**15
"""The most one operation may move: $1,000,000."""
MAX_TOTAL_NANOS = 10**18
"""The most a wallet or a counter may hold: below 2**63, so that a BIGINT never overflows."""

_TYPED_AMOUNT = re.compile(r"\$? ?(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<rest>[0-9]{1,9}))?")
_CENTS = 2
_COMMA_FOR_CENTS = re.compile(r"\$?[0-9]+,[0-9]{1,2}")
_LONGEST_TYPED_AMOUNT = 20


def parse_usd(typed: str, *, decimals: int = _CENTS) -> int:
    """What a person typed ("25", "$25", "25.50", "1,000") as nano-dollars; `AmountNotUnderstood` for all else.

    ASCII digits only, at most two decimals (or so many, up to the nine of a nano-dollar), commas only between
    thousands: an amount is never guessed.
    """
    text = typed.strip()
    if len(text) > _LONGEST_TYPED_AMOUNT:
        raise AmountNotUnderstood("That is longer than any amount. Type it like 25 or 25.50.")
    match = _TYPED_AMOUNT.fullmatch(text)
    if match is None or len(match["rest"] or "") > decimals:
        raise AmountNotUnderstood(_why_not(text))
    nanos = int(match["whole"].replace(",", "")) * NANOS_PER_USD
    nanos += int((match["rest"] or "0").ljust(9, "0"))
    if nanos > MAX_AMOUNT_NANOS:
        raise AmountNotUnderstood(f"{format_usd(MAX_AMOUNT_NANOS)} is the most in one go.")
    return nanos


def _why_not(text: str) -> str:
    if not text or text == "$":
        return "No amount given. Type it like 25 or 25.50."
    if text.startswith(("-", "$-", "\N{MINUS SIGN}")):
        return "An amount cannot be negative. Type it like 25 or 25.50."
    if _COMMA_FOR_CENTS.fullmatch(text):
        return f"I read a comma as thousands. For dollars and cents use a point: {text.lstrip('$').replace(',', '.')}."
    if any(char.isalpha() for char in text):
        return f'"{text}" is not an amount in US dollars. Type digits only, like 25 or 25.50.'
    return f'"{text}" is not an amount I can read. Type it like 25 or 25.50.'


def format_usd(nanos: int) -> str:
    """Dollars and cents for people, rounded toward zero so that nobody is promised more than there is: "$1,234.56"."""
    sign = "-" if nanos < 0 else ""
    cents = abs(nanos) // NANOS_PER_CENT
    return f"{sign}${cents // 100:,}.{cents % 100:02d}"


def format_price(nanos: int) -> str:
    """A price for people, at most two digits that matter below a dollar: "free", "0.03 cents", "4 cents", "$1.25"."""
    if nanos == 0:
        return "free"
    if nanos >= NANOS_PER_USD:
        return format_usd(nanos)
    with localcontext() as context:
        context.prec, context.rounding = 2, ROUND_HALF_UP
        cents = +(Decimal(nanos) / NANOS_PER_CENT)
    if cents < Decimal("0.001"):
        return "under 0.001 cents"
    if cents >= 100:
        return format_usd(NANOS_PER_USD)
    text = f"{cents:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} cent" if text == "1" else f"{text} cents"


def format_exact(nanos: int) -> str:
    """Every nano-dollar there is, for receipts' details: "$0.003012345"."""
    sign = "-" if nanos < 0 else ""
    whole, rest = divmod(abs(nanos), NANOS_PER_USD)
    return f"{sign}${whole:,}.{rest:09d}"


def format_shortest(nanos: int) -> str:
    """Every nano-dollar there is, without the noughts behind them, for finance: "$12.40", "$0.000001"."""
    text = format_exact(nanos).rstrip("0")
    return text + "0" * (3 - len(text[text.index(".") :]))


def round_up(nanos: Decimal) -> int:
    """A priced step in whole nano-dollars. It rounds up, once: a sum of steps never undercuts its provider."""
    return int(nanos.to_integral_value(rounding=ROUND_CEILING))
