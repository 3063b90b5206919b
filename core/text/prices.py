"""What questions cost before they are asked, in words: for people who have never seen an API."""

from collections.abc import Sequence

from core.money import format_price
from core.quote import Quote


def quote_lines(quotes: Sequence[Quote]) -> tuple[str, ...]:
    """A numbered line for each model that can answer, cheapest first."""
    width = max((len(quote.title) for quote in quotes), default=0)
    return tuple(
        f"{number:>2}. {quote.title:<{width}}  about {format_price(quote.about_nanos)}, "
        f"at most {format_price(quote.at_most_nanos)} · {quote.good_for}"
        for number, quote in enumerate(quotes, start=1)
    )
