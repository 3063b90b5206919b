"""Prices before anything is asked, as somebody reads them who has never seen an API."""

import pytest

from core.events import Quoted
from core.quote import Quote
from core.text.prices import MOST_QUOTED, better_label, quote_lines, quote_points, shown_quotes

CENT = 10_000_000


def a_quote(number: int, tier: int = 1) -> Quote:
    """The dearer the higher its number."""
    return Quote(f"m{number}", f"Model {number}", "this and that", number * CENT, 3 * number * CENT, tier)


def quoted(*quotes: Quote, recommended: int = 0) -> Quoted:
    """These, cheapest first."""
    return Quoted("ask", "ask.1", quotes, quotes[recommended])


MANY = tuple(a_quote(number, tier=1 + (number - 1) // 20) for number in range(1, 61))


def test_prices_are_a_numbered_list_that_lines_up_and_says_which_is_recommended() -> None:
    both = quoted(a_quote(1), Quote("b", "B", "", 10 * CENT, 30 * CENT, 2), recommended=1)
    assert quote_lines(both, both.quotes) == (
        "What this question would cost, cheapest first. Nothing is charged until you ask it.",
        "   1. Model 1  about 1 cent, at most 3 cents     this and that",
        "   2. B        about 10 cents, at most 30 cents",
        "Recommended: number 2, B. It is what answers when nobody chooses a model.",
    )


def test_prices_are_points_where_each_has_its_button() -> None:
    told = quoted(a_quote(1), a_quote(2), recommended=1)
    heading, first, second, last = quote_points(told, shown_quotes(told, most=2))
    assert heading.startswith("What this question would cost")
    assert first.startswith(f"  {told.quotes[0].title} · about ") and second.startswith(f"  {told.quotes[1].title} · ")
    assert last == f"When nobody chooses a model, {told.quotes[1].title} answers this."
    only = quoted(a_quote(1))
    assert quote_points(only, only.quotes) == quote_lines(only, only.quotes)


def test_one_model_is_one_sentence() -> None:
    one = quoted(a_quote(1))
    assert quote_lines(one, one.quotes) == (
        "This question would cost about 1 cent, at most 3 cents, with Model 1. Nothing is charged until you ask it.",
    )


def test_a_free_model_costs_nothing() -> None:
    free = quoted(Quote("here", "Here", "", 0, 0, 1))
    assert quote_lines(free, free.quotes)[0].startswith("This question would cost nothing, with Here.")


@pytest.mark.parametrize("recommended", [0, 3, 19, 20, 45, 59])
def test_of_many_a_few_of_every_quality_are_shown_with_the_recommended_one(recommended: int) -> None:
    many = quoted(*MANY, recommended=recommended)
    shown = shown_quotes(many)
    assert len(shown) == MOST_QUOTED
    assert many.recommended in shown
    assert {quote.tier for quote in shown} == {1, 2, 3}
    assert sum(quote.tier == 3 for quote in shown) >= 3
    assert list(shown) == sorted(shown, key=lambda quote: quote.about_nanos)
    assert any(line.endswith("when nobody chooses a model.") for line in quote_lines(many, shown))


def test_all_are_shown_where_all_are_asked_for_or_few() -> None:
    assert shown_quotes(quoted(*MANY), everything=True) == MANY
    assert shown_quotes(quoted(*MANY[:MOST_QUOTED])) == MANY[:MOST_QUOTED]


def test_a_better_model_says_its_price() -> None:
    assert better_label(a_quote(2)) == "Better model, about 2 cents"


def test_models_for_one_job_are_shown_to_who_wants_all_or_when_there_is_nothing_else() -> None:
    tagger = Quote("tagger", "Tagger", "sorting", 1, 2, 0)
    assert tagger not in shown_quotes(quoted(tagger, *MANY, recommended=5))
    assert tagger in shown_quotes(quoted(tagger, *MANY, recommended=0))
    assert tagger in shown_quotes(quoted(tagger, *MANY, recommended=5), everything=True)
    only = quoted(*(Quote(f"t{number}", "T", "", number, number, 0) for number in range(1, 20)))
    assert shown_quotes(only) == only.quotes[:MOST_QUOTED]
