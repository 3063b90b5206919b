"""A statement in a spreadsheet: every nano-dollar, and the rows in the sum make the closing balance."""

import csv
import io

import pytest

from core.csv_safe import BYTE_ORDER_MARK
from core.month_books import MonthBooks
from core.text.statement_csv import HEADS, statement_csv
from tests.core.test_csv_safe import runs
from tests.month_books import BILLED, BOOKS, EMPTY, SO_FAR


def read(books: MonthBooks) -> list[dict[str, str]]:
    text = statement_csv(books)
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def nanos(row: dict[str, str]) -> int:
    return int(row["Amount in USD"].replace(".", ""))


@pytest.mark.parametrize("books", [BOOKS, SO_FAR, BILLED, EMPTY])
def test_the_rows_in_the_sum_make_the_closing_balance(books: MonthBooks) -> None:
    rows = read(books)
    summed = sum(nanos(row) for row in rows if row["In the sum"] == "yes")
    (closing,) = (row for row in rows if row["Line"] in ("Closing balance", "Balance now"))
    assert summed == nanos(closing) == books.movements.closing_nanos
    assert closing["In the sum"] == "no"


def test_every_line_of_the_month_is_there() -> None:
    rows = read(BILLED)
    assert [row["Line"] for row in rows] == [
        "Opening balance",
        *["Top-up"] * 2,
        "Top-up taken back",
        "Given back",
        *["Spent"] * 4,
        "Closing balance",
        "Paid by the operator, not by the team",
        "Billed by the provider for 2026-11 of UTC",
    ]
    back = rows[3]
    assert (back["Who"], back["Reference"], back["Of reference"]) == ("the operator", "back_2", "top_2")
    assert nanos(back) == -9_999_999_999
    assert (rows[1]["Who (id)"], rows[1]["Reason"]) == ("mbr_anna", "November budget")
    assert {row["Month"] for row in rows} == {"2026-11"}
    assert {row["Month begins (UTC)"] for row in rows} == {"2026-10-31T23:00:00Z"}


def test_no_cell_runs_and_amounts_are_numbers() -> None:
    for row in read(BILLED):
        amount = row.pop("Amount in USD")
        assert float(amount) * 0 == 0
        assert not any(runs(cell) for cell in row.values())
    assert len(HEADS) == len(set(HEADS))


def test_a_month_that_runs_says_so() -> None:
    assert {row["Month"] for row in read(SO_FAR)} == {"2026-11 so far"}
