"""A statement is one page that runs nothing, is listened to as well as read, and adds up as it is printed."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from core.spending import Movement
from core.text.statement_html import statement_html
from tests.month_books import BILLED, BOOKS, EMPTY, MOVED, SO_FAR

ALL = {"closed": BOOKS, "so far": SO_FAR, "billed": BILLED, "empty": EMPTY}
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """What a browser makes of a page: its tables as rows of text, and all that it would fetch or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scopes: list[str] = []
        self.open: list[str] = []
        self._caption = ""
        self._cell: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.tables[self._caption].append([])
        if tag in ("td", "th", "caption"):
            self._cell = ""
        if tag == "th":
            self.scopes.append(str(dict(attrs).get("scope")))

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "caption":
            self._caption = str(self._cell)
            self.tables[self._caption] = []
        if tag in ("td", "th"):
            self.tables[self._caption][-1].append(str(self._cell))
        if tag in ("td", "th", "caption"):
            self._cell = None


def cents(printed: str) -> int:
    return int(printed.replace("$", "").replace(",", "").replace(".", "").replace("+", ""))


@pytest.mark.parametrize("name", ALL)
def test_a_statement_runs_and_fetches_nothing(name: str) -> None:
    page = Reader(statement_html(ALL[name]))
    assert not {"script", "img", "link", "iframe", "object", "form", "a"} & set(page.tags)
    assert {attribute for attribute, _ in page.attributes} <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "scope"),
    }
    assert page.open == []
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_what_people_wrote_is_words() -> None:
    html = statement_html(BOOKS)
    assert "<script" not in html
    assert "<b>" not in html
    assert "Rocket &amp; Sons &lt;Berlin&gt;" in html
    assert Reader(html).tables["Top-ups"][1][:3] == [
        "2026-11-03 10:04",
        "Anna \N{EM DASH} <b>Admin</b>",
        "November budget",
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_table_has_a_caption_and_a_head_for_each_column_and_row(name: str) -> None:
    page = Reader(statement_html(ALL[name]))
    assert page.tags.count("table") == page.tags.count("caption") == len(page.tables)
    assert set(page.scopes) == {"col", "row"}
    for heads, *rows in page.tables.values():
        assert all(heads)
        assert all(len(row) == len(heads) for row in rows)


@pytest.mark.parametrize("name", ["closed", "so far", "billed"])
def test_every_table_adds_up_as_printed(name: str) -> None:
    tables = Reader(statement_html(ALL[name])).tables
    balance = tables.pop("Balance")
    assert sum(cents(row[1]) for row in balance[1:-1]) == cents(balance[-1][1])
    tables.pop("Bills of the providers for 2026-11, a month of UTC", None)
    assert len(tables) == 6
    for rows in tables.values():
        assert sum(cents(row[-2]) for row in rows[1:-1]) == cents(rows[-1][-2])
        assert sum(cents(row[-1]) for row in rows[1:-1]) == cents(rows[-1][-1])
    assert {abs(cents(tables[each][-1][-2])) for each in ("Spent, by provider", "Spent, by tag")} == {
        abs(cents(balance[5][1]))
    }


def test_two_providers_of_one_name_are_two_rows() -> None:
    """As two accounts at one are, which MODELS_FILE may name alike."""
    rows = Reader(statement_html(replace(BOOKS, titles={"openai": "Acme", "anthropic": "Acme"}))).tables
    assert [row[0] for row in rows["Spent, by provider"][1:3]] == ["Acme", "Acme"]
    assert sum(cents(row[-1]) for row in rows["Spent, by provider"][1:-1]) == cents(rows["Balance"][5][-1][1:])


def test_it_says_from_when_to_when_in_both_times_and_in_dollars() -> None:
    html = statement_html(BOOKS)
    assert "1 November 2026, 00:00 (UTC+01:00) to 1 December 2026, 00:00 (UTC+01:00), Europe/Berlin." in html
    assert "In UTC: 2026-10-31T23:00:00Z to 2026-11-30T23:00:00Z." in html
    assert "All amounts are in US dollars (USD)." in html
    assert "Balance now" not in html


def test_a_month_that_runs_says_so() -> None:
    html = statement_html(SO_FAR)
    assert "Statement of November 2026, so far" in html
    assert "to 22 November 2026, 09:30:05 (UTC+01:00)" in html
    assert "The month still runs." in html
    assert "Balance now" in html


def test_what_the_operator_paid_is_told_outside_the_sum() -> None:
    html = statement_html(BOOKS)
    assert "outside the sum" in html
    assert "$0.120000001" in html
    assert "120000001" not in str(Reader(html).tables)


def test_a_bill_is_told_with_its_drift() -> None:
    rows = Reader(statement_html(BILLED)).tables["Bills of the providers for 2026-11, a month of UTC"]
    assert rows[1] == ["openai", "$4.60", "$4.505000003", "$0.094999997", "+2.2 %"]


def test_an_empty_month_says_so() -> None:
    page = Reader(statement_html(EMPTY))
    assert list(page.tables) == ["Balance"]
    assert "Nothing moved in this month, and the wallet was empty" in statement_html(EMPTY)


def test_without_tags_there_is_no_table_of_tags() -> None:
    spent = tuple(replace(part, tag="") for part in MOVED.spent[1:2])
    moved = replace(MOVED, spent=spent, given_back=(), closing_nanos=0)
    assert "Tag" not in statement_html(replace(BOOKS, movements=moved))


def test_a_reason_is_one_line_whatever_was_typed() -> None:
    moved = Movement("top", 1, "mbr_anna", "a\r\nb\u2028c\x00", datetime(2026, 11, 3, tzinfo=UTC))
    html = statement_html(replace(BOOKS, movements=replace(MOVED, top_ups=(moved,))))
    assert "<td>a b c\N{SYMBOL FOR NULL}</td>" in html
