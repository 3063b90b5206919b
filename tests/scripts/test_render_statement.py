"""The pictures in docs/books.md show the statement as it is written today."""

from pathlib import Path

from core.month_books import sums_of
from scripts.pictures import DRAWN, digest
from scripts.render_statement import month, pages

FOLDER = Path(__file__).parents[2] / "docs/pictures/books"


def test_the_pictures_were_drawn_from_the_page_of_today() -> None:
    """Else: python -m scripts.render_statement docs/pictures/books."""
    drawn = dict(line.split() for line in (FOLDER / DRAWN).read_text().splitlines())
    assert drawn == {name: digest(html) for name, html in pages().items()}
    assert pages()["statement"] != pages()["statement-dark"]


def test_the_books_in_the_picture_add_up() -> None:
    sums = sums_of(month().movements)
    assert sums.opening + sums.topped_up - sums.taken_back + sums.given_back - sums.spent == sums.closing
    assert month().bills[0].booked_nanos == sum(
        each.cost_nanos for each in month().movements.spent if each.provider == "openai"
    )
