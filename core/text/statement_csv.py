"""A month's books as CSV: a row for each line of the statement, every amount to the billionth of a dollar.

The amounts of the rows that say "yes" under "In the sum" add up to the closing balance, which stands below them.
"""

from collections.abc import Iterator
from datetime import datetime

from core.csv_safe import BYTE_ORDER_MARK, Cell, csv_row, usd
from core.month_books import MonthBooks
from core.spending import Movement, SpentOn
from core.text import statements as words
from core.text.names import name_of, with_names

HEADS = (
    "Line",
    "In the sum",
    "Amount in USD",
    "When (UTC)",
    "When (team time)",
    "Provider",
    "Tag",
    "Who",
    "Who (id)",
    "Reason",
    "Reference",
    "Of reference",
    "Team",
    "Month",
    "Team time zone",
    "Month begins (UTC)",
    "Told until (UTC)",
)
IN_SUM, OUTSIDE = "yes", "no"


def statement_csv(books: MonthBooks) -> str:
    """The whole file."""
    about = (
        books.team.name,
        books.span.label + (" so far" if books.so_far else ""),
        books.team.zone.key,
        words.utc_time(books.span.start),
        words.utc_time(books.until),
    )
    rows = (csv_row((*row, *about)) for row in _rows(books))
    return "".join((BYTE_ORDER_MARK, csv_row(HEADS), *rows))


def _rows(books: MonthBooks) -> Iterator[tuple[Cell, ...]]:
    moved = books.movements
    yield _row(words.OPENING, moved.opening_nanos, at=books.span.start, books=books)
    for each in moved.top_ups:
        yield _moved("Top-up", each, 1, books)
    for each in moved.taken_back:
        yield _moved("Top-up taken back", each, -1, books)
    for part in moved.given_back:
        yield _spent(words.GIVEN_BACK, part, 1, books)
    for part in moved.spent:
        yield _spent(words.SPENT, part, -1, books)
    yield _row(words.closing_name(books), moved.closing_nanos, at=books.until, books=books, in_sum=OUTSIDE)
    yield _row(
        "Paid by the operator, not by the team", moved.absorbed_nanos, at=books.until, books=books, in_sum=OUTSIDE
    )
    for bill in books.bills:
        line = f"Billed by the provider for {bill.month} of UTC"
        yield _row(line, bill.billed_nanos, at=books.until, books=books, in_sum=OUTSIDE, provider=bill.provider)


def _moved(line: str, each: Movement, sign: int, books: MonthBooks) -> tuple[Cell, ...]:
    return _row(
        line,
        sign * each.amount_nanos,
        at=each.at,
        books=books,
        who=(name_of(each.actor, books.names), each.actor),
        reason=with_names(each.reason, books.names),
        reference=(each.id, each.of),
    )


def _spent(line: str, part: SpentOn, sign: int, books: MonthBooks) -> tuple[Cell, ...]:
    return _row(line, sign * part.cost_nanos, at=books.until, books=books, provider=part.provider, tag=part.tag)


def _row(
    line: str,
    nanos: int,
    *,
    at: datetime,
    books: MonthBooks,
    in_sum: str = IN_SUM,
    provider: str = "",
    tag: str = "",
    who: tuple[str, str] = ("", ""),
    reason: str = "",
    reference: tuple[str, str] = ("", ""),
) -> tuple[Cell, ...]:
    local = words.local_time(at, books)
    return line, in_sum, usd(nanos), words.utc_time(at), local, provider, tag, *who, reason, *reference
