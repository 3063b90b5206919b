"""The words of a month's books: for people who read them on paper, as for whoever opens them in a spreadsheet."""

from datetime import UTC, datetime, timedelta

from core.charges import Export
from core.money import NANOS_PER_CENT, format_shortest, format_usd
from core.month_books import BilledMonth, MonthBooks, Sums, sums_in_cents, sums_of
from core.text.wording import count_of, day_in_words

ROUNDING = (
    "Amounts are rounded to whole cents so that each table adds up as printed; none is a cent or more from what it is. "
    "Beside them stands the exact amount, to the billionth of a dollar, as the books have it."
)
DOLLARS = "All amounts are in US dollars (USD)."
NOBODY_CHARGED = (
    "A top-up records budget; no card was charged by it. The providers' bills are paid by whoever runs Chipin."
)
GIVEN_BACK_MEANS = "Charges that were given back in this month, of asks in this month or earlier ones."
ABSORBED_MEANS = (
    "Not charged to the team, and outside the sum: what providers took for answers that nobody got, paid by whoever "
    "runs Chipin."
)
OPENING, TOPPED_UP, TAKEN_BACK, SPENT, GIVEN_BACK, CLOSING = (
    "Opening balance",
    "Top-ups",
    "Top-ups taken back",
    "Spent",
    "Given back",
    "Closing balance",
)
CLOSING_SO_FAR = "Balance now"


def title(books: MonthBooks) -> str:
    """What a statement is headed with: "Statement of November 2026, so far"."""
    return f"Statement of {books.span.first_day:%B %Y}{', so far' if books.so_far else ''}"


def closing_name(books: MonthBooks) -> str:
    """What the last amount is called."""
    return CLOSING_SO_FAR if books.so_far else CLOSING


def span_lines(books: MonthBooks) -> tuple[str, ...]:
    """From when to when it tells: in the team's time, and in UTC; then when it was made."""
    zone = books.team.zone
    start, until = (each.astimezone(zone) for each in (books.span.start, books.until))
    made = books.made_at.astimezone(zone)
    return (
        f"{_local(start)} to {_local(until)}, {zone.key}.",
        f"In UTC: {utc_time(books.span.start)} to {utc_time(books.until)}.",
        f"Made {_local(made)}, {zone.key}." + (" The month still runs." if books.so_far else ""),
    )


def nothing_line(books: MonthBooks) -> str:
    """Said of a month in which there was nothing to tell; else empty."""
    moved = books.movements
    if books.part_of:
        return f"This team shares the wallet of {books.part_of} now: what moves since stands in its statement."
    if moved.top_ups or moved.taken_back or moved.spent or moved.given_back:
        return ""
    if moved.opening_nanos == moved.closing_nanos == 0:
        return (
            "Nothing moved in this month, and the wallet was empty: nothing had been booked yet, or nothing was left."
        )
    return "Nothing moved in this month."


def local_time(moment: datetime, books: MonthBooks) -> str:
    """A moment of the month in the team's time: "2026-11-03 10:04"."""
    return f"{moment.astimezone(books.team.zone):%Y-%m-%d %H:%M}"


def utc_time(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 has it, in whole seconds: "2026-11-01T00:00:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _local(moment: datetime) -> str:
    seconds = f":{moment:%S}" if moment.second else ""
    return f"{day_in_words(moment)} {moment.year}, {moment:%H:%M}{seconds} {_offset(moment)}"


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"(UTC{sign}{hours:02d}:{minutes:02d})"


def drift_line(bill: BilledMonth) -> str:
    """How far a provider's bill is from the books: "OpenAI billed $12.40 ...", in money and per cent."""
    said = f"{bill.provider} billed {format_shortest(bill.billed_nanos)} for {bill.month} (UTC)"
    booked = f"the books have {format_shortest(bill.booked_nanos)}"
    if bill.drift_nanos == 0:
        return f"{said}, and {booked}: the same."
    more = "more" if bill.drift_nanos > 0 else "less"
    share = "" if bill.drift_permille is None else f", {drift_percent(bill)}"
    return f"{said}, and {booked}: {format_shortest(abs(bill.drift_nanos))} {more}{share}."


def drift_percent(bill: BilledMonth) -> str:
    """The drift as a share of what is booked: "+1.2 %"; in words where nothing is."""
    permille = bill.drift_permille
    if permille is None:
        return "nothing is booked" if bill.drift_nanos else "0.0 %"
    sign = "" if permille == 0 else "+" if permille > 0 else "-"
    return f"{sign}{abs(permille) // 10:,}.{abs(permille) % 10} %"


def statement_lines(books: MonthBooks) -> tuple[str, ...]:
    """What stands beside the files: which month, and what it came to, as printed in them."""
    cents = sums_in_cents(sums_of(books.movements))
    printed = {name: format_usd(getattr(cents, name) * NANOS_PER_CENT) for name in Sums.__slots__}
    back = f" - {printed['taken_back']} taken back" if cents.taken_back else ""
    given = f" + {printed['given_back']} given back" if cents.given_back else ""
    return (
        f"{title(books)}, {books.team.name}, in US dollars: {printed['opening']} + {printed['topped_up']} of top-ups"
        f"{back}{given} - {printed['spent']} spent = {printed['closing']}.",
        "The page prints on A4; the CSV has every amount to the billionth of a dollar.",
    )


def export_lines(export: Export) -> tuple[str, ...]:
    """What stands beside the file of charges."""
    rows = count_of(len(export.charges), "row")
    what = "day" if export.by_day else "the month"
    by_month = "" if export.by_day else " By day they would have been too many for one file here."
    return (
        f"Charges of {export.span.first_day:%B %Y}, {export.team.name}: {rows}, each one member's asks with one model "
        f"under one tag in {'a ' if export.by_day else ''}{what}.{by_month}",
        "The columns are those of FOCUS, the open specification for such files. Amounts are in US dollars (USD). "
        "It names members and what they spent: it is for those who may know that.",
    )
