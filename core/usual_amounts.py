"""Amounts that people would name, where nobody says how much."""

from core.defaults import USUAL_REQUEST_NANOS, WALLET_REQUESTS_NANOS
from core.events import Shortfall
from core.money import NANOS_PER_USD


def sensible_nanos(shortfall: Shortfall) -> int:
    """What to ask the admins for: enough for what was missing, rounded up."""
    choices = WALLET_REQUESTS_NANOS if not shortfall.counter_id else (USUAL_REQUEST_NANOS,)
    for choice in choices:
        if shortfall.missing_nanos <= choice:
            return choice
    dollars = -(-shortfall.missing_nanos // NANOS_PER_USD)
    ten: int = 10 ** (len(str(dollars)) - 1)
    return next(step * ten for step in (1, 2, 5, 10) if step * ten >= dollars) * NANOS_PER_USD
