"""A month's books as one page: it needs nothing beside itself, prints on A4, and runs nothing.

Every word of people's and of providers' is escaped, and the page forbids itself scripts and anything from elsewhere.
Amounts stand twice, in cents that add up as printed and exactly (core/month_books.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from core.money import NANOS_PER_CENT, format_exact, format_shortest, format_usd
from core.month_books import MonthBooks, by_provider, by_tag, in_cents, sums_in_cents, sums_of
from core.spending import Movement, SpentOn
from core.text import statements as words
from core.text.names import name_of, with_names
from core.text.neutralise import for_terminal
from core.text.statement_style import STYLE
from core.text.tags import tag_name

Row = tuple[str, ...]


def statement_html(books: MonthBooks) -> str:
    """The whole page."""
    return "".join(_page(books))


def _page(books: MonthBooks) -> Iterator[str]:
    title = words.title(books)
    yield "<!doctype html>\n"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{_text(title)}: {_text(books.team.name)}</title><style>{STYLE}</style></head>\n<body><main>"
    yield f"<header><h1>{_text(title)}</h1><p class=team>{_text(books.team.name)}</p>"
    yield f"<p>{'<br>'.join(map(_text, words.span_lines(books)))}</p></header>\n"
    nothing = words.nothing_line(books)
    yield f"<p>{_text(nothing)}</p>\n" if nothing else ""
    yield _sum(books)
    yield _spent(books)
    yield _movements(books, words.TOPPED_UP, books.movements.top_ups)
    yield _movements(books, words.TAKEN_BACK, books.movements.taken_back)
    yield _given_back(books)
    yield _absorbed(books)
    yield _bills(books)
    yield "<footer>"
    for line in (words.DOLLARS, words.ROUNDING, words.NOBODY_CHARGED):
        yield f"<p>{_text(line)}</p>"
    yield "</footer></main></body></html>\n"


def _sum(books: MonthBooks) -> str:
    exact = sums_of(books.movements)
    cents = sums_in_cents(exact)
    rows = (
        _amounts(words.OPENING, cents.opening, exact.opening),
        _amounts(words.TOPPED_UP, cents.topped_up, exact.topped_up, sign="+"),
        _amounts(words.TAKEN_BACK, cents.taken_back, exact.taken_back, sign="-"),
        _amounts(words.GIVEN_BACK, cents.given_back, exact.given_back, sign="+"),
        _amounts(words.SPENT, cents.spent, exact.spent, sign="-"),
    )
    closing = _amounts(words.closing_name(books), cents.closing, exact.closing)
    return _table("Balance", ("Line", *_AMOUNTS), rows, closing)


def _spent(books: MonthBooks) -> str:
    spent = books.movements.spent
    if not spent:
        return ""
    exact = sums_of(books.movements)
    whole = sums_in_cents(exact).spent
    providers = [
        (books.titles.get(name, name), sum(each.cost_nanos for each in parts))
        for name, parts in by_provider(spent).items()
    ]
    tables = _named_sums("Spent, by provider", "Provider", providers, whole)
    tags = by_tag(spent)
    if not any(tags):
        return tables
    total = ("All", "", *_amounts("", whole, exact.spent)[1:])
    both = _table(
        "Spent, by provider and tag", ("Provider", "Tag", *_AMOUNTS), _by_provider(books, spent, whole), total
    )
    named = [(tag_name(tag), nanos) for tag, nanos in tags.items()]
    return tables + both + _named_sums("Spent, by tag", "Tag", named, whole)


def _named_sums(caption: str, head: str, named: Sequence[tuple[str, int]], whole_cents: int) -> str:
    """A row for each, also where two are called the same: two accounts at one provider are two."""
    nanos = [each for _, each in named]
    printed = in_cents(nanos, whole_cents)
    rows = [_amounts(name, cents, each) for (name, each), cents in zip(named, printed, strict=True)]
    return _table(caption, (head, *_AMOUNTS), rows, _amounts("All", whole_cents, sum(nanos)))


def _by_provider(books: MonthBooks, spent: Sequence[SpentOn], whole_cents: int) -> list[Row]:
    """Each provider's tags: their cents sum to the provider's own."""
    providers = by_provider(spent)
    sums = [sum(each.cost_nanos for each in parts) for parts in providers.values()]
    return [
        (
            _text(books.titles.get(each.provider, each.provider)),
            _text(tag_name(each.tag)),
            *_amounts("", cents, each.cost_nanos)[1:],
        )
        for parts, whole in zip(providers.values(), in_cents(sums, whole_cents), strict=True)
        for each, cents in zip(parts, in_cents([each.cost_nanos for each in parts], whole), strict=True)
    ]


def _movements(books: MonthBooks, caption: str, moved: Sequence[Movement]) -> str:
    if not moved:
        return ""
    exact, cents = sums_of(books.movements), sums_in_cents(sums_of(books.movements))
    taken = caption == words.TAKEN_BACK
    whole, total = (cents.taken_back, exact.taken_back) if taken else (cents.topped_up, exact.topped_up)
    rows = [
        (
            _text(words.local_time(each.at, books)),
            _text(name_of(each.actor, books.names)),
            _text(with_names(each.reason, books.names)),
            f"<code>{_text(each.id)}</code>" + (f" of <code>{_text(each.of)}</code>" if each.of else ""),
            *_amounts("", part, each.amount_nanos)[1:],
        )
        for each, part in zip(moved, in_cents([each.amount_nanos for each in moved], whole), strict=True)
    ]
    heads = (f"When ({books.team.zone.key})", "Who", "Reason", "Reference", *_AMOUNTS)
    return _table(caption, heads, rows, ("All", "", "", "", *_amounts("", whole, total)[1:]))


def _given_back(books: MonthBooks) -> str:
    given = books.movements.given_back
    if not given:
        return ""
    exact = sums_of(books.movements)
    whole = sums_in_cents(exact).given_back
    total = ("All", "", *_amounts("", whole, exact.given_back)[1:])
    table = _table(words.GIVEN_BACK, ("Provider", "Tag", *_AMOUNTS), _by_provider(books, given, whole), total)
    return f"{table}<p>{_text(words.GIVEN_BACK_MEANS)}</p>\n"


def _absorbed(books: MonthBooks) -> str:
    nanos = books.movements.absorbed_nanos
    if not nanos:
        return ""
    return f"<p>{_text(words.ABSORBED_MEANS)} {_text(format_shortest(nanos))}.</p>\n"


def _bills(books: MonthBooks) -> str:
    if not books.bills:
        return ""
    rows = [
        (
            _text(books.titles.get(bill.provider, bill.provider)),
            _text(format_shortest(bill.billed_nanos)),
            _text(format_shortest(bill.booked_nanos)),
            _text(format_shortest(bill.drift_nanos)),
            _text(words.drift_percent(bill)),
        )
        for bill in books.bills
    ]
    caption = f"Bills of the providers for {books.bills[0].month}, a month of UTC"
    return _table(caption, ("Provider", "Billed", "Booked here", "Drift", "Drift, of what is booked"), rows, ())


# --- a table ---

_AMOUNTS = ("USD", "Exact")
_NUMBERS = frozenset((*_AMOUNTS, "Billed", "Booked here", "Drift", "Drift, of what is booked"))


def _amounts(name: str, cents: int, nanos: int, *, sign: str = "") -> Row:
    """A name and its amount twice; `sign` is what it does to the balance, where it does anything."""
    before = sign if nanos else ""
    return _text(name), before + format_usd(cents * NANOS_PER_CENT), before + format_exact(nanos).replace("$", "")


def _table(caption: str, heads: Row, rows: Iterable[Row], total: Row) -> str:
    """A table that can be listened to: a caption, and a head for every column and row."""
    numbers = [head in _NUMBERS for head in heads]
    top = "".join(f"<th scope=col{_aligned(number)}>{head}</th>" for head, number in zip(heads, numbers, strict=True))
    body = "".join(f"<tr>{_cells(row, numbers)}</tr>" for row in rows)
    foot = f"<tfoot><tr>{_cells(total, numbers)}</tr></tfoot>" if total else ""
    return (
        f"<table><caption>{_text(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody>{foot}</table>\n"
    )


def _cells(row: Row, numbers: Sequence[bool]) -> str:
    first, *others = row
    cells = (f"<td{_aligned(number)}>{cell}</td>" for cell, number in zip(others, numbers[1:], strict=True))
    return f"<th scope=row>{first}</th>{''.join(cells)}"


def _aligned(number: bool) -> str:
    return " class=n" if number else ""


def _text(text: str) -> str:
    """Words of whoever wrote them, as words: on one line, and no markup."""
    return escape(" ".join(for_terminal(text).split()))
