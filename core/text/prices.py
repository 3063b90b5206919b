"""What questions cost before they are asked, in words: for people who have never seen an API."""

from collections.abc import Sequence

from core.events import Quoted
from core.money import format_price
from core.quote import Quote
from core.text.wording import NOT_CHARGED

MOST_QUOTED = 12
"""How many models a list of prices shows unless all are asked for: about what fits a screen beside the rest."""

NOTHING_TO_PRICE = f"Type what you would ask: /price and your question. {NOT_CHARGED}"
_HEADING = "What this question would cost, cheapest first. Nothing is charged until you ask it."


def shown_quotes(quoted: Quoted, *, everything: bool = False, most: int = MOST_QUOTED) -> tuple[Quote, ...]:
    """The quotes to show, cheapest first, at most so many: the recommended one and the cheapest of every quality.

    Models for one job only (tier 0) are left to who wants all.
    """
    if everything or len(quoted.quotes) <= most:
        return quoted.quotes
    tiers = sorted({quote.tier for quote in quoted.quotes if quote.tier > 0}) or [0]
    share = most // len(tiers) or 1
    picked = {quote for tier in tiers for quote in _of(tier, quoted.quotes)[:share]}
    if quoted.recommended not in picked:
        picked = {*sorted(picked, key=quoted.quotes.index)[: most - 1], quoted.recommended}
    return tuple(quote for quote in quoted.quotes if quote in picked)


def quote_points(quoted: Quoted, shown: Sequence[Quote]) -> tuple[str, ...]:
    """The prices of a question as points of a list, for chats where each has a button under it."""
    if len(quoted.quotes) == 1:
        return quote_lines(quoted, shown)
    return (
        _HEADING,
        *("  " + " · ".join(filter(None, (quote.title, _price(quote), quote.good_for))) for quote in shown),
        f"When nobody chooses a model, {quoted.recommended.title} answers this.",
    )


def quote_lines(quoted: Quoted, shown: Sequence[Quote]) -> tuple[str, ...]:
    """The numbered prices of a question, and which of them is recommended."""
    if len(quoted.quotes) == 1:
        (only,) = quoted.quotes
        return (f"This question would cost {_price(only)}, with {only.title}. Nothing is charged until you ask it.",)
    number = shown.index(quoted.recommended) + 1
    return (
        _HEADING,
        *_numbered(shown),
        f"Recommended: number {number}, {quoted.recommended.title}. It is what answers when nobody chooses a model.",
    )


def better_label(better: Quote) -> str:
    """What "Better model" says of its price before it is pressed."""
    return f"Better model, about {format_price(better.about_nanos)}"


def _of(tier: int, quotes: Sequence[Quote]) -> list[Quote]:
    return [quote for quote in quotes if quote.tier == tier]


def _numbered(quotes: Sequence[Quote]) -> list[str]:
    prices = [_price(quote) for quote in quotes]
    titles, widest = max(len(quote.title) for quote in quotes), max(map(len, prices))
    return [
        f"  {number:>2}. {quote.title:<{titles}}  {price:<{widest}}{_good_for(quote)}".rstrip()
        for number, (quote, price) in enumerate(zip(quotes, prices, strict=True), start=1)
    ]


def _price(quote: Quote) -> str:
    if quote.at_most_nanos == 0:
        return "nothing"
    return f"about {format_price(quote.about_nanos)}, at most {format_price(quote.at_most_nanos)}"


def _good_for(quote: Quote) -> str:
    return f"  {quote.good_for}" if quote.good_for else ""
