"""The digest in words: at most 12 short lines, the most important first, every number beside what it compares with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from core.chart import Bar
from core.defaults import MIN_VARIANT_ASKS
from core.digest.figures import Earlier, Figures, MonthFigures, Purse, Stretch
from core.digest.savings import Savings
from core.digest.seats import COMPARED_DAYS, SeatsBeside
from core.money import format_price, format_usd
from core.reports import Arm
from core.routing.variants import CONTROL
from core.spending import Spent
from core.text.tags import tag_name
from core.text.wallet import EMPTY, LOW_BALANCE_DAYS
from core.text.wording import amount, count_of, day_in_words, days_it_lasts, period_in_words

MOST_LINES = 12
MOST_TRIALS = 2
NAMED_MODELS, NAMED_TAGS = 2, 3
"""How many stand in a line by their names; the others as one."""
_SAME_PERCENT = 2
"""What differs by less is about the same."""
_MANY_TIMES = 10
"""From here on nobody reads a percentage."""


def digest_lines(figures: Figures, titles: Mapping[str, str]) -> tuple[str, ...]:
    """A week in lines; an empty one in a single line. `titles` names models by id."""
    earlier = [_earlier(figures.earlier)] if figures.earlier is not None and figures.earlier.asks else []
    if not figures.week.asks:
        return (_nothing(figures), *_beside(figures), *earlier)
    return (
        _spent(figures),
        _asks(figures.week, figures.before, running=figures.running),
        _wallet(figures.purse),
        _month(figures.month),
        _by_name("By model", figures.models, titles, NAMED_MODELS, figures.week.cost_nanos),
        *_tags(figures),
        *([_saved(figures.saved, titles)] if figures.saved is not None else []),
        *([_seats(figures.seats)] if figures.seats is not None else []),
        *_beside(figures),
        *_trials(figures.arms),
        *earlier,
    )


def compared(now_nanos: int, before_nanos: int, with_what: str) -> str:
    """How much more or less that is than before: "8% more than the week before ($11.48)"."""
    before = f"{with_what} ({amount(before_nanos)})"
    if not before_nanos:
        return f"nothing {with_what}" if now_nanos else f"as {with_what}"
    if now_nanos >= _MANY_TIMES * before_nanos:
        return f"{now_nanos // before_nanos} times as much as {before}"
    more = abs(now_nanos - before_nanos)
    percent = (more * 200 + before_nanos) // (2 * before_nanos)
    if percent < _SAME_PERCENT:
        return f"about as much as {before}"
    return f"{percent}% {'more' if now_nanos > before_nanos else 'less'} than {before}"


def _when(figures: Figures) -> str:
    if figures.running:
        return f"This week so far, since {day_in_words(figures.first_day)}"
    return f"Week of {period_in_words(figures.first_day, figures.last_day)}"


def _than(*, running: bool) -> str:
    return "by this time last week" if running else "the week before"


def _spent(figures: Figures) -> str:
    money = "of practice money spent" if figures.practice else "spent"
    first = f"{_when(figures)}: {amount(figures.week.cost_nanos)} {money}"
    if figures.before is None:
        return f"{first}, in your first week."
    than = _than(running=figures.running)
    return f"{first}, {compared(figures.week.cost_nanos, figures.before.cost_nanos, than)}."


def _nothing(figures: Figures) -> str:
    before = figures.before
    then = f" ({_than(running=figures.running)}: {_stretch(before)})" if before is not None and before.asks else ""
    return f"{_when(figures)}: nothing was asked{then}. {_wallet(figures.purse)}"


def _asks(week: Stretch, before: Stretch | None, *, running: bool) -> str:
    asks = f"{count_of(week.asks, 'ask')} by {count_of(week.members, 'member')}"
    about = f"{format_price(week.cost_nanos // week.asks)} each" if week.cost_nanos else "for nothing"
    if before is None:
        return f"{asks}, {about}."
    then = f"{before.asks} by {before.members}" if before.asks else "none"
    return f"{asks}, {about} ({'by then' if running else 'before'}: {then})."


def _stretch(stretch: Stretch) -> str:
    return f"{count_of(stretch.asks, 'ask')} for {amount(stretch.cost_nanos)}"


def _wallet(purse: Purse) -> str:
    balance = amount(purse.balance_nanos)
    if purse.balance_nanos <= 0:
        return EMPTY
    if purse.days_left is None:
        return f"Team wallet: {balance}."
    low = ". Add budget soon" if purse.days_left <= LOW_BALANCE_DAYS else ""
    return f"Team wallet: {balance}, enough for {days_it_lasts(purse.days_left)}{low}."


def _month(month: MonthFigures) -> str:
    name = f"{month.first_day:%B}"
    if month.over:
        return f"{name}: {amount(month.cost_nanos)} in all."
    if month.forecast_nanos is None:
        return f"{name} so far: {amount(month.cost_nanos)}."
    return f"{name} so far: {amount(month.cost_nanos)}; about {amount(month.forecast_nanos)} by its end."


def _tags(figures: Figures) -> Iterator[str]:
    if any(each.name for each in figures.tags):
        named = {each.name: tag_name(each.name) for each in figures.tags}
        yield _by_name("By tag", figures.tags, named, NAMED_TAGS, figures.week.cost_nanos)


def _by_name(title: str, spent: Sequence[Spent], names: Mapping[str, str], at_most: int, whole_nanos: int) -> str:
    at_most = len(spent) if len(spent) == at_most + 1 else at_most  # "1 other" needs as much room as its name
    parts = [f"{names.get(each.name, each.name)} {_share(each.cost_nanos, whole_nanos)}" for each in spent[:at_most]]
    others = spent[at_most:]
    if others:
        parts.append(f"{len(others)} others {_share(sum(each.cost_nanos for each in others), whole_nanos)}")
    return f"{title}: {', '.join(parts)}."


def _share(nanos: int, whole_nanos: int) -> str:
    """A part of the week in per cent; of a week that cost nothing there are no parts."""
    if not whole_nanos:
        return amount(nanos)
    percent = (nanos * 200 + whole_nanos) // (2 * whole_nanos)
    return f"{percent}%" if percent or not nanos else "under 1%"


def _saved(saved: Savings, titles: Mapping[str, str]) -> str:
    alone = titles.get(saved.model, saved.model)
    return (
        f"Automatic choice saved about {amount(saved.saved_nanos)} (estimate: {alone} for everything "
        f"{amount(saved.alone_nanos)}, paid {amount(saved.paid_nanos)})."
    )


def _seats(seats: SeatsBeside) -> str:
    paid = f"you paid {amount(seats.paid_nanos)}"
    if seats.days < COMPARED_DAYS:
        paid = f"you pay about {amount(seats.paid_nanos)}, by your first {seats.days} days"
    whom = f"{seats.cheaper_for} of {count_of(seats.members, 'member')}" if seats.cheaper_for else "nobody"
    each, all_of_them = _round(seats.seat_nanos), _round(seats.seats_nanos)
    return (
        f"{count_of(seats.members, 'seat')} at {each} would be {all_of_them} a month; {paid}. "
        f"A seat would be cheaper for {whom}."
    )


def _round(nanos: int) -> str:
    """Dollars, without cents where there are none."""
    return format_usd(nanos).removesuffix(".00")


def _beside(figures: Figures) -> Iterator[str]:
    """What is not in the spend: what the operator paid, and what came back."""
    parts = []
    if figures.absorbed_nanos:
        parts.append(f"Not charged to the team, absorbed by the operator: {amount(figures.absorbed_nanos)}.")
    if figures.given_back_nanos:
        parts.append(f"Given back to the team: {amount(figures.given_back_nanos)}.")
    if parts:
        yield " ".join(parts)


def _trials(arms: Sequence[Arm]) -> Iterator[str]:
    """A line for each experiment: its arm beside those that it is compared with."""
    controls = {arm.report.variant.removeprefix(CONTROL): arm for arm in arms if arm.report.variant.startswith(CONTROL)}
    tried = {arm.report.variant: arm for arm in arms if not arm.report.variant.startswith(CONTROL)}
    for name in list(dict.fromkeys((*tried, *controls)))[:MOST_TRIALS]:
        yield f"Trial {name}: {_arm('with it', tried.get(name))}; {_arm('without', controls.get(name))}."


def _arm(which: str, arm: Arm | None) -> str:
    if arm is None:
        return f"{which} no answers yet"
    report = arm.report
    if not arm.enough:
        return f"{which} only {report.answers} of {MIN_VARIANT_ASKS} answers yet"
    each = format_price(report.charged_nanos // report.answers)
    thumbs = f", {report.thumbs_up} liked, {report.thumbs_down} not" if report.thumbs_up + report.thumbs_down else ""
    return f"{which} {each} an answer ({report.answers}{thumbs})"


def _earlier(earlier: Earlier) -> str:
    weeks = count_of(earlier.weeks, "earlier week")
    spent, asks = amount(earlier.cost_nanos), count_of(earlier.asks, "ask")
    return f"{weeks} that no digest told of: {spent}, {asks}."


def chart_title() -> str:
    """What stands over the chart."""
    return "Spent by day"


def week_name(*, running: bool) -> str:
    """What the first bars are called."""
    return "This week so far" if running else "The week"


def week_before_name() -> str:
    """What the bars beside them are called."""
    return "Week before"


def day_name(day: date) -> str:
    """A day under its bars."""
    return f"{day:%a}"


def chart_alt(bars: Sequence[Bar], nanos: int, before_nanos: int, *, running: bool) -> str:
    """What is to be seen, for those who do not see it."""
    days = ", ".join(f"{bar.label} {amount(bar.nanos)}" for bar in bars)
    which = " this week so far" if running else ""
    return f"Spent by day{which}: {days}; in all {amount(nanos)}, {_than(running=running)} {amount(before_nanos)}."
